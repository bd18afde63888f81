package dev.tapedeck.formats.coding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Bits of a brotli stream, the lowest of each byte first, of which more may come later.
 *
 * <p>Who reads beyond what has come gets {@link NeedMore}, goes back to the {@link #position} where
 * its step began and tries again when more has come.
 */
final class BrotliBits {

  /** There are not enough bits yet. */
  static final class NeedMore extends Exception {

    private static final long serialVersionUID = 1L;

    private NeedMore() {
      super("more bits are needed", null, false, false);
    }
  }

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** So many zero bytes follow what has come, so that eight can be read at any place. */
  private static final int PADDING = 16;

  private byte[] bytes = new byte[64];
  private int limit;
  private long position;

  void add(byte[] from, int offset, int length) {
    int consumed = (int) (position >>> 3);
    System.arraycopy(bytes, consumed, bytes, 0, limit - consumed);
    limit -= consumed;
    position &= 7;
    if (bytes.length - limit < length + PADDING) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, limit + length + PADDING));
    }
    System.arraycopy(from, offset, bytes, limit, length);
    limit += length;
    Arrays.fill(bytes, limit, limit + PADDING, (byte) 0);
  }

  /** At least the next 32 bits, with zeros where none have come. */
  int peek() {
    return (int) ((long) LONG.get(bytes, (int) (position >>> 3)) >>> (position & 7));
  }

  void skip(int count) throws NeedMore {
    if (position + count > 8L * limit) {
      throw new NeedMore();
    }
    position += count;
  }

  /** The next bits as a number, at most 31. */
  int read(int count) throws NeedMore {
    int value = peek() & ((1 << count) - 1);
    skip(count);
    return value;
  }

  long position() {
    return position;
  }

  void back(long to) {
    position = to;
  }

  /** Skips to the next whole byte; returns the bits skipped. */
  int align() {
    int count = (int) (-position & 7);
    int skipped = peek() & ((1 << count) - 1);
    position += count;
    return skipped;
  }

  /** How many whole bytes have come and are not read. */
  int available() {
    return limit - (int) ((position + 7) >>> 3);
  }

  /** Takes whole bytes, where the position is on one: at most {@code most} and what has come. */
  int take(int most, Window into) throws Stopped {
    int count = Math.min(most, available());
    into.put(bytes, (int) (position >>> 3), count);
    position += 8L * count;
    return count;
  }

  /** Skips whole bytes, as {@link #take}. */
  int drop(int most) {
    int count = Math.min(most, available());
    position += 8L * count;
    return count;
  }
}
