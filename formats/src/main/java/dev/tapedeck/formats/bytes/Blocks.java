package dev.tapedeck.formats.bytes;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes that are appended until they are taken as one array. Unlike {@link
 * java.io.ByteArrayOutputStream} it copies nothing as it grows, and has never more than a block
 * that is not used: bodies and entries are large. For one thread.
 */
public final class Blocks extends OutputStream {

  private static final int FIRST_BYTES = 256;
  private static final int MAX_BYTES = 1 << 20;

  private final List<byte[]> full = new ArrayList<>(0);
  private byte[] last = {};
  private int used;
  private int size;

  /** Nothing yet. */
  public Blocks() {}

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /**
   * Appends bytes.
   *
   * @throws ArithmeticException if there are more than an array can have
   */
  @Override
  public void write(byte[] array, int offset, int length) {
    Math.addExact(size, length);
    int from = offset;
    int left = length;
    while (left > 0) {
      if (used == last.length) {
        begin();
      }
      int now = Math.min(left, last.length - used);
      System.arraycopy(array, from, last, used, now);
      used += now;
      size += now;
      from += now;
      left -= now;
    }
  }

  private void begin() {
    byte[] next = new byte[Math.clamp(size, FIRST_BYTES, MAX_BYTES)];
    if (used > 0) {
      full.add(last);
    }
    last = next;
    used = 0;
  }

  /** How many bytes there are. */
  public int size() {
    return size;
  }

  public byte[] toByteArray() {
    return between(new byte[0], new byte[0]);
  }

  /** The bytes with others before and behind them. */
  public byte[] between(byte[] before, byte[] behind) {
    byte[] all = new byte[Math.addExact(size, before.length + behind.length)];
    System.arraycopy(before, 0, all, 0, before.length);
    int at = before.length;
    for (byte[] block : full) {
      System.arraycopy(block, 0, all, at, block.length);
      at += block.length;
    }
    System.arraycopy(last, 0, all, at, used);
    System.arraycopy(behind, 0, all, at + used, behind.length);
    return all;
  }

  /** The bytes; afterwards there are none here. */
  public byte[] take() {
    byte[] all = toByteArray();
    full.clear();
    last = new byte[0];
    used = 0;
    size = 0;
    return all;
  }
}
