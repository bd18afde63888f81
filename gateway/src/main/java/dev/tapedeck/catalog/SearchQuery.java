package dev.tapedeck.catalog;

import dev.tapedeck.event.SessionId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What to look for: words, or parts of words, that must all stand in one place; {@code "several
 * words"} one behind the other; {@code begin*} for every word that begins so. Everything else is
 * taken as it reads: no query is malformed.
 *
 * <p>Signs that are no letters or digits are as good as a blank, but hold together what stands on
 * both sides: {@code usr/local} is {@code "usr local"}.
 */
public final class SearchQuery {

  /** More nobody reads. */
  public static final int MAX_LIMIT = 10_000;

  /** More nobody types. */
  public static final int MAX_WORDS = 64;

  /** So many pieces tell texts well enough apart, and FTS5 nests them, to a limit of its own. */
  private static final int MAX_GRAMS = 48;

  private final List<Term> terms;
  private final @Nullable SessionId session;
  private final int limit;

  private SearchQuery(List<Term> terms, @Nullable SessionId session, int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("a limit is from 1 to " + MAX_LIMIT + ", not " + limit);
    }
    this.terms = List.copyOf(terms);
    this.session = session;
    this.limit = limit;
  }

  /**
   * Reads what a person typed.
   *
   * @param session only there; null for everywhere
   * @param limit at most so many hits, 1 to {@link #MAX_LIMIT}; the best
   * @throws IllegalArgumentException if there is no word in it, or too many
   */
  public static SearchQuery of(String typed, @Nullable SessionId session, int limit) {
    List<Term> terms = terms(typed);
    if (terms.isEmpty()) {
      throw new IllegalArgumentException(
          "there is nothing to look for in '" + typed + "': a word has letters or digits");
    }
    int words = terms.stream().mapToInt(Term::words).sum();
    if (words > MAX_WORDS) {
      throw new IllegalArgumentException(
          "at most " + MAX_WORDS + " words are looked for, not " + words);
    }
    return new SearchQuery(terms, session, limit);
  }

  List<Term> terms() {
    return terms;
  }

  @Nullable SessionId session() {
    return session;
  }

  int limit() {
    return limit;
  }

  /** What a text must have, for FTS5 (SQLite's documentation of it, section 3). */
  String expression() {
    Set<String> all = new LinkedHashSet<>();
    terms.forEach(term -> term.require(all));
    List<String> grams = List.copyOf(all);
    int count = Math.min(grams.size(), MAX_GRAMS);
    // Of many some from everywhere.
    return IntStream.range(0, count)
        .mapToObj(i -> grams.get((int) ((long) i * grams.size() / count)))
        .collect(Collectors.joining(" "));
  }

  private static List<Term> terms(String typed) {
    List<Term> terms = new ArrayList<>();
    int i = 0;
    while (i < typed.length()) {
      char c = typed.charAt(i);
      if (Character.isWhitespace(c)) {
        i++;
        continue;
      }
      boolean quoted = c == '"';
      int begin = quoted ? i + 1 : i;
      int end = begin;
      while (end < typed.length() && !ends(typed.charAt(end), quoted)) {
        end++;
      }
      String word = typed.substring(begin, end);
      // Behind a closing quote; a missing one is where the text ends.
      i = quoted ? Math.min(end + 1, typed.length()) : end;
      boolean prefix = quoted ? i < typed.length() && typed.charAt(i) == '*' : word.endsWith("*");
      if (quoted && prefix) {
        i++;
      }
      Term.of(word, prefix).ifPresent(terms::add);
    }
    return terms;
  }

  private static boolean ends(char c, boolean quoted) {
    return c == '"' || (!quoted && Character.isWhitespace(c));
  }
}
