package dev.tapedeck.catalog;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * A text as search compares it: code points without upper case, accents and full width, each with
 * its place in the text, and whether it belongs to a word and begins a part of one.
 *
 * <p>A word is a run of letters and digits. Its parts begin where the script changes between
 * Chinese, Japanese or Korean and any other, and at the humps of {@code camelCase}.
 */
final class Folded {

  /** What stands between words. */
  private static final byte NO_WORD = 0;

  private static final byte LETTER = 1;

  /** A character of Chinese, Japanese or Korean, where words are not set apart. */
  private static final byte CJK = 2;

  /** Up to here accents are taken off, and no further. */
  private static final int ACCENTS_END = 0x2000;

  private static final char[] PLAIN = plainLetters();

  private int[] points;
  private int[] places;
  private byte[] kinds;
  private boolean[] begins;
  private int length;

  private Folded(int capacity) {
    points = new int[capacity];
    places = new int[capacity + 1];
    kinds = new byte[capacity];
    begins = new boolean[capacity];
  }

  static Folded of(String text) {
    Folded folded = new Folded(text.length());
    int before = ' ';
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (!isAccent(c)) {
        folded.add(c, before, i);
        before = c;
      }
      i += Character.charCount(c);
    }
    folded.places[folded.length] = text.length();
    return folded;
  }

  private void add(int c, int before, int place) {
    byte kind = kind(c);
    int n = length++;
    points[n] = fold(c);
    places[n] = place;
    kinds[n] = kind;
    byte last = n == 0 ? NO_WORD : kinds[n - 1];
    if (kind == NO_WORD) {
      return;
    }
    if (kind != last) {
      begins[n] = true;
    } else if (kind == LETTER) {
      boolean upper = Character.isUpperCase(c);
      if (upper && !Character.isUpperCase(before)) {
        begins[n] = true;
      } else if (!upper && Character.isLowerCase(c) && n > 1 && isSecondCapital(n - 1, before)) {
        // The last capital of HTTPServer belongs to what follows.
        begins[n - 1] = true;
      }
    }
  }

  /** Whether a capital stands behind another one; of those only the first begins anything. */
  private boolean isSecondCapital(int at, int c) {
    return Character.isUpperCase(c) && !begins[at] && kinds[at - 1] == LETTER;
  }

  int length() {
    return length;
  }

  int point(int at) {
    return points[at];
  }

  /** Where in the text it stands; for {@link #length()} where the text ends. */
  int place(int at) {
    return places[at];
  }

  /** The first that stands at a place in the text or behind it. */
  int at(int place) {
    int found = Arrays.binarySearch(places, 0, length, place);
    return found < 0 ? -found - 1 : found;
  }

  boolean isWord(int at) {
    return kinds[at] != NO_WORD;
  }

  boolean isCjk(int at) {
    return kinds[at] == CJK;
  }

  /** Whether a word or a part of one begins here. */
  boolean begins(int at) {
    return begins[at];
  }

  /** Whether a word or a part of one ends before this. */
  boolean endsBefore(int at) {
    return at == length || !isWord(at) || begins[at];
  }

  /** Where the piece of one script that stands here ends. */
  int pieceEnd(int at) {
    int end = at + 1;
    while (end < length && kinds[end] == kinds[at]) {
      end++;
    }
    return end;
  }

  private static byte kind(int c) {
    if (c < 0x80) {
      return Character.isLetterOrDigit(c) ? LETTER : NO_WORD;
    }
    if (isCjkRange(c)) {
      return Character.isLetterOrDigit(c) ? CJK : NO_WORD;
    }
    if (Character.isLetterOrDigit(c)) {
      return LETTER;
    }
    // Vowels of Thai and of India's scripts.
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK
        ? LETTER
        : NO_WORD;
  }

  private static boolean isCjkRange(int c) {
    return c >= 0x1100
        && (c < 0x1200 // Hangul's letters
            || isIn(c, 0x2E80, 0xA000)
            || isIn(c, 0xA960, 0xA980)
            || isIn(c, 0xAC00, 0xD800)
            || isIn(c, 0xF900, 0xFB00)
            || isIn(c, 0xFF66, 0xFFE0)
            || isIn(c, 0x20000, 0x40000));
  }

  private static boolean isIn(int c, int from, int to) {
    return c >= from && c < to;
  }

  /** An accent of its own belongs to the letter before it. */
  private static boolean isAccent(int c) {
    return isIn(c, 0x300, 0x370);
  }

  private static int fold(int c) {
    if (c < 0x80) {
      return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }
    if (c < ACCENTS_END) {
      return PLAIN[c];
    }
    // Letters as wide as a Chinese character.
    return Character.toLowerCase(isIn(c, 0xFF01, 0xFF5F) ? c - 0xFEE0 : c);
  }

  private static char[] plainLetters() {
    char[] plain = new char[ACCENTS_END];
    for (char c = 0; c < ACCENTS_END; c++) {
      plain[c] = (char) Character.toLowerCase((int) withoutAccent(c));
    }
    plain['ς'] = 'σ';
    return plain;
  }

  private static char withoutAccent(char c) {
    boolean latinOrGreek = isIn(c, 0xC0, 0x250) || isIn(c, 0x370, 0x400) || c >= 0x1E00;
    if (!latinOrGreek) {
      return c;
    }
    String apart = Normalizer.normalize(String.valueOf(c), Normalizer.Form.NFD);
    return apart.length() > 1 && apart.chars().skip(1).allMatch(Folded::isAccent)
        ? apart.charAt(0)
        : c;
  }
}
