package dev.tapedeck.formats.coding;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** Makes bytes smaller that are kept. */
public final class Compression {

  private Compression() {}

  /** One zstd frame (RFC 8878) with the content's length and a checksum. */
  public static byte[] zstd(byte[] bytes) {
    return ZstdEncoder.encode(bytes);
  }

  /** One gzip member (RFC 1952). */
  public static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream to = new ByteArrayOutputStream(bytes.length / 4 + 32);
    try (GZIPOutputStream gzip = new GZIPOutputStream(to)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to be written", e);
    }
    return to.toByteArray();
  }
}
