package dev.tapedeck.sandbox.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a descriptor. One {@link #read(byte[], int, int)} gathers all that is there, up to what was
 * asked for: a terminal hands out at most 4 KiB at a time, and each piece more costs its reader a
 * frame, a record and a packet.
 *
 * <p>Blocks in a foreign call: for platform threads. Closing wakes the reader, who gets the end.
 */
final class DescriptorInput extends InputStream {

  /** The most that one read returns. */
  static final int MAX_READ_BYTES = 64 * 1024;

  private final Descriptor descriptor;
  private final Object lock = new Object();
  private @Nullable Memory memory;
  private boolean ended;

  DescriptorInput(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /** Native memory of one stream; given back by the collector, as a reader may still be in it. */
  private record Memory(MemorySegment state, MemorySegment polls, MemorySegment buffer) {
    static Memory allocate() {
      Arena arena = Arena.ofAuto();
      return new Memory(
          Libc.state(arena), arena.allocate(16, 8), arena.allocate(MAX_READ_BYTES, 8));
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    synchronized (lock) {
      int fd = ended ? -1 : descriptor.enter();
      if (fd < 0) {
        return -1;
      }
      try {
        return gather(fd, into, offset, Math.min(length, MAX_READ_BYTES));
      } finally {
        descriptor.leave();
      }
    }
  }

  private int gather(int fd, byte[] into, int offset, int most) throws IOException {
    Memory space = memory();
    int got = 0;
    while (got < most) {
      long n = Libc.read(space.state, fd, space.buffer.asSlice(got), most - got);
      if (n > 0) {
        got += (int) n;
      } else if (n == -Libc.EAGAIN) {
        if (got > 0) {
          break;
        }
        if (descriptor.closed()) {
          return -1;
        }
        descriptor.await(space.state, space.polls, Libc.POLLIN);
      } else if (n == 0 || n == -Libc.EIO) {
        // A terminal whose programs have all let go of it reports EIO.
        ended = true;
        break;
      } else if (n != -Libc.EINTR) {
        throw Errors.of("cannot read", n);
      }
    }
    if (got == 0) {
      return -1;
    }
    MemorySegment.copy(space.buffer, JAVA_BYTE, 0, into, offset, got);
    return got;
  }

  /** Allocated with the first use: a stream that nobody uses takes none. */
  private Memory memory() {
    Memory space = memory;
    if (space == null) {
      space = Memory.allocate();
      memory = space;
    }
    return space;
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
