package dev.tapedeck.formats.coding;

import java.util.Arrays;

/** Bits and bytes of a zstd frame being written, the lowest bit of each byte first. */
final class ZstdBitWriter {

  private byte[] bytes = new byte[1024];
  private int length;
  private long word;
  private int wordBits;

  /** The low bits of a value, at most 31. */
  void write(int value, int count) {
    word |= (value & ((1L << count) - 1)) << wordBits;
    wordBits += count;
    while (wordBits >= 8) {
      put((int) word);
      word >>>= 8;
      wordBits -= 8;
    }
  }

  /** Fills the last byte with zeros. */
  void align() {
    if (wordBits > 0) {
      put((int) word);
      word = 0;
      wordBits = 0;
    }
  }

  /** Ends a stream that is read backwards: a one shows where it begins. */
  void mark() {
    write(1, 1);
    align();
  }

  /** Whole bytes of a number, the lowest first. */
  void number(long value, int count) {
    for (int i = 0; i < count; i++) {
      put((int) (value >>> (8 * i)));
    }
  }

  void put(byte[] from, int offset, int count) {
    room(count);
    System.arraycopy(from, offset, bytes, length, count);
    length += count;
  }

  void put(ZstdBitWriter other) {
    put(other.bytes, 0, other.length);
  }

  private void put(int value) {
    room(1);
    bytes[length++] = (byte) value;
  }

  private void room(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
    }
  }

  int length() {
    return length;
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }
}
