package dev.tapedeck.testing;

import dev.tapedeck.formats.coding.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Bodies in content codings, flushed after each of their parts, as servers of event streams do. */
public final class Coded {

  /** The names of {@code Content-Encoding}; the empty one for a body as it is. */
  public static final List<String> CODINGS = List.of("", "gzip", "deflate", "br", "zstd");

  private static final int GZIP_BUFFER = 512;
  private static final int MAX_RAW_BLOCK = 60_000;

  private Coded() {}

  /** The parts in a coding; what ends it is in the last. */
  public static List<byte[]> flushed(String coding, List<byte[]> parts) {
    return switch (coding) {
      case "" -> List.copyOf(parts);
      case "gzip" -> deflated(parts, true);
      case "deflate" -> deflated(parts, false);
      case "br" -> brotli(parts);
      case "zstd" -> parts.stream().map(part -> Compression.zstd(part).orElseThrow()).toList();
      case "zstd-raw" -> zstd(parts);
      default -> throw new IllegalArgumentException(coding);
    };
  }

  /** What stands in {@code Content-Encoding}. */
  public static String name(String coding) {
    return coding.equals("zstd-raw") ? "zstd" : coding;
  }

  /** As {@link #flushed}, in one piece. */
  public static byte[] whole(String coding, byte[] body) {
    return joined(flushed(coding, List.of(body)));
  }

  public static byte[] joined(List<byte[]> parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    parts.forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static List<byte[]> deflated(List<byte[]> parts, boolean gzip) {
    List<byte[]> flushed = new ArrayList<>();
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    try (OutputStream out =
        gzip
            ? new GZIPOutputStream(to, GZIP_BUFFER, true)
            : new DeflaterOutputStream(to, new Deflater(), GZIP_BUFFER, true)) {
      for (byte[] part : parts) {
        out.write(part);
        out.flush();
        flushed.add(to.toByteArray());
        to.reset();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ended(flushed, to.toByteArray());
  }

  private static List<byte[]> ended(List<byte[]> parts, byte[] end) {
    byte[] last = parts.isEmpty() ? end : joined(List.of(parts.removeLast(), end));
    parts.add(last);
    return parts;
  }

  /** Meta-blocks that are not compressed (RFC 7932, section 9.2). */
  private static List<byte[]> brotli(List<byte[]> parts) {
    List<byte[]> coded = new ArrayList<>();
    boolean first = true;
    for (byte[] part : parts) {
      ByteArrayOutputStream to = new ByteArrayOutputStream();
      for (int at = 0; at < part.length; at += MAX_RAW_BLOCK) {
        int length = Math.min(MAX_RAW_BLOCK, part.length - at);
        // From the lowest bit: the window's size (once), not the last, four nibbles of length, raw.
        int window = first ? 1 : 0;
        int header = (length - 1) << (window + 3) | 1 << (window + 19);
        to.write(header);
        to.write(header >> 8);
        to.write(header >> 16);
        to.write(part, at, length);
        first = false;
      }
      coded.add(to.toByteArray());
    }
    return ended(coded, new byte[] {(byte) (first ? 6 : 3)});
  }

  /** One frame of raw blocks (RFC 8878, section 3.1.1.2). */
  private static List<byte[]> zstd(List<byte[]> parts) {
    List<byte[]> coded = new ArrayList<>();
    byte[] head = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 0x58};
    for (byte[] part : parts) {
      ByteArrayOutputStream to = new ByteArrayOutputStream();
      to.writeBytes(head);
      head = new byte[0];
      for (int at = 0; at < part.length; at += MAX_RAW_BLOCK) {
        int length = Math.min(MAX_RAW_BLOCK, part.length - at);
        int header = length << 3;
        to.write(header);
        to.write(header >> 8);
        to.write(header >> 16);
        to.write(part, at, length);
      }
      coded.add(to.toByteArray());
    }
    return ended(coded, joined(List.of(head, new byte[] {1, 0, 0})));
  }
}
