package dev.tapedeck.formats.coding;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** Makes bytes smaller that are kept. */
public final class Compression {

  private Compression() {}

  /**
   * One zstd frame (RFC 8878) with the content's length and a checksum; nothing where zstd is not.
   */
  public static Optional<byte[]> zstd(byte[] bytes) {
    Codecs codecs = Codecs.here();
    return codecs.missing(Coding.ZSTD).isPresent()
        ? Optional.empty()
        : Optional.of(codecs.zstd(bytes));
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
