package dev.tapedeck.recording;

import dev.tapedeck.formats.bytes.Blocks;
import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.formats.har.BodyCoding;
import dev.tapedeck.formats.har.HarBody;
import dev.tapedeck.formats.har.HarField;
import dev.tapedeck.storage.AppendFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A body that is too large for an entry, on its way into a file beside the HAR. Its beginning and
 * its end stay in memory: they tell what it was. For one thread.
 */
final class BodyFile implements AutoCloseable {

  /** A redacted body that unfolds to more is cut there. */
  private static final long MAX_DECODED_BYTES = 256L << 20;

  private static final int BLOCK_BYTES = 64 * 1024;

  /** How much of its beginning, and at least of its end, is kept for the entry. */
  private static final int EXCERPT_BYTES = 256 * 1024;

  /** Makes files beside a HAR. */
  interface Maker {

    /** A new file; one that has this name already is replaced. */
    AppendFile make(String name) throws IOException;
  }

  private final String name;
  private final AppendFile file;
  private final List<HarField> headers;
  private final boolean redacted;
  private final MessageDigest digest = sha256();
  private final ByteArrayOutputStream block = new ByteArrayOutputStream(BLOCK_BYTES);
  private final Blocks head = new Blocks();
  private Blocks before = new Blocks();
  private Blocks last = new Blocks();
  private boolean skipped;
  private long wireBytes;
  private @Nullable BodyDecoder decoder;

  /**
   * @param redacted whether a secret was taken out of the body
   */
  BodyFile(Maker maker, String name, List<HarField> headers, boolean redacted) throws IOException {
    this.name = name;
    this.headers = headers;
    this.redacted = redacted;
    file = maker.make(name);
    String coding = redacted ? BodyCoding.told(headers) : "";
    decoder = coding.isEmpty() ? null : new BodyDecoder(coding, MAX_DECODED_BYTES, this::decoded);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  void add(byte[] bytes, int offset, int length, boolean plain) throws IOException {
    BodyDecoder decodes = decoder;
    if (plain && decodes != null) {
      finish(decodes);
      decodes = null;
    }
    if (!plain) {
      wireBytes += length;
      digest.update(bytes, offset, length);
    }
    try {
      if (decodes == null) {
        write(bytes, offset, length);
      } else {
        decodes.feed(bytes, offset, length);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void finish(BodyDecoder decodes) throws IOException {
    decoder = null;
    try (decodes) {
      decodes.finish();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void decoded(byte[] bytes, int offset, int length) {
    try {
      write(bytes, offset, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(byte[] bytes, int offset, int length) throws IOException {
    excerpt(bytes, offset, length);
    if (block.size() + length > BLOCK_BYTES) {
      flush();
    }
    if (length >= BLOCK_BYTES) {
      file.append(bytes, offset, length);
    } else {
      block.write(bytes, offset, length);
    }
  }

  private void flush() throws IOException {
    if (block.size() > 0) {
      file.append(block.toByteArray(), 0, block.size());
      block.reset();
    }
  }

  private void excerpt(byte[] bytes, int offset, int length) {
    int first = Math.min(length, EXCERPT_BYTES - head.size());
    head.write(bytes, offset, first);
    int at = first;
    while (at < length) {
      if (last.size() >= EXCERPT_BYTES) {
        skipped |= before.size() > 0;
        before = last;
        last = new Blocks();
      }
      int now = Math.min(length - at, EXCERPT_BYTES - last.size());
      last.write(bytes, offset + at, now);
      at += now;
    }
  }

  /**
   * Beginning and end, of a stream whole events. Between them may be a hole.
   *
   * @return bytes without what the body is coded in, or of a coded body nothing of use
   */
  byte[] excerpt() {
    byte[] begin = head.toByteArray();
    byte[] end = before.between(new byte[0], last.toByteArray());
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    if (skipped) {
      int from = eventEnd(end, 0, 1);
      all.write(begin, 0, eventEnd(begin, begin.length - 2, -1));
      all.write(end, from, end.length - from);
    } else {
      all.writeBytes(begin);
      all.writeBytes(end);
    }
    return all.toByteArray();
  }

  /** Behind the first empty line from there on, or before there; nowhere leaves nothing. */
  private static int eventEnd(byte[] bytes, int start, int step) {
    for (int i = start; i >= 0 && i + 1 < bytes.length; i += step) {
      if (bytes[i] == '\n' && (bytes[i + 1] == '\n' || isLineEnd(bytes, i + 1))) {
        return bytes[i + 1] == '\n' ? i + 2 : i + 3;
      }
    }
    return step > 0 ? bytes.length : 0;
  }

  private static boolean isLineEnd(byte[] bytes, int at) {
    return at + 1 < bytes.length && bytes[at] == '\r' && bytes[at + 1] == '\n';
  }

  /**
   * Nothing more comes.
   *
   * @param all how many bytes passed, if none of them is missing; else -1
   */
  HarBody.Beside seal(long all) throws IOException {
    BodyDecoder decodes = decoder;
    if (decodes != null) {
      finish(decodes);
    }
    flush();
    long bytes = file.length();
    file.seal();
    return new HarBody.Beside(
        name,
        bytes,
        redacted ? "" : BodyCoding.of(headers, head.toByteArray()),
        !redacted && wireBytes == all ? HexFormat.of().formatHex(digest.digest()) : null,
        redacted);
  }

  /** Gives it up, where it is not sealed. */
  @Override
  public void close() throws IOException {
    BodyDecoder decodes = decoder;
    if (decodes != null) {
      decodes.close();
    }
    file.close();
  }
}
