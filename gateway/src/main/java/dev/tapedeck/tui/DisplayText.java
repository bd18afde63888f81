package dev.tapedeck.tui;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.WCWidth;

/**
 * Text in a terminal's cells: of any width, and without anything that could steer a terminal or
 * change the order of what is read.
 */
final class DisplayText {

  private static final int TAB = 4;

  /** The signs for control characters (Unicode's block Control Pictures). */
  private static final int PICTURES = 0x2400;

  private static final int PICTURE_OF_DELETE = 0x2421;
  private static final int REPLACEMENT = 0xFFFD;

  private DisplayText() {}

  /** The text on one line: control characters, line breaks too, are signs. */
  static String line(String text) {
    return clean(text, false);
  }

  private static String clean(String text, boolean keepBreaks) {
    StringBuilder clean = new StringBuilder(text.length());
    int column = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (keepBreaks && c == '\n') {
        clean.append('\n');
        column = 0;
      } else if (c == '\t') {
        int blanks = TAB - column % TAB;
        clean.repeat(' ', blanks);
        column += blanks;
      } else {
        int sign = sign(c);
        if (sign >= 0) {
          clean.appendCodePoint(sign);
          column += width(sign);
        }
      }
    }
    return clean.toString();
  }

  /** What is drawn for a character; -1 for nothing. */
  private static int sign(int c) {
    if (c < ' ') {
      return PICTURES + c;
    }
    if (c == 0x7f) {
      return PICTURE_OF_DELETE;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED,
          Character.PRIVATE_USE ->
          REPLACEMENT;
      // Joiners, direction marks, variation selectors: terminals disagree on what they do.
      case Character.FORMAT -> -1;
      default -> c >= 0xFE00 && c <= 0xFE0F ? -1 : c;
    };
  }

  /** How many cells a character takes: 0, 1 or 2. */
  static int width(int character) {
    return Math.max(0, WCWidth.wcwidth(character));
  }

  /** How many cells a clean text takes. */
  static int width(String text) {
    return text.codePoints().map(DisplayText::width).sum();
  }

  /** A clean text's beginning, at most so many cells of it. */
  static String cut(String text, int cells) {
    return text.substring(0, end(text, 0, cells));
  }

  /** As {@link #cut}, with three dots in place of what is cut off. */
  static String shortened(String text, int cells) {
    return width(text) <= cells ? text : cut(text, Math.max(0, cells - 1)) + "…";
  }

  /** Where the text ends that begins at {@code from} and takes at most {@code cells}. */
  private static int end(String text, int from, int cells) {
    int left = cells;
    int at = from;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      left -= width(c);
      if (left < 0) {
        return at;
      }
      at += Character.charCount(c);
    }
    return at;
  }

  /**
   * Lines of at most so many cells, broken between words where there are any.
   *
   * @param text as it was recorded
   */
  static List<String> wrapped(String text, int cells) {
    List<String> lines = new ArrayList<>();
    for (String line : clean(text.replace("\r\n", "\n"), true).split("\n", -1)) {
      wrap(line, Math.max(2, cells), lines);
    }
    return lines;
  }

  private static void wrap(String line, int cells, List<String> lines) {
    int from = 0;
    while (true) {
      int end = end(line, from, cells);
      if (end == line.length()) {
        lines.add(line.substring(from));
        return;
      }
      int blank = line.lastIndexOf(' ', end);
      if (blank > from && !line.substring(from, blank).isBlank()) {
        lines.add(line.substring(from, blank));
        from = blank + 1;
      } else {
        lines.add(line.substring(from, end));
        from = end;
      }
    }
  }

  /** A line that takes exactly so many cells: cut, or filled with blanks of {@code fill}. */
  static AttributedString fit(AttributedString line, int cells, AttributedStyle fill) {
    int width = line.columnLength();
    AttributedString cut = width > cells ? line.columnSubSequence(0, cells) : line;
    int missing = cells - cut.columnLength();
    if (missing <= 0) {
      return cut;
    }
    return new AttributedStringBuilder()
        .append(cut)
        .style(fill)
        .append(" ".repeat(missing))
        .toAttributedString();
  }
}
