package dev.tapedeck.sandbox.posix;

import java.io.Closeable;
import java.io.IOException;

/** A process held by descriptor (pidfd_open(2)): a signal can never meet another one. */
public final class PidFd implements Closeable {

  private static final long PIDFD_SEND_SIGNAL = 424;
  private static final long PIDFD_OPEN = 434;

  private final int fd;
  private boolean closed;

  private PidFd(int fd) {
    this.fd = fd;
  }

  public static PidFd open(int pid) throws IOException {
    long fd = Libc.syscall(PIDFD_OPEN, pid, 0, 0, 0);
    return new PidFd(Errors.check("cannot hold process " + pid, (int) fd));
  }

  /** Signals it; false if it has ended. */
  public synchronized boolean signal(int signal) {
    return !closed && Libc.syscall(PIDFD_SEND_SIGNAL, fd, signal, 0, 0) >= 0;
  }

  /** Whether it has not been reaped yet. */
  public boolean exists() {
    return signal(0);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Libc.close(fd);
    }
  }
}
