package dev.tapedeck.catalog;

import dev.tapedeck.event.SessionId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to look for: words that must all stand in one place; {@code "several words"} one behind the
 * other; {@code begin*} for every word that begins so. Everything else is taken as it reads: no
 * query is malformed.
 *
 * @param expression for FTS5 (SQLite's documentation of it, section 3)
 * @param session only there; null for everywhere
 * @param limit at most so many hits, 1 to {@link #MAX_LIMIT}; the best
 */
public record SearchQuery(String expression, @Nullable SessionId session, int limit) {

  /** More nobody reads. */
  public static final int MAX_LIMIT = 10_000;

  /** FTS5 nests what it looks for, to a limit of its own. */
  public static final int MAX_WORDS = 64;

  public SearchQuery {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("a limit is from 1 to " + MAX_LIMIT + ", not " + limit);
    }
  }

  /**
   * Reads what a person typed.
   *
   * @throws IllegalArgumentException if there is no word in it, or too many
   */
  public static SearchQuery of(String typed, @Nullable SessionId session, int limit) {
    List<String> terms = terms(typed);
    if (terms.isEmpty()) {
      throw new IllegalArgumentException(
          "there is nothing to look for in '" + typed + "': a word has letters or digits");
    }
    if (terms.size() > MAX_WORDS) {
      throw new IllegalArgumentException(
          "at most " + MAX_WORDS + " words are looked for, not " + terms.size());
    }
    return new SearchQuery(String.join(" ", terms), session, limit);
  }

  private static List<String> terms(String typed) {
    List<String> terms = new ArrayList<>();
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
      add(word, prefix, terms);
    }
    return terms;
  }

  private static boolean ends(char c, boolean quoted) {
    return c == '"' || (!quoted && Character.isWhitespace(c));
  }

  /** What has neither letter nor digit is no word to FTS5, and nothing could be found with it. */
  private static void add(String word, boolean prefix, List<String> terms) {
    if (word.codePoints().anyMatch(Character::isLetterOrDigit)) {
      terms.add("\"" + word.replace("\u0000", " ") + "\"" + (prefix ? " *" : ""));
    }
  }
}
