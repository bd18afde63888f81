package dev.tapedeck.catalog;

import java.util.Arrays;

/**
 * The pieces by which a text is found: three letters that stand side by side in a word; words and
 * parts of {@code camelCase} that are shorter than that; characters of Chinese, Japanese or Korean,
 * and two of them side by side. Each is there once: which of them stand where is looked up in the
 * text itself.
 *
 * <p>Of two characters there are so many pairs that most would come up once or twice, each with the
 * room that a word of an index takes. So pairs share signs: whoever looks for one reads some texts
 * in vain.
 */
final class Grams {

  /** So many letters that stand together make one piece. */
  static final int LETTERS = 3;

  /** The first of the signs that stand for pairs; nobody writes these (Linear B and the like). */
  private static final int PAIRS = 0x10000;

  /** How many signs there are. */
  private static final int PAIR_BITS = 15;

  private static final int POINT_BITS = 21;

  private final Folded text;
  private final StringBuilder out = new StringBuilder();

  /** A set: open addressing; 0 is a free place, for no piece is 0. */
  private long[] seen = new long[1024];

  private int count;

  private Grams(Folded text) {
    this.text = text;
  }

  /** All of a text's, with blanks between: what FTS5 indexes. */
  static String of(Folded text) {
    Grams grams = new Grams(text);
    for (int i = 0; i < text.length(); ) {
      if (text.isWord(i)) {
        int end = text.pieceEnd(i);
        grams.piece(i, end);
        i = end;
      } else {
        i++;
      }
    }
    return grams.out.toString();
  }

  private void piece(int from, int to) {
    if (text.isCjk(from)) {
      for (int i = from; i < to; i++) {
        add(i, 1);
        if (i > from) {
          int pair = pair(text.point(i - 1), text.point(i));
          if (put(pair)) {
            out.appendCodePoint(pair).append(' ');
          }
        }
      }
      return;
    }
    if (to - from < LETTERS) {
      add(from, to - from);
    }
    for (int i = from; i + LETTERS <= to; i++) {
      add(i, LETTERS);
    }
    shortParts(from, to);
  }

  /** The sign for two characters. */
  static int pair(int first, int second) {
    int hash = (first * 0x9E37_79B1) ^ (second * 0x85EB_CA6B);
    return PAIRS + (hash >>> (Integer.SIZE - PAIR_BITS));
  }

  private void shortParts(int from, int to) {
    int part = from;
    for (int i = from + 1; i <= to; i++) {
      if (i == to || text.begins(i)) {
        if (i - part < LETTERS) {
          add(part, i - part);
        }
        part = i;
      }
    }
  }

  private void add(int from, int length) {
    long key = 0;
    for (int i = from; i < from + length; i++) {
      key = (key << POINT_BITS) | text.point(i);
    }
    if (put(key)) {
      for (int i = from; i < from + length; i++) {
        out.appendCodePoint(text.point(i));
      }
      out.append(' ');
    }
  }

  private boolean put(long key) {
    if (count * 2 > seen.length) {
      long[] old = seen;
      seen = new long[old.length * 4];
      Arrays.stream(old).filter(each -> each != 0).forEach(each -> seen[slot(each)] = each);
    }
    int slot = slot(key);
    if (seen[slot] == key) {
      return false;
    }
    seen[slot] = key;
    count++;
    return true;
  }

  /** Where it is, or would be. */
  private int slot(long key) {
    long hash = key * 0x9E37_79B9_7F4A_7C15L;
    int slot = ((int) (hash >>> 40)) & (seen.length - 1);
    while (seen[slot] != 0 && seen[slot] != key) {
      slot = (slot + 1) & (seen.length - 1);
    }
    return slot;
  }
}
