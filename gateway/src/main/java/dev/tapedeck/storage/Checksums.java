package dev.tapedeck.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** SHA-256 of files (FIPS 180-4), in lower-case hex. */
public final class Checksums {

  private static final int BUFFER_BYTES = 128 * 1024;

  private Checksums() {}

  /**
   * The checksum of a file that may be larger than memory.
   *
   * @param progress is told how many bytes have been read so far, some eight times per mebibyte
   * @throws IOException with path and reason; a link is not followed
   */
  public static String sha256(Path file, LongConsumer progress) throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[BUFFER_BYTES];
    long done = 0;
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
        done += count;
        progress.accept(done);
      }
    } catch (IOException e) {
      throw StorageException.of("read", file, e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The checksum of a file, without progress. */
  public static String sha256(Path file) throws IOException {
    return sha256(file, _ -> {});
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
