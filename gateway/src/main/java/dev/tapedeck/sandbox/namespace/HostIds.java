package dev.tapedeck.sandbox.namespace;

import dev.tapedeck.sandbox.SandboxException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Gives each live sandbox a user id of the host that nothing else has, so that the kernel counts
 * processes for each apart, and that no sandbox may touch another's even if all else fails.
 *
 * <p>The ids are from the range that systemd's list of user ids ("Users, Groups, UIDs and GIDs on
 * systemd systems") leaves unused: below 2,147,352,576, above all container ranges. A byte of a
 * lock file stands for each, so that gateways on one machine do not meet; the kernel unlocks for
 * one that was killed.
 */
final class HostIds {

  static final int FIRST = 2_000_000_000;
  static final int COUNT = 65_536;

  private static final Path LOCKS = Path.of("/run/tapedeck/sandbox-uids");

  /** One for the process: closing any channel of a file drops all its locks (fcntl(2)). */
  private static final HostIds SHARED = new HostIds();

  private FileChannel channel;
  private int next;

  @SuppressWarnings("NullAway") // opened with the first id: only root ever takes one
  private HostIds() {}

  static HostIds shared() {
    return SHARED;
  }

  /** An id until it is closed. */
  record HostId(int number, @Nullable FileLock lock) implements AutoCloseable {

    /** One that belongs to a user of the host, and is nobody's to give. */
    static HostId of(int number) {
      return new HostId(number, null);
    }

    @Override
    public void close() throws IOException {
      if (lock != null) {
        lock.release();
      }
    }
  }

  synchronized HostId take() throws IOException {
    if (channel == null) {
      Files.createDirectories(LOCKS.getParent());
      channel = FileChannel.open(LOCKS, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
    for (int tried = 0; tried < COUNT; tried++) {
      int slot = next;
      next = (next + 1) % COUNT;
      try {
        FileLock lock = channel.tryLock(slot, 1, false);
        if (lock != null) {
          return new HostId(FIRST + slot, lock);
        }
      } catch (OverlappingFileLockException _) {
        // one of this process's own live sandboxes has it
      }
    }
    throw new SandboxException("all " + COUNT + " user ids for sandboxes are taken");
  }
}
