package dev.tapedeck.formats.coding;

import java.util.Arrays;

/**
 * The last decoded bytes, which later ones may repeat. Grows with what is decoded, up to the
 * window's size and as much again as makes moving it cheap.
 */
final class Window {

  private static final int FIRST_BYTES = 16 * 1024;

  /** Room beyond the window: the window is moved once for so many bytes, or for half of itself. */
  private static final int SLACK_BYTES = 128 * 1024;

  private final int size;
  private final Output output;
  private byte[] bytes = new byte[0];
  private int end;
  private int sent;
  private long total;

  Window(int size, Output output) {
    this.size = size;
    this.output = output;
  }

  /** How far back one may reach. */
  int reach() {
    return (int) Math.min(size, total);
  }

  long total() {
    return total;
  }

  /** The byte so far back; 0 where nothing was yet. At most {@link #reach} is kept. */
  int back(int distance) {
    return distance > reach() ? 0 : bytes[end - distance] & 0xff;
  }

  void put(int value) throws Stopped {
    room(1);
    bytes[end++] = (byte) value;
    total++;
  }

  void put(byte[] from, int offset, int length) throws Stopped {
    room(length);
    System.arraycopy(from, offset, bytes, end, length);
    end += length;
    total += length;
  }

  void fill(byte value, int length) throws Stopped {
    room(length);
    Arrays.fill(bytes, end, end + length, value);
    end += length;
    total += length;
  }

  /** Repeats what came {@code distance} bytes before; at most {@link #reach}, which is checked. */
  void repeat(int distance, int length) throws Stopped {
    if (distance <= 0 || distance > reach()) {
      throw Stopped.corrupt("refers " + distance + " bytes back, where only " + reach() + " are");
    }
    int left = length;
    while (left > 0) {
      int part = Math.min(left, SLACK_BYTES);
      room(part);
      repeatWithin(distance, part);
      left -= part;
    }
  }

  private void repeatWithin(int distance, int length) {
    int from = end - distance;
    int left = length;
    // A distance shorter than the length repeats itself: each round copies what the last made.
    while (left > 0) {
      int part = Math.min(left, end - from);
      System.arraycopy(bytes, from, bytes, end, part);
      end += part;
      left -= part;
    }
    total += length;
  }

  /** Hands on what has not been handed on. */
  void flush() throws Stopped {
    int from = sent;
    sent = end;
    if (end > from) {
      output.write(bytes, from, end - from);
    }
  }

  private void room(int count) throws Stopped {
    if (bytes.length - end >= count) {
      return;
    }
    flush();
    int keep = Math.min(size, end);
    int most = size + Math.max(SLACK_BYTES, size / 2);
    byte[] target = bytes;
    if (bytes.length < most || bytes.length - keep < count) {
      long wanted = Math.max(FIRST_BYTES, 2L * (keep + count));
      target = new byte[(int) Math.max(Math.min(wanted, most), keep + count)];
    }
    System.arraycopy(bytes, end - keep, target, 0, keep);
    bytes = target;
    end = keep;
    sent = keep;
  }
}
