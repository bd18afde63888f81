package dev.tapedeck.formats.cast;

/**
 * One direction of a terminal: remembers the beginning of a character whose end has not come.
 *
 * <pre>
 *   nothing held --bytes end inside a character--> 1 to 3 bytes held
 *   bytes held   --the rest comes, or what cannot be the rest--> nothing held
 *   bytes held   --flush--> nothing held, U+FFFD written
 * </pre>
 */
final class Utf8Stream {

  private static final int LONGEST_CHARACTER = 4;

  private final byte[] held = new byte[2 * LONGEST_CHARACTER];
  private int count;

  /** Appends what the bytes say, after what was held back; holds back what they leave open. */
  void append(byte[] in, int offset, int length, LineBuffer out) {
    int from = offset;
    int end = offset + length;
    if (count > 0) {
      int more = Math.min(length, LONGEST_CHARACTER);
      System.arraycopy(in, from, held, count, more);
      int size = JsonText.sequence(held, 0, count + more);
      if (size == 0) {
        count += more;
        return;
      }
      // What is held is the good beginning of one character: all of it is used up here.
      if (size > 0) {
        JsonText.append(held, 0, size, out);
      } else {
        out.replacement();
      }
      from += Math.abs(size) - count;
      count = 0;
    }
    int whole = JsonText.append(in, from, end, out);
    count = end - whole;
    System.arraycopy(in, whole, held, 0, count);
  }

  boolean isHolding() {
    return count > 0;
  }

  /** Gives up waiting: what is held becomes U+FFFD. */
  void flush(LineBuffer out) {
    if (count > 0) {
      count = 0;
      out.replacement();
    }
  }
}
