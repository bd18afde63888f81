package dev.tapedeck.formats.coding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A stream of bits that is read from its end to its beginning (RFC 8878, section 4.1). Its array
 * has at least {@value #PADDING} bytes after the stream.
 */
final class ZstdBits {

  static final int PADDING = 8;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;
  private final int from;
  private int left;

  /** The stream in these bytes, whose last has a one above the stream's last bit. */
  ZstdBits(byte[] bytes, int from, int to) throws Stopped {
    if (to <= from || bytes[to - 1] == 0) {
      throw Stopped.corrupt("a zstd bit stream without an end");
    }
    this.bytes = bytes;
    this.from = from;
    int unused = Integer.numberOfLeadingZeros(bytes[to - 1] & 0xff) - 24 + 1;
    left = 8 * (to - from) - unused;
  }

  /** The next bits, at most 31, without taking them; zeros where there are none left. */
  int peek(int count) {
    int at = left - count;
    if (at >= 0) {
      long word = (long) LONG.get(bytes, from + (at >>> 3));
      return (int) (word >>> (at & 7)) & ((1 << count) - 1);
    }
    if (left <= 0) {
      return 0;
    }
    int rest = (int) (long) LONG.get(bytes, from) & ((1 << left) - 1);
    return rest << -at;
  }

  int read(int count) {
    int value = peek(count);
    left -= count;
    return value;
  }

  void skip(int count) {
    left -= count;
  }

  /** How many bits are left; negative if more were read than there are. */
  int left() {
    return left;
  }
}
