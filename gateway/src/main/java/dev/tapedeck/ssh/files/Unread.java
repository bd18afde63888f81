package dev.tapedeck.ssh.files;

import dev.tapedeck.event.Event.FileOperation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one side sent and nobody understood: how much, its digest, and why first. */
final class Unread {

  private final String side;
  private final Sha256 digest = new Sha256();
  private long bytes;
  private @Nullable String reason;

  /**
   * Of one side.
   *
   * @param side {@code client} or {@code server}
   */
  Unread(String side) {
    this.side = side;
  }

  void add(byte[] array, int offset, int length, String why) {
    if (length > 0) {
      digest.update(array, offset, length);
      bytes += length;
      reason = reason == null ? why : reason;
    }
  }

  /** Empty if everything was understood; to be called once. */
  Optional<FileOperation> operation() {
    return bytes == 0
        ? Optional.empty()
        : Optional.of(
            new FileOperation("unreadable", "from " + side, null, bytes, digest.hex(), reason));
  }
}
