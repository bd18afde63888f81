package dev.tapedeck.ssh.files;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event.FileOperation;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one side sent and nobody understood: the bytes themselves until they are taken; in all how
 * much, its digest, and why first.
 */
final class UnparsedBytes {

  private final String side;
  private final Sha256 digest = new Sha256();
  private final ByteArrayOutputStream fresh = new ByteArrayOutputStream();
  private long bytes;
  private @Nullable String reason;

  /**
   * Of one side.
   *
   * @param side {@code client} or {@code server}
   */
  UnparsedBytes(String side) {
    this.side = side;
  }

  void add(byte[] all, String why) {
    add(all, 0, all.length, why);
  }

  void add(byte[] array, int offset, int length, String why) {
    if (length > 0) {
      digest.update(array, offset, length);
      fresh.write(array, offset, length);
      bytes += length;
      reason = reason == null ? why : reason;
    }
  }

  /** The bytes since the last call, in order; empty if there are none. */
  Optional<Bytes> take() {
    if (fresh.size() == 0) {
      return Optional.empty();
    }
    Bytes taken = Bytes.of(fresh.toByteArray());
    fresh.reset();
    return Optional.of(taken);
  }

  /** Empty if everything was understood; to be called once. */
  Optional<FileOperation> operation() {
    return bytes == 0
        ? Optional.empty()
        : Optional.of(
            new FileOperation("unreadable", "from " + side, null, bytes, digest.hex(), reason));
  }
}
