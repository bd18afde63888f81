package dev.tapedeck.formats.cast;

import java.util.Arrays;

/**
 * One direction of a terminal: remembers the beginning of a character whose end has not come.
 *
 * <pre>
 *   nothing held --bytes end inside a character--> 1 to 3 bytes held
 *   bytes held   --the rest comes, or what cannot be the rest--> nothing held
 *   bytes held   --take--> nothing held
 * </pre>
 */
final class Utf8Stream {

  private static final int LONGEST_CHARACTER = 4;

  private final byte[] held = new byte[2 * LONGEST_CHARACTER];
  private int count;

  /** What was held when the last call came: what it appended begins with these bytes. */
  private final byte[] before = new byte[LONGEST_CHARACTER];

  private int beforeCount;

  /** Appends what the bytes say, after what was held back; holds back what they leave open. */
  void append(byte[] in, int offset, int length, LineBuffer out) {
    int from = offset;
    int end = offset + length;
    beforeCount = count;
    if (count > 0) {
      System.arraycopy(held, 0, before, 0, count);
      int more = Math.min(length, LONGEST_CHARACTER);
      System.arraycopy(in, from, held, count, more);
      int size = JsonEscaper.sequence(held, 0, count + more);
      if (size == 0) {
        count += more;
        return;
      }
      // What is held is the good beginning of one character: all of it is used up here.
      if (size > 0) {
        JsonEscaper.append(held, 0, size, out);
      } else {
        out.replacement();
      }
      from += Math.abs(size) - count;
      count = 0;
    }
    int whole = JsonEscaper.append(in, from, end, out);
    count = end - whole;
    System.arraycopy(in, whole, held, 0, count);
  }

  boolean isHolding() {
    return count > 0;
  }

  /** How many bytes were held when the last call came. */
  int heldBefore() {
    return beforeCount;
  }

  /** The bytes that the last call appended in whatever form: all but those that it holds back. */
  byte[] appended(byte[] in, int offset, int length) {
    byte[] all = Arrays.copyOf(before, beforeCount + length);
    System.arraycopy(in, offset, all, beforeCount, length);
    return count == 0 ? all : Arrays.copyOf(all, all.length - count);
  }

  /** What is held and then these bytes; nothing is held any more. */
  byte[] take(byte[] in, int offset, int length) {
    byte[] all = Arrays.copyOf(held, count + length);
    System.arraycopy(in, offset, all, count, length);
    beforeCount = count;
    count = 0;
    return all;
  }
}
