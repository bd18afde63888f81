package dev.tapedeck.sandbox.docker;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart what an exec without a terminal prints: standard output and standard error, in frames
 * on one connection (Engine API, "attach to a container", stream format).
 *
 * <pre>
 *   frame = stream (0, 1: output; 2: error) 0 0 0 length (32 bits, big-endian) payload
 * </pre>
 *
 * <p>No thread of its own: whoever reads one of the two streams reads the connection, and puts
 * aside what is the other's, at most {@link #MAX_ASIDE_BYTES}. So the bulk of a program's output is
 * copied once, into its reader's own buffer. As with two pipes, who reads only one of them may wait
 * for ever when the program fills the other.
 */
final class Demultiplexer {

  /** Bytes kept for a stream that nobody reads at the moment: four times what a pipe holds. */
  static final int MAX_ASIDE_BYTES = 256 * 1024;

  private static final int SCRATCH_BYTES = 32 * 1024;
  private static final int HEADER_BYTES = 8;

  private final InputStream source;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Side output = new Side();
  private final Side error = new Side();

  /** Whether a thread is in {@link #source}; the fields below are its own then. */
  private boolean reading;

  private Side current = output;
  private long left;
  private boolean ended;
  private @Nullable IOException failure;

  Demultiplexer(InputStream source) {
    this.source = source;
  }

  InputStream output() {
    return output;
  }

  InputStream error() {
    return error;
  }

  /** The end, from now on, of both streams for those who read them. */
  void close() {
    lock.lock();
    try {
      ended = true;
      failure = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private int read(Side side, byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    lock.lock();
    try {
      while (true) {
        if (side.aside.size() > 0) {
          changed.signalAll();
          return side.aside.take(target, offset, length);
        }
        if (ended) {
          if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
          }
          return -1;
        }
        if (reading || (left > 0 && current != side && current.aside.free() == 0)) {
          changed.awaitUninterruptibly();
          continue;
        }
        int count = step(side, target, offset, length);
        if (count > 0) {
          return count;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads one header, or one piece of payload, with the lock let go meanwhile.
   *
   * @return how many bytes went to {@code target}
   */
  private int step(Side side, byte[] target, int offset, int length) {
    boolean direct = left > 0 && current == side;
    int wanted =
        (int) Math.min(left, direct ? length : Math.min(SCRATCH_BYTES, current.aside.free()));
    int count = 0;
    byte[] scratch = direct || left == 0 ? null : new byte[wanted];
    reading = true;
    lock.unlock();
    IOException caught = null;
    boolean end = false;
    Side next = null;
    long size = 0;
    try {
      if (left == 0) {
        byte[] header = source.readNBytes(HEADER_BYTES);
        end = header.length == 0;
        if (!end) {
          next = sideOf(header);
          size = sizeOf(header);
        }
      } else {
        count =
            scratch == null ? source.read(target, offset, wanted) : source.read(scratch, 0, wanted);
        if (count < 0) {
          throw new IOException("the engine ended the connection in the middle of a frame");
        }
      }
    } catch (IOException e) {
      caught = e;
      end = true;
      count = 0;
    } finally {
      lock.lock();
      reading = false;
      changed.signalAll();
    }
    if (end && !ended) {
      ended = true;
      failure = caught;
    }
    if (next != null) {
      current = next;
      left = size;
    }
    left -= count;
    if (scratch != null) {
      current.aside.put(scratch, count);
      return 0;
    }
    return count;
  }

  private Side sideOf(byte[] header) throws IOException {
    boolean whole =
        header.length == HEADER_BYTES && header[1] == 0 && header[2] == 0 && header[3] == 0;
    if (whole && header[0] >= 0 && header[0] <= 2) {
      return header[0] == 2 ? error : output;
    }
    throw new IOException("the engine sent something that is not a frame");
  }

  private static long sizeOf(byte[] header) {
    return (header[4] & 0xFFL) << 24
        | (header[5] & 0xFF) << 16
        | (header[6] & 0xFF) << 8
        | (header[7] & 0xFF);
  }

  /** One of the two streams. */
  private final class Side extends InputStream {
    final Aside aside = new Aside();

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return Demultiplexer.this.read(this, target, offset, length);
    }
  }

  /** Bytes put aside; a ring that is made when it is first needed. */
  private static final class Aside {
    private byte[] ring = new byte[0];
    private int first;
    private int size;

    int size() {
      return size;
    }

    int free() {
      return MAX_ASIDE_BYTES - size;
    }

    void put(byte[] bytes, int count) {
      if (ring.length == 0 && count > 0) {
        ring = new byte[MAX_ASIDE_BYTES];
      }
      for (int done = 0; done < count; ) {
        int at = (first + size) % ring.length;
        int piece = Math.min(count - done, ring.length - at);
        System.arraycopy(bytes, done, ring, at, piece);
        size += piece;
        done += piece;
      }
    }

    int take(byte[] target, int offset, int length) {
      int piece = Math.min(Math.min(length, size), ring.length - first);
      System.arraycopy(ring, first, target, offset, piece);
      first = (first + piece) % ring.length;
      size -= piece;
      return piece;
    }
  }
}
