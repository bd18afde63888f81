package dev.tapedeck.cli.commands;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.WCWidth;

/**
 * Rows of text in columns, each as wide as its widest cell. Cells may come from clients: what could
 * steer the terminal is replaced.
 */
final class Table {

  private static final String GAP = "  ";

  private final List<String> heads;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * @param heads a head that begins with {@code >} has its column set flush right
   */
  Table(String... heads) {
    this.heads = List.of(heads);
  }

  void row(String... cells) {
    if (cells.length != heads.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + heads.size() + " columns");
    }
    rows.add(List.of(cells).stream().map(Table::printable).toList());
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  void print(Console console) {
    int[] widths = new int[heads.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = head(column).length();
      for (List<String> row : rows) {
        widths[column] = Math.max(widths[column], width(row.get(column)));
      }
    }
    List<String> titles = new ArrayList<>();
    for (int column = 0; column < widths.length; column++) {
      titles.add(head(column));
    }
    console.line(console.cut(join(titles, widths)));
    rows.forEach(row -> console.line(console.cut(join(row, widths))));
  }

  private String head(int column) {
    return right(column) ? heads.get(column).substring(1) : heads.get(column);
  }

  private boolean right(int column) {
    return heads.get(column).startsWith(">");
  }

  private String join(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String padding = " ".repeat(widths[column] - width(cells.get(column)));
      line.append(column == 0 ? "" : GAP)
          .append(right(column) ? padding + cells.get(column) : cells.get(column) + padding);
    }
    return line.toString().stripTrailing();
  }

  /** In a terminal's cells: East Asian characters take two. */
  private static int width(String cell) {
    return cell.codePoints().map(c -> Math.max(0, WCWidth.wcwidth(c))).sum();
  }

  /** The text in that many cells; what does not fit is an ellipsis. */
  static String cut(String text, int cells) {
    if (width(text) <= cells) {
      return text;
    }
    StringBuilder cut = new StringBuilder();
    int used = 0;
    for (int c : text.codePoints().toArray()) {
      used += Math.max(0, WCWidth.wcwidth(c));
      if (used > cells - 1) {
        break;
      }
      cut.appendCodePoint(c);
    }
    return cut + "…";
  }

  /** The text in lines of that many cells, those after the first indented. */
  static List<String> folded(String text, int cells, int indent) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    int used = 0;
    for (int c : text.codePoints().toArray()) {
      int wide = Math.max(0, WCWidth.wcwidth(c));
      if (used + wide > cells) {
        lines.add(line.toString());
        line.setLength(0);
        line.repeat(' ', indent);
        used = indent;
      }
      line.appendCodePoint(c);
      used += wide;
    }
    lines.add(line.toString());
    return lines;
  }

  /**
   * The text with every control character as a {@code ?}: escape sequences would steer the reader's
   * terminal, and a line break would forge a row.
   */
  static String printable(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> Character.isISOControl(c) || isDirection(c) ? '?' : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  /**
   * Unicode's line separators and bidirectional controls: the latter show a line in another order.
   */
  private static boolean isDirection(int c) {
    return (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  }
}
