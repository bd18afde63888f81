package dev.tapedeck.catalog;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The places of what is looked for in one text, and the words around the best of them. */
final class Context {

  /** How much of what stands before the first place is shown. */
  private static final int CHARS_BEFORE = 60;

  /** How long it is, but for a place that is longer. */
  private static final int MAX_CHARS = 240;

  /** So many places of one term say as much as all of them. */
  private static final int MAX_PLACES = 32;

  /** A text of that length has the usual weight. */
  private static final double USUAL_CHARS = 1000;

  private static final String ELLIPSIS = "…";

  private final String text;
  private final Folded folded;
  private final int from;
  private final int to;
  private final List<Found> found;
  private final double score;

  private record Found(int term, Term.Place place) {}

  private Context(String text, Folded folded, int from, int to, List<Found> found, double score) {
    this.text = text;
    this.folded = folded;
    this.from = from;
    this.to = to;
    this.found = found;
    this.score = score;
  }

  /** The places between two of a text, or null where one of the terms has none. */
  static @Nullable Context find(List<Term> terms, String text, Folded folded, int from, int to) {
    List<Found> found = new ArrayList<>();
    double score = 0;
    for (int i = 0; i < terms.size(); i++) {
      double fit = 0;
      int count = 0;
      Term.Place place = terms.get(i).next(folded, from, to);
      while (place != null && count++ < MAX_PLACES) {
        found.add(new Found(i, place));
        fit += place.fit();
        place = terms.get(i).next(folded, place.to(), to);
      }
      if (count == 0) {
        return null;
      }
      // As in bm25: more of it counts for less and less, and in a long text for less.
      score -= fit / (fit + 0.5 + (to - from) / USUAL_CHARS);
    }
    found.sort(Comparator.comparingInt((Found each) -> each.place.from()));
    return new Context(text, folded, from, to, found, score);
  }

  /** The lower the better. */
  double score() {
    return score;
  }

  /** Where in the text the first place of {@link #around} stands. */
  int offset() {
    return folded.place(found.get(best()).place.from());
  }

  /** All of the text. */
  String whole() {
    return marked(0, text.length());
  }

  /** Some words, with as many of the terms as lie together. */
  String around() {
    int begin = folded.place(from);
    int end = folded.place(to);
    Term.Place best = found.get(best()).place;
    int first = folded.place(best.from());
    int least = folded.place(best.to());
    int cut = Math.max(begin, first - CHARS_BEFORE);
    while (cut > begin && cut < first && isInWord(cut)) {
      cut++;
    }
    int last = Math.max(least, Math.min(end, cut + MAX_CHARS));
    while (last < end && last > least && isInWord(last)) {
      last--;
    }
    return (cut > begin ? ELLIPSIS : "") + marked(cut, last) + (last < end ? ELLIPSIS : "");
  }

  /** Whether a cut there would go through a word, or a character. */
  private boolean isInWord(int place) {
    char before = text.charAt(place - 1);
    char after = text.charAt(place);
    return Character.isLowSurrogate(after) || (isOfWord(before) && isOfWord(after));
  }

  /** Chinese, Japanese and Korean may be cut anywhere. */
  private static boolean isOfWord(char c) {
    return c < 0x1100 && Character.isLetterOrDigit(c);
  }

  /** The first place around which most terms are. */
  private int best() {
    int best = 0;
    int most = 0;
    for (int i = 0; i < found.size(); i++) {
      BitSet terms = new BitSet();
      int limit = found.get(i).place.from() + MAX_CHARS - CHARS_BEFORE;
      for (int j = i; j < found.size() && found.get(j).place.to() <= limit; j++) {
        terms.set(found.get(j).term);
      }
      if (terms.cardinality() > most) {
        most = terms.cardinality();
        best = i;
      }
    }
    return best;
  }

  private String marked(int begin, int end) {
    StringBuilder out = new StringBuilder(end - begin + 8);
    int done = begin;
    for (Found each : found) {
      int first = folded.place(each.place.from());
      int last = folded.place(each.place.to());
      if (first >= done && last <= end) {
        out.append(text, done, first).append(Hit.BEGIN).append(text, first, last).append(Hit.END);
        done = last;
      }
    }
    return out.append(text, done, end).toString();
  }
}
