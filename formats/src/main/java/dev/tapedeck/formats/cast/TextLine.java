package dev.tapedeck.formats.cast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One line of a terminal as a person sees it, which may take several rows of the screen: cells that
 * can be overwritten, and a cursor.
 */
final class TextLine {

  /** The longest line that is kept together, in cells; a longer one is cut into several. */
  static final int MAX_CELLS = 64 * 1024;

  /** The longest character with its marks. */
  private static final int MAX_CLUSTER_CHARS = 16;

  private static final int INITIAL_CELLS = 256;
  private static final int TAB = 8;

  /** The right half of a character that is two cells wide. */
  private static final int RIGHT_HALF = -1;

  /** Cells from here on mean an entry of {@link #clusters}: a character with its marks. */
  private static final int FIRST_CLUSTER = Character.MAX_CODE_POINT + 1;

  private final List<String> clusters = new ArrayList<>();
  private int[] cells = new int[INITIAL_CELLS];
  private int length;
  private int cursor;
  private int columns;

  /** Whether the cursor stands behind a full row, on which it still counts as being. */
  private boolean pendingWrap;

  TextLine(int columns) {
    this.columns = columns;
  }

  void columns(int columns) {
    this.columns = columns;
  }

  boolean isBlank() {
    for (int i = 0; i < length; i++) {
      if (cells[i] != ' ') {
        return false;
      }
    }
    return true;
  }

  boolean isFull() {
    return cursor >= MAX_CELLS - TAB;
  }

  /** The cursor's column in its row, from 0. */
  int column() {
    return at() - rowStart();
  }

  /** The cell that the cursor stands on. */
  int at() {
    return pendingWrap ? cursor - 1 : cursor;
  }

  void clear() {
    length = 0;
    cursor = 0;
    pendingWrap = false;
    clusters.clear();
  }

  void print(int character) {
    int width = CharacterWidth.of(character);
    if (width == 0) {
      attach(character);
      return;
    }
    if (width == 2 && columns - cursor % columns == 1 && columns > 1) {
      put(' '); // a wide character does not fit into a row's last cell: it goes to the next row
    }
    put(character);
    if (width == 2) {
      put(RIGHT_HALF);
    }
    pendingWrap = cursor % columns == 0;
  }

  private void put(int cell) {
    reach(cursor + 1);
    tear(cursor);
    cells[cursor++] = cell;
  }

  /** Half of a wide character is none. */
  private void tear(int at) {
    if (cells[at] == RIGHT_HALF && at > 0) {
      cells[at - 1] = ' ';
    }
    if (at + 1 < length && cells[at + 1] == RIGHT_HALF) {
      cells[at + 1] = ' ';
    }
  }

  /** Puts a mark onto the character before the cursor. */
  private void attach(int mark) {
    int at = cursor - 1;
    if (at > 0 && cells[at] == RIGHT_HALF) {
      at--;
    }
    if (at < 0 || at >= length) {
      return;
    }
    StringBuilder cluster = new StringBuilder();
    append(cells[at], cluster);
    if (cluster.length() >= MAX_CLUSTER_CHARS || clusters.size() >= MAX_CELLS) {
      return; // nobody reads so many marks: they are dropped
    }
    cells[at] = FIRST_CLUSTER + clusters.size();
    clusters.add(cluster.appendCodePoint(mark).toString());
  }

  private void reach(int needed) {
    if (cells.length < needed) {
      cells = Arrays.copyOf(cells, Math.max(needed, cells.length * 2));
    }
    while (length < needed) {
      cells[length++] = ' ';
    }
  }

  private int rowStart() {
    return at() - at() % columns;
  }

  void carriageReturn() {
    moveTo(rowStart());
  }

  void tab() {
    int start = rowStart();
    int column = (cursor - start) / TAB * TAB + TAB;
    moveTo(start + Math.min(column, columns - 1));
  }

  /** Moves within the row; what would leave it stops at its edge. */
  void moveBy(int cellsRight) {
    int start = rowStart();
    int from = at();
    moveTo(start + clamp((long) from - start + cellsRight));
  }

  /** Moves to a column of the row, counted from 0. */
  void moveToColumn(int column) {
    moveTo(rowStart() + clamp(column));
  }

  private int clamp(long column) {
    return (int) Math.clamp(column, 0, columns - 1L);
  }

  /**
   * Moves between the rows of this line.
   *
   * @return false if that leaves the line, and nothing was done
   */
  boolean moveRows(int rows) {
    int start = rowStart();
    int from = at();
    long target = from + (long) rows * columns;
    long lastRow = Math.max(0, length - 1) / columns;
    if (target < 0 || target / columns > Math.max(lastRow, start / columns)) {
      return false;
    }
    moveTo((int) target);
    return true;
  }

  void moveTo(int cell) {
    cursor = Math.clamp(cell, 0, MAX_CELLS - 1);
    pendingWrap = false;
  }

  /** Erases from the cursor to the line's end. */
  void eraseToEnd() {
    length = Math.min(length, at());
  }

  /** Erases from the cursor to the row's end; of what lies on further rows nothing. */
  void eraseToRowEnd() {
    int from = at();
    int end = rowStart() + columns;
    if (length <= end) {
      eraseToEnd();
    } else {
      erase(from, end);
    }
  }

  /** Erases from the row's beginning to the cursor, which is erased too. */
  void eraseToStart() {
    erase(rowStart(), at() + 1);
  }

  void eraseRow() {
    int start = rowStart();
    if (length <= start + columns) {
      length = Math.min(length, start);
    } else {
      erase(start, start + columns);
    }
  }

  void erase(int from, int to) {
    int end = Math.min(to, length);
    if (from < end) {
      tear(from);
      tear(end - 1);
      Arrays.fill(cells, from, end, ' ');
    }
  }

  /** Erases cells from the cursor on. */
  void eraseAhead(int count) {
    erase(at(), at() + count);
  }

  /** Deletes cells at the cursor; what is right of them moves left. */
  void delete(int count) {
    int from = at();
    if (from >= length) {
      return;
    }
    int removed = Math.min(count, length - from);
    tear(from);
    tear(from + removed - 1);
    System.arraycopy(cells, from + removed, cells, from, length - from - removed);
    length -= removed;
  }

  /** Inserts blanks at the cursor; what is right of it moves right. */
  void insert(int count) {
    int from = at();
    if (from >= length) {
      return;
    }
    int added = Math.min(count, columns);
    int moved = length - from;
    if (cells[from] == RIGHT_HALF) {
      tear(from);
      cells[from] = ' ';
    }
    reach(length + added);
    System.arraycopy(cells, from, cells, from + added, moved);
    Arrays.fill(cells, from, from + added, ' ');
    length = Math.min(length, MAX_CELLS);
  }

  /** The line without the blanks at its end. */
  String text() {
    int end = length;
    while (end > 0 && cells[end - 1] == ' ') {
      end--;
    }
    StringBuilder text = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      append(cells[i], text);
    }
    return text.toString();
  }

  private void append(int cell, StringBuilder text) {
    if (cell >= FIRST_CLUSTER) {
      text.append(clusters.get(cell - FIRST_CLUSTER));
    } else if (cell != RIGHT_HALF) {
      text.appendCodePoint(cell);
    }
  }
}
