package dev.tapedeck.recording;

import java.util.ArrayList;
import java.util.List;

/**
 * Bytes that are appended until they are taken as one array. Unlike {@link
 * java.io.ByteArrayOutputStream} it copies nothing as it grows, and has never more than a block
 * that is not used. For one thread.
 */
final class Blocks {

  private static final int FIRST_BYTES = 256;
  private static final int MAX_BYTES = 1 << 20;

  private final List<byte[]> full = new ArrayList<>(0);
  private byte[] last = {};
  private int used;
  private int size;

  void write(byte[] array, int offset, int length) {
    int from = offset;
    int left = length;
    while (left > 0) {
      if (used == last.length) {
        begin();
      }
      int now = Math.min(left, last.length - used);
      System.arraycopy(array, from, last, used, now);
      used += now;
      from += now;
      left -= now;
    }
    size = Math.addExact(size, length);
  }

  private void begin() {
    if (used > 0) {
      full.add(last);
    }
    last = new byte[Math.clamp(size, FIRST_BYTES, MAX_BYTES)];
    used = 0;
  }

  int size() {
    return size;
  }

  byte[] toByteArray() {
    byte[] all = new byte[size];
    int at = 0;
    for (byte[] block : full) {
      System.arraycopy(block, 0, all, at, block.length);
      at += block.length;
    }
    System.arraycopy(last, 0, all, at, used);
    return all;
  }
}
