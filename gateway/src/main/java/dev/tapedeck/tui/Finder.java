package dev.tapedeck.tui;

import java.util.List;
import java.util.Locale;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;

/** Finds words in lines as they are shown; case is ignored. */
final class Finder {

  private Finder() {}

  private static boolean has(AttributedString line, String words) {
    return at(line.toString(), words, 0) >= 0;
  }

  /** Character by character, since some change their length with their case. */
  private static int at(String line, String words, int from) {
    for (int i = from; i <= line.length() - words.length(); i++) {
      if (line.regionMatches(true, i, words, 0, words.length())) {
        return i;
      }
    }
    return -1;
  }

  static long count(List<AttributedString> lines, String words) {
    return lines.stream().filter(line -> has(line, words)).count();
  }

  /**
   * The next line with the words.
   *
   * @param from where to begin to look, this line included
   * @param step 1 forwards, -1 backwards; both go round
   * @return -1 if there is none
   */
  static int next(List<AttributedString> lines, String words, int from, int step) {
    for (int i = 0; i < lines.size(); i++) {
      int at = Math.floorMod(from + i * step, lines.size());
      if (has(lines.get(at), words)) {
        return at;
      }
    }
    return -1;
  }

  /** The line with the words marked. */
  static AttributedString marked(AttributedString line, String words) {
    String text = line.toString();
    int found = at(text, words, 0);
    if (found < 0) {
      return line;
    }
    AttributedStringBuilder marked = new AttributedStringBuilder();
    int done = 0;
    while (found >= 0) {
      marked.append(line.subSequence(done, found));
      done = found + words.length();
      marked.append(text.substring(found, done), Theme.FOUND);
      found = at(text, words, done);
    }
    return marked.append(line.subSequence(done, line.length())).toAttributedString();
  }

  /** As one types them: clean, and no longer than allowed. */
  static String typed(String words, int codePoint) {
    return words.length() >= View.MAX_TYPED_CHARS
        ? words
        : words + Character.toString(codePoint).toLowerCase(Locale.ROOT);
  }
}
