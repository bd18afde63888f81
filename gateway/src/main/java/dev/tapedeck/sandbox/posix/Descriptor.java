package dev.tapedeck.sandbox.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A file descriptor that never blocks in the kernel and can be closed while others wait on it.
 *
 * <pre>
 *   open --close()--> closing: waiters are woken, nobody may begin --last user leaves--> closed
 * </pre>
 *
 * <p>The number is given back to the system only when nobody uses it any more, so that no call can
 * meet a number that meanwhile means another file.
 */
final class Descriptor implements Closeable {

  private final int fd;
  private final int wake;
  private int users;
  private boolean closing;

  private Descriptor(int fd, int wake) {
    this.fd = fd;
    this.wake = wake;
  }

  /** Takes {@code fd} over: from here on only this object closes it, also if this fails. */
  static Descriptor own(int fd) throws IOException {
    int setFlags = 4; // F_SETFL; of an open file's flags only O_NONBLOCK is wanted here
    int done = Libc.fcntl(fd, setFlags, Libc.O_NONBLOCK);
    int wake = done < 0 ? done : Libc.eventfd(Libc.O_CLOEXEC | Libc.O_NONBLOCK);
    if (wake < 0) {
      Libc.close(fd);
      throw Errors.of("cannot prepare a file descriptor", wake);
    }
    return new Descriptor(fd, wake);
  }

  /**
   * Begins a use, which {@link #leave} ends.
   *
   * @return the number, or -1 if it is closed
   */
  synchronized int enter() {
    if (closing) {
      return -1;
    }
    users++;
    return fd;
  }

  synchronized void leave() {
    users--;
    if (closing && users == 0) {
      release();
    }
  }

  synchronized boolean closed() {
    return closing;
  }

  /** Waits until it can be read or written, has an end, or is closed. For users only. */
  void await(MemorySegment state, MemorySegment polls, short events) {
    polls.set(JAVA_INT, 0, fd);
    polls.set(JAVA_SHORT, 4, events);
    polls.set(JAVA_SHORT, 6, (short) 0);
    polls.set(JAVA_INT, 8, wake);
    polls.set(JAVA_SHORT, 12, Libc.POLLIN);
    polls.set(JAVA_SHORT, 14, (short) 0);
    // An interrupted or failed poll only makes the caller try once more.
    Libc.poll(state, polls, 2, -1);
  }

  @Override
  public synchronized void close() {
    if (closing) {
      return;
    }
    closing = true;
    if (users == 0) {
      release();
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_LONG, 1L);
      Libc.write(Libc.state(arena), wake, one, one.byteSize());
    }
  }

  private void release() {
    Libc.close(fd);
    Libc.close(wake);
  }
}
