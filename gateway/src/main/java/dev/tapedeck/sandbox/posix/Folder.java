package dev.tapedeck.sandbox.posix;

import java.io.Closeable;
import java.io.IOException;

/**
 * A folder held open, so that what is opened in it later is found in this very folder, whatever has
 * been put on the path that led to it.
 */
public final class Folder implements Closeable {

  private static final int O_PATH = 0x200000;

  private final int fd;
  private boolean closed;

  private Folder(int fd) {
    this.fd = fd;
  }

  /** Follows the path as it is now: for paths that nobody but the gateway can have changed yet. */
  public static Folder open(String path) throws IOException {
    int fd = Libc.open(path, O_PATH | Libc.O_CLOEXEC);
    return new Folder(Errors.check("cannot open " + path, fd));
  }

  /**
   * Opens what lies in the folder.
   *
   * @param name one name, no path; in a devpts nobody can make a symbolic link of it
   */
  synchronized int open(String name, int flags) throws IOException {
    if (closed) {
      throw new IOException("cannot open " + name + ": the sandbox is closed");
    }
    return Errors.check("cannot open " + name, Libc.openat(fd, name, flags));
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Libc.close(fd);
    }
  }
}
