package dev.tapedeck.formats.cast;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A buffer that grows, in which lines of JSON are put together. */
final class LineBuffer {

  private static final int INITIAL_BYTES = 4096;
  private static final int LONGEST_NUMBER = 21;

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int length;
  private boolean exact = true;

  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Takes back, or counts in, what was written into {@link #array} from the outside. */
  void length(int length) {
    this.length = length;
  }

  /** Makes room for so many bytes more and gives the array that has it. */
  byte[] room(int more) {
    if (bytes.length - length < more) {
      int needed = Math.addExact(length, more);
      bytes = Arrays.copyOf(bytes, Math.max(needed, needed + (needed >> 2)));
    }
    return bytes;
  }

  LineBuffer raw(char ascii) {
    room(1)[length++] = (byte) ascii;
    return this;
  }

  LineBuffer raw(byte[] ascii) {
    System.arraycopy(ascii, 0, room(ascii.length), length, ascii.length);
    length += ascii.length;
    return this;
  }

  @SuppressWarnings("deprecation") // The one call that copies ASCII without an array between.
  LineBuffer raw(String ascii) {
    ascii.getBytes(0, ascii.length(), room(ascii.length()), length);
    length += ascii.length();
    return this;
  }

  /** A number that is not negative, in decimal. */
  LineBuffer number(long value) {
    byte[] to = room(LONGEST_NUMBER);
    int end = length + digits(value);
    long rest = value;
    for (int i = end - 1; i >= length; i--) {
      to[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length = end;
    return this;
  }

  /** {@code value} with a point before its last {@code places} digits: 1234567 is 1.234567. */
  LineBuffer decimal(long value, int places, long scale) {
    number(value / scale).raw('.');
    byte[] to = room(places);
    long rest = value % scale;
    for (int i = length + places - 1; i >= length; i--) {
      to[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += places;
    return this;
  }

  /** Whether no byte was replaced since {@link #beginExact}. */
  boolean isExact() {
    return exact;
  }

  void beginExact() {
    exact = true;
  }

  /** A byte was replaced: what was said cannot be turned back. */
  void inexact() {
    exact = false;
  }

  /** U+FFFD, in place of bytes that stand for no character. */
  LineBuffer replacement() {
    inexact();
    byte[] to = room(3);
    to[length++] = (byte) 0xEF;
    to[length++] = (byte) 0xBF;
    to[length++] = (byte) 0xBD;
    return this;
  }

  /** A JSON string, with its quotes. */
  LineBuffer text(String text) {
    byte[] utf8 = wellFormed(text).getBytes(StandardCharsets.UTF_8);
    raw('"');
    JsonEscaper.append(utf8, 0, utf8.length, this);
    return raw('"');
  }

  /** Half of a surrogate pair cannot be said in UTF-8: it becomes U+FFFD. */
  private static String wellFormed(String text) {
    StringBuilder repaired = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      if (repaired == null) {
        repaired = new StringBuilder(text);
      }
      repaired.setCharAt(i, '\uFFFD');
    }
    return repaired == null ? text : repaired.toString();
  }

  private static int digits(long value) {
    int count = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      count++;
    }
    return count;
  }
}
