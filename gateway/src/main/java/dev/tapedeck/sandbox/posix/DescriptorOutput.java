package dev.tapedeck.sandbox.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes a descriptor: {@link #write(byte[], int, int)} returns when all is written, and waits
 * while the program on the other side does not read.
 *
 * <p>Blocks in a foreign call: for platform threads. Closing the descriptor wakes the writer with
 * an exception.
 */
final class DescriptorOutput extends OutputStream {

  private static final int CHUNK_BYTES = 64 * 1024;

  private final Descriptor descriptor;
  private final boolean closes;
  private final Object lock = new Object();
  private @Nullable Memory memory;

  /**
   * Writes to a descriptor.
   *
   * @param closes whether closing this stream closes the descriptor; for a terminal, which is read
   *     through the same one, it does not
   */
  DescriptorOutput(Descriptor descriptor, boolean closes) {
    this.descriptor = descriptor;
    this.closes = closes;
  }

  private record Memory(MemorySegment state, MemorySegment polls, MemorySegment buffer) {
    static Memory allocate() {
      Arena arena = Arena.ofAuto();
      return new Memory(Libc.state(arena), arena.allocate(16, 8), arena.allocate(CHUNK_BYTES, 8));
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, from.length);
    synchronized (lock) {
      int fd = descriptor.enter();
      if (fd < 0) {
        throw new IOException("cannot write: closed");
      }
      try {
        int written = 0;
        while (written < length) {
          int chunk = Math.min(length - written, CHUNK_BYTES);
          writeChunk(fd, from, offset + written, chunk);
          written += chunk;
        }
      } finally {
        descriptor.leave();
      }
    }
  }

  private void writeChunk(int fd, byte[] from, int offset, int length) throws IOException {
    Memory space = memory();
    MemorySegment.copy(from, offset, space.buffer, JAVA_BYTE, 0, length);
    int written = 0;
    while (written < length) {
      long n = Libc.write(space.state, fd, space.buffer.asSlice(written), (long) length - written);
      if (n >= 0) {
        written += (int) n;
      } else if (n == -Libc.EAGAIN) {
        if (descriptor.closed()) {
          throw new IOException("cannot write: closed");
        }
        descriptor.await(space.state, space.polls, Libc.POLLOUT);
      } else if (n != -Libc.EINTR) {
        throw Errors.of("cannot write", n);
      }
    }
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
    if (closes) {
      descriptor.close();
    }
  }
}
