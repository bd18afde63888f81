package dev.tapedeck.formats.coding;

import static dev.tapedeck.formats.coding.BrotliWords.latin1;

import java.util.Arrays;
import java.util.List;

/**
 * What is done with a dictionary word (RFC 7932, section 8 and appendix B): cut or put into upper
 * case, then set between a prefix and a suffix.
 */
final class BrotliTransformation {

  /** All of them, in the order of the appendix. */
  static final List<BrotliTransformation> ALL =
      List.of(
          transformation("", "=", ""),
          transformation("", "=", " "),
          transformation(" ", "=", " "),
          transformation("", "<1", ""),
          transformation("", "^", " "),
          transformation("", "=", " the "),
          transformation(" ", "=", ""),
          transformation("s ", "=", " "),
          transformation("", "=", " of "),
          transformation("", "^", ""),
          transformation("", "=", " and "),
          transformation("", "<2", ""),
          transformation("", ">1", ""),
          transformation(", ", "=", " "),
          transformation("", "=", ", "),
          transformation(" ", "^", " "),
          transformation("", "=", " in "),
          transformation("", "=", " to "),
          transformation("e ", "=", " "),
          transformation("", "=", "\""),
          transformation("", "=", "."),
          transformation("", "=", "\">"),
          transformation("", "=", "\n"),
          transformation("", ">3", ""),
          transformation("", "=", "]"),
          transformation("", "=", " for "),
          transformation("", "<3", ""),
          transformation("", ">2", ""),
          transformation("", "=", " a "),
          transformation("", "=", " that "),
          transformation(" ", "^", ""),
          transformation("", "=", ". "),
          transformation(".", "=", ""),
          transformation(" ", "=", ", "),
          transformation("", "<4", ""),
          transformation("", "=", " with "),
          transformation("", "=", "'"),
          transformation("", "=", " from "),
          transformation("", "=", " by "),
          transformation("", "<5", ""),
          transformation("", "<6", ""),
          transformation(" the ", "=", ""),
          transformation("", ">4", ""),
          transformation("", "=", ". The "),
          transformation("", "*", ""),
          transformation("", "=", " on "),
          transformation("", "=", " as "),
          transformation("", "=", " is "),
          transformation("", ">7", ""),
          transformation("", ">1", "ing "),
          transformation("", "=", "\n\t"),
          transformation("", "=", ":"),
          transformation(" ", "=", ". "),
          transformation("", "=", "ed "),
          transformation("", "<9", ""),
          transformation("", "<7", ""),
          transformation("", ">6", ""),
          transformation("", "=", "("),
          transformation("", "^", ", "),
          transformation("", ">8", ""),
          transformation("", "=", " at "),
          transformation("", "=", "ly "),
          transformation(" the ", "=", " of "),
          transformation("", ">5", ""),
          transformation("", ">9", ""),
          transformation(" ", "^", ", "),
          transformation("", "^", "\""),
          transformation(".", "=", "("),
          transformation("", "*", " "),
          transformation("", "^", "\">"),
          transformation("", "=", "=\""),
          transformation(" ", "=", "."),
          transformation(".com/", "=", ""),
          transformation(" the ", "=", " of the "),
          transformation("", "^", "'"),
          transformation("", "=", ". This "),
          transformation("", "=", ","),
          transformation(".", "=", " "),
          transformation("", "^", "("),
          transformation("", "^", "."),
          transformation("", "=", " not "),
          transformation(" ", "=", "=\""),
          transformation("", "=", "er "),
          transformation(" ", "*", " "),
          transformation("", "=", "al "),
          transformation(" ", "*", ""),
          transformation("", "=", "='"),
          transformation("", "*", "\""),
          transformation("", "^", ". "),
          transformation(" ", "=", "("),
          transformation("", "=", "ful "),
          transformation(" ", "^", ". "),
          transformation("", "=", "ive "),
          transformation("", "=", "less "),
          transformation("", "*", "'"),
          transformation("", "=", "est "),
          transformation(" ", "^", "."),
          transformation("", "*", "\">"),
          transformation(" ", "=", "='"),
          transformation("", "^", ","),
          transformation("", "=", "ize "),
          transformation("", "*", "."),
          transformation("\u00c2\u00a0", "=", ""),
          transformation(" ", "=", ","),
          transformation("", "^", "=\""),
          transformation("", "*", "=\""),
          transformation("", "=", "ous "),
          transformation("", "*", ", "),
          transformation("", "^", "='"),
          transformation(" ", "^", ","),
          transformation(" ", "*", "=\""),
          transformation(" ", "*", ", "),
          transformation("", "*", ","),
          transformation("", "*", "("),
          transformation("", "*", ". "),
          transformation(" ", "*", "."),
          transformation("", "*", "='"),
          transformation(" ", "*", ". "),
          transformation(" ", "^", "=\""),
          transformation(" ", "*", "='"),
          transformation(" ", "^", "='"));

  private enum Letters {
    AS_THEY_ARE,
    FIRST_UPPER,
    ALL_UPPER
  }

  private final byte[] prefix;
  private final byte[] suffix;
  private final Letters letters;
  private final int omitFirst;
  private final int omitLast;

  private BrotliTransformation(
      String prefix, Letters letters, int omitFirst, int omitLast, String suffix) {
    this.prefix = latin1(prefix);
    this.suffix = latin1(suffix);
    this.letters = letters;
    this.omitFirst = omitFirst;
    this.omitLast = omitLast;
  }

  /**
   * One line of the appendix.
   *
   * @param what {@code =} the word, {@code ^} its first letter in upper case, {@code *} all of
   *     them, {@code <N} without its first N bytes, {@code >N} without its last
   */
  private static BrotliTransformation transformation(String prefix, String what, String suffix) {
    return switch (what.charAt(0)) {
      case '^' -> new BrotliTransformation(prefix, Letters.FIRST_UPPER, 0, 0, suffix);
      case '*' -> new BrotliTransformation(prefix, Letters.ALL_UPPER, 0, 0, suffix);
      case '<' ->
          new BrotliTransformation(prefix, Letters.AS_THEY_ARE, what.charAt(1) - '0', 0, suffix);
      case '>' ->
          new BrotliTransformation(prefix, Letters.AS_THEY_ARE, 0, what.charAt(1) - '0', suffix);
      default -> new BrotliTransformation(prefix, Letters.AS_THEY_ARE, 0, 0, suffix);
    };
  }

  byte[] of(byte[] words, int offset, int length) {
    int from = Math.min(omitFirst, length);
    int kept = Math.max(0, length - from - omitLast);
    byte[] result = Arrays.copyOf(prefix, prefix.length + kept + suffix.length);
    System.arraycopy(words, offset + from, result, prefix.length, kept);
    System.arraycopy(suffix, 0, result, prefix.length + kept, suffix.length);
    int end = prefix.length + kept;
    switch (letters) {
      case AS_THEY_ARE -> {}
      case FIRST_UPPER -> upper(result, prefix.length, end);
      case ALL_UPPER -> {
        for (int at = prefix.length; at < end; ) {
          at += upper(result, at, end);
        }
      }
    }
    return result;
  }

  /** The RFC's rough upper case of one UTF-8 character; returns how many bytes it takes. */
  private static int upper(byte[] text, int at, int end) {
    int lead = at < end ? text[at] & 0xff : 0;
    if (lead < 0xc0) {
      if (lead >= 'a' && lead <= 'z') {
        text[at] ^= 32;
      }
      return 1;
    }
    int bytes = lead < 0xe0 ? 2 : 3;
    if (at + bytes <= end) {
      text[at + bytes - 1] ^= (byte) (bytes == 2 ? 32 : 5);
    }
    return bytes;
  }
}
