package dev.tapedeck.catalog;

/**
 * Finds what is no words: runs of base64 and of hex. Nobody looks for a part of them, and nothing
 * takes more room in an index.
 */
final class Encoded {

  /** A shorter run of letters and digits is taken for words: base64 comes in lines of 64 or 76. */
  static final int MIN_BASE64 = 60;

  /** A shorter run is kept: the longest checksum that people look for, SHA-512, has 128. */
  static final int MIN_HEX = 129;

  /** What is kept of a run that stands among words, so that a key is known by its beginning. */
  private static final int KEPT = 16;

  /** Digits, capitals and small letters are so frequent in base64: at least a part of all. */
  private static final int DIGITS = 13;

  private static final int LETTERS = 4;

  /** And the other signs: at most a part. */
  private static final int SIGNS = 8;

  private final String text;
  private final StringBuilder out = new StringBuilder();
  private int copied;

  private Encoded(String text) {
    this.text = text;
  }

  /** The text without them: whole lines of them go, and the greater part of others. */
  static String without(String text) {
    Encoded encoded = new Encoded(text);
    for (int i = 0; i < text.length(); ) {
      int end = i;
      while (end < text.length() && isSign(text.charAt(end))) {
        end++;
      }
      if (end - i >= MIN_BASE64 && isEncoded(text, i, end)) {
        encoded.leaveOut(i, end);
      }
      i = end + 1;
    }
    return encoded.copied == 0 ? text : encoded.rest();
  }

  private void leaveOut(int from, int to) {
    boolean begins = from == 0 || text.charAt(from - 1) == '\n';
    boolean ends = to == text.length() || text.charAt(to) == '\n';
    if (begins && ends) {
      out.append(text, copied, from);
      copied = Math.min(to + 1, text.length());
    } else {
      out.append(text, copied, from + KEPT).append('…');
      copied = to;
    }
  }

  private String rest() {
    return out.append(text, copied, text.length()).toString();
  }

  private static boolean isSign(char c) {
    return isDigit(c)
        || isCapital(c)
        || isSmall(c)
        || c == '+'
        || c == '/'
        || c == '-'
        || c == '_'
        || c == '=';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isCapital(char c) {
    return c >= 'A' && c <= 'Z';
  }

  private static boolean isSmall(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isEncoded(String text, int from, int to) {
    int length = to - from;
    int digits = 0;
    int capitals = 0;
    int small = 0;
    int hex = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      digits += isDigit(c) ? 1 : 0;
      capitals += isCapital(c) ? 1 : 0;
      small += isSmall(c) ? 1 : 0;
      hex += Character.digit(c, 16) >= 0 ? 1 : 0;
    }
    if (hex == length) {
      return length >= MIN_HEX;
    }
    int signs = length - digits - capitals - small;
    return digits * DIGITS >= length
        && capitals * LETTERS >= length
        && small * LETTERS >= length
        && signs * SIGNS <= length;
  }
}
