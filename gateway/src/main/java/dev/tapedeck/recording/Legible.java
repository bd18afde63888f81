package dev.tapedeck.recording;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Tells what a person could read from what would only fill a screen with signs, where there was no
 * terminal to show it.
 *
 * <p>A chunk is shown if at most one byte in {@value #ODD_SHARE} is a control character that text
 * does not have or not UTF-8; a few bytes that are UTF-8 are shown whatever they are. So colours, a
 * stray NUL and a text file in some old 8-bit encoding stay readable, and an archive does not get
 * in. Nothing is lost by a wrong guess: bytes that are not shown are kept like others.
 */
final class Legible {

  /** One odd byte in as many makes a chunk something else than text. */
  static final int ODD_SHARE = 5;

  /** So few bytes cost little in any form. */
  static final int FEW_BYTES = 64;

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private static final long SPACES = 0x2020_2020_2020_2020L;
  private static final long TOP_BITS = 0x8080_8080_8080_8080L;

  private Legible() {}

  static boolean isText(byte[] array, int offset, int length) {
    int odd = 0;
    int malformed = 0;
    int end = offset + length;
    for (int i = offset; i < end; i++) {
      i = afterPrintable(array, i, end);
      if (i == end) {
        break;
      }
      int b = array[i];
      if ((b >= ' ' && b < 0x7f) || b == '\n' || b == '\r' || b == '\t' || b == 0x1b) {
        continue;
      }
      if (b >= 0) {
        odd += b == '\b' || b == 0x07 || b == '\f' || b == 0x0b ? 0 : 1;
        continue;
      }
      int more = following(array, offset, i, end);
      malformed += more < 0 ? 1 : 0;
      i += Math.max(more, 0);
    }
    return (odd + malformed) * ODD_SHARE <= length || (malformed == 0 && length <= FEW_BYTES);
  }

  /**
   * Where the next byte is that may not be printable ASCII; most text is, and goes by eight bytes
   * at a time.
   */
  private static int afterPrintable(byte[] array, int from, int end) {
    int at = from;
    while (at + Long.BYTES <= end) {
      long eight = (long) EIGHT.get(array, at);
      // A byte from 0x80 on has its top bit set, and one below 0x20 borrows into it.
      if (((eight | (eight - SPACES)) & TOP_BITS) != 0) {
        break;
      }
      at += Long.BYTES;
    }
    return at;
  }

  /**
   * How many bytes follow a UTF-8 lead byte, as far as they are there; -1 if it is none or they do
   * not fit.
   */
  private static int following(byte[] array, int offset, int at, int end) {
    int lead = array[at] & 0xff;
    int count = lead >= 0xf0 && lead < 0xf5 ? 3 : lead >= 0xe0 ? 2 : 1;
    // A chunk may begin in the middle of a character.
    if (lead < 0xc2 || lead >= 0xf5) {
      return lead < 0xc0 && at - offset < 3 ? 0 : -1;
    }
    int seen = 0;
    while (seen < count && at + seen + 1 < end) {
      if ((array[at + seen + 1] & 0xc0) != 0x80) {
        return -1;
      }
      seen++;
    }
    return seen;
  }
}
