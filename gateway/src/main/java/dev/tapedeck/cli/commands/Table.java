package dev.tapedeck.cli.commands;

import java.util.ArrayList;
import java.util.List;

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
    console.line(join(titles, widths));
    rows.forEach(row -> console.line(join(row, widths)));
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

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
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
