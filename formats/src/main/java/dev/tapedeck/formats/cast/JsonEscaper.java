package dev.tapedeck.formats.cast;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Turns bytes that should be UTF-8 into the inside of a JSON string: the encoder's hot path.
 *
 * <p>Eight bytes are looked at together. Where all of them stand for themselves they are copied as
 * one word; otherwise the plain ones before the first that does not, and that one by a table.
 * Malformed bytes become U+FFFD exactly as {@code new String(bytes, UTF_8)} does it: one for each
 * maximal subpart (Unicode 16, section 3.9), and one for a surrogate half that was encoded.
 */
final class JsonEscaper {

  /** How much input is encoded between two looks at the room in the buffer. */
  private static final int BLOCK_BYTES = 4096;

  private static final int LONGEST_ESCAPE = 6;
  private static final int WORD = Long.BYTES;

  /** A block may run past its end by what one word or one character has. */
  private static final int BLOCK_ROOM = (BLOCK_BYTES + WORD) * LONGEST_ESCAPE + WORD;

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  /** For each ASCII character what to write, first byte lowest, and in how many bytes. */
  private static final long[] ESCAPES = new long[128];

  private static final byte[] ESCAPE_LENGTHS = new byte[128];

  static {
    for (int c = 0; c < 128; c++) {
      String text = escape(c);
      for (int i = 0; i < text.length(); i++) {
        ESCAPES[c] |= (long) text.charAt(i) << (8 * i);
      }
      ESCAPE_LENGTHS[c] = (byte) text.length();
    }
  }

  private JsonEscaper() {}

  private static String escape(int c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\b' -> "\\b";
      case '\t' -> "\\t";
      case '\n' -> "\\n";
      case '\f' -> "\\f";
      case '\r' -> "\\r";
      default -> c < 0x20 || c == 0x7F ? "\\u%04x".formatted(c) : String.valueOf((char) c);
    };
  }

  /**
   * Appends what {@code in} says from {@code from} to {@code end}.
   *
   * @return where a character begins that {@code end} cuts short, which was not appended; {@code
   *     end} if there is none
   */
  static int append(byte[] in, int from, int end, LineBuffer out) {
    int i = from;
    while (i < end) {
      out.room(BLOCK_ROOM);
      int stop = (int) Math.min(end, (long) i + BLOCK_BYTES);
      i = block(in, i, stop, end, out);
      if (i < stop) {
        return i;
      }
    }
    return i;
  }

  /** Encodes up to {@code stop} or little more; stops before it at a character cut short. */
  private static int block(byte[] in, int from, int stop, int end, LineBuffer out) {
    byte[] to = out.array();
    int i = from;
    int o = out.length();
    while (i < stop) {
      if (end - i >= WORD) {
        long word = (long) WORDS.get(in, i);
        WORDS.set(to, o, word);
        long special = specials(word);
        int plain = Long.numberOfTrailingZeros(special) >>> 3; // 8 where there is none
        i += plain;
        o += plain;
        if (special == 0) {
          continue;
        }
      }
      byte b = in[i];
      if (b >= 0) {
        WORDS.set(to, o, ESCAPES[b]);
        o += ESCAPE_LENGTHS[b];
        i++;
        continue;
      }
      // Text that is no ASCII is mostly several such characters in a row.
      do {
        int length = sequence(in, i, end);
        if (length > 0) {
          o = copy(in, i, length, to, o);
          i += length;
        } else if (length < 0) {
          o = replacement(to, o);
          out.inexact();
          i -= length;
        } else {
          out.length(o);
          return i;
        }
      } while (i < stop && in[i] < 0);
    }
    out.length(o);
    return i;
  }

  /** The high bit of each byte that is no plain character; only the lowest set one is exact. */
  private static long specials(long word) {
    return (word
            | word - ONES * 0x20
            | (word ^ ONES * '"') - ONES
            | (word ^ ONES * '\\') - ONES
            | (word ^ ONES * 0x7F) - ONES)
        & HIGH_BITS;
  }

  private static int copy(byte[] in, int i, int length, byte[] to, int o) {
    to[o] = in[i];
    to[o + 1] = in[i + 1];
    if (length > 2) {
      to[o + 2] = in[i + 2];
      if (length > 3) {
        to[o + 3] = in[i + 3];
      }
    }
    return o + length;
  }

  private static int replacement(byte[] to, int o) {
    to[o] = (byte) 0xEF;
    to[o + 1] = (byte) 0xBF;
    to[o + 2] = (byte) 0xBD;
    return o + 3;
  }

  /**
   * The character that begins at {@code i} with a byte from 0x80.
   *
   * @return its length in bytes; negative, how many bytes are malformed together; 0 if {@code end}
   *     cuts it short and what is there is good
   */
  static int sequence(byte[] in, int i, int end) {
    int lead = in[i] & 0xFF;
    if (lead < 0xC2 || lead > 0xF4) {
      return -1;
    }
    if (i + 1 >= end) {
      return 0;
    }
    int second = in[i + 1] & 0xFF;
    if (!continues(second) || !fits(lead, second)) {
      return -1;
    }
    if (lead < 0xE0) {
      return 2;
    }
    if (i + 2 >= end) {
      return 0;
    }
    if (!continues(in[i + 2])) {
      return -2;
    }
    if (lead < 0xF0) {
      boolean surrogate = lead == 0xED && second >= 0xA0;
      return surrogate ? -3 : 3;
    }
    if (i + 3 >= end) {
      return 0;
    }
    return continues(in[i + 3]) ? 4 : -3;
  }

  private static boolean continues(int b) {
    return (b & 0xC0) == 0x80;
  }

  /** Rules out what could be said in fewer bytes, and what lies past U+10FFFF. */
  private static boolean fits(int lead, int second) {
    return switch (lead) {
      case 0xE0 -> second >= 0xA0;
      case 0xF0 -> second >= 0x90;
      case 0xF4 -> second < 0x90;
      default -> true;
    };
  }
}
