package dev.tapedeck.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One thing to look for: a word or a part of one, or several, one behind the other, with whatever
 * is no word between them.
 */
final class Term {

  /** How well a place fits: a whole word, the beginning of one, somewhere in one. */
  private static final double WHOLE = 1;

  private static final double BEGINNING = 0.6;
  private static final double INSIDE = 0.3;

  private final Folded typed;

  /** Where its words begin and end: {@code begin, end, begin, end, ...}. */
  private final int[] words;

  private final boolean prefix;

  /**
   * A place where it stands.
   *
   * @param from the first of a {@link Folded}
   * @param to behind the last
   * @param fit up to 1
   */
  record Place(int from, int to, double fit) {}

  private Term(Folded typed, int[] words, boolean prefix) {
    this.typed = typed;
    this.words = words;
    this.prefix = prefix;
  }

  /**
   * Reads what was typed; nothing where no letter or digit is in it.
   *
   * @param prefix whether every word is meant that begins so
   */
  static Optional<Term> of(String typed, boolean prefix) {
    Folded folded = Folded.of(typed);
    List<Integer> words = new ArrayList<>();
    for (int i = 0; i < folded.length(); i++) {
      boolean word = folded.isWord(i);
      if (word && (i == 0 || !folded.isWord(i - 1))) {
        words.add(i);
      }
      if (word && (i + 1 == folded.length() || !folded.isWord(i + 1))) {
        words.add(i + 1);
      }
    }
    return words.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Term(folded, words.stream().mapToInt(Integer::intValue).toArray(), prefix));
  }

  /** How many words it has. */
  int words() {
    return words.length / 2;
  }

  /** Adds what every text has that has this, for FTS5. */
  void require(Set<String> grams) {
    for (int word = 0; word < words.length; word += 2) {
      for (int i = words[word]; i < words[word + 1]; ) {
        int end = typed.pieceEnd(i);
        piece(i, end, grams);
        i = end;
      }
    }
  }

  private void piece(int from, int to, Set<String> grams) {
    if (typed.isCjk(from)) {
      for (int i = from; i < to; i++) {
        grams.add(quoted(i, i + 1));
        if (i > from) {
          int pair = Grams.pair(typed.point(i - 1), typed.point(i));
          grams.add('"' + Character.toString(pair) + '"');
        }
      }
    } else if (to - from < Grams.LETTERS) {
      boolean beginning = prefix && to == words[words.length - 1];
      grams.add(quoted(from, to) + (beginning ? " *" : ""));
    } else {
      for (int i = from; i + Grams.LETTERS <= to; i++) {
        grams.add(quoted(i, i + Grams.LETTERS));
      }
    }
  }

  private String quoted(int from, int to) {
    StringBuilder gram = new StringBuilder("\"");
    for (int i = from; i < to; i++) {
      gram.appendCodePoint(typed.point(i));
    }
    return gram.append('"').toString();
  }

  /** The next place in a part of a text, or null. */
  @Nullable Place next(Folded text, int from, int to) {
    int first = typed.point(words[0]);
    for (int i = from; i < to; i++) {
      if (text.point(i) == first) {
        Place place = at(text, i, to);
        if (place != null) {
          return place;
        }
      }
    }
    return null;
  }

  private @Nullable Place at(Folded text, int from, int to) {
    int at = from;
    for (int word = 0; word < words.length; word += 2) {
      if (word > 0) {
        at = nextWord(text, at, to);
      }
      int size = words[word + 1] - words[word];
      if (at < 0 || at + size > to) {
        return null;
      }
      for (int i = 0; i < size; i++) {
        if (text.point(at + i) != typed.point(words[word] + i)) {
          return null;
        }
      }
      at += size;
    }
    return bounded(text, from, at, to);
  }

  /** Where the word begins that follows one which ends here; -1 if none does. */
  private static int nextWord(Folded text, int end, int to) {
    int at = end;
    while (at < to && !text.isWord(at)) {
      at++;
    }
    return at == end ? -1 : at;
  }

  /** One or two letters are a word or a part with a beginning and an end. */
  private @Nullable Place bounded(Folded text, int from, int end, int to) {
    boolean begins = text.isCjk(from) || text.begins(from);
    boolean ends = end == to || text.isCjk(end - 1) || text.endsBefore(end);
    int last = words[words.length - 1];
    boolean mustBegin = isShort(words[0]) || (prefix && words() == 1);
    boolean mustEnd = !prefix && isShortEnd(last);
    if ((mustBegin && !begins) || (mustEnd && !ends)) {
      return null;
    }
    int behind = end;
    while (prefix && behind < to && text.isWord(behind) && !text.isCjk(end - 1)) {
      behind++;
    }
    return new Place(from, behind, !begins ? INSIDE : ends ? WHOLE : BEGINNING);
  }

  private boolean isShort(int begin) {
    return !typed.isCjk(begin) && typed.pieceEnd(begin) - begin < Grams.LETTERS;
  }

  private boolean isShortEnd(int end) {
    int begin = end - 1;
    while (begin > 0 && typed.isWord(begin - 1) && typed.isCjk(begin - 1) == typed.isCjk(end - 1)) {
      begin--;
    }
    return isShort(begin);
  }
}
