package dev.tapedeck.formats.sse;

import java.util.Arrays;

/** Bytes that are gathered and then looked at in place. */
final class ByteGather {

  /** What is kept for the next use. A larger array, which one large frame needed, is given back. */
  private static final int KEPT_BYTES = 64 * 1024;

  private byte[] array = new byte[256];
  private int length;

  byte[] array() {
    return array;
  }

  int length() {
    return length;
  }

  void append(byte[] bytes, int from, int to) {
    int needed = length + to - from;
    if (needed > array.length) {
      array = Arrays.copyOf(array, Math.max(needed, 2 * array.length));
    }
    System.arraycopy(bytes, from, array, length, to - from);
    length = needed;
  }

  void clear() {
    length = 0;
    if (array.length > KEPT_BYTES) {
      array = new byte[256];
    }
  }
}
