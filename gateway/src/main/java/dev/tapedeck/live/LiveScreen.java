package dev.tapedeck.live;

import dev.tapedeck.formats.cast.CastCode;
import dev.tapedeck.formats.cast.CastEvent;
import java.util.ArrayList;
import java.util.List;
import org.jline.terminal.Size;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.ScreenTerminal;
import org.jspecify.annotations.Nullable;

/** The screen of one terminal track, from its recorded events. For one thread at a time. */
public final class LiveScreen {

  /** Larger screens are cut, in columns and in rows. */
  static final int MAX_SIDE = 1000;

  /** Rows that have scrolled away are not shown; the library's memory of them is cleared here. */
  private static final int MAX_HISTORY_ROWS = 2_000;

  /** With so many rows it is cleared even where that may break a sequence of the program's. */
  private static final int TOO_MANY_ROWS = 20_000;

  private static final String CLEAR_HISTORY = "\033[3J";

  private final ScreenTerminal screen;
  private @Nullable String exit;
  private @Nullable String note;
  private @Nullable ScreenSnapshot picture;

  /** A blank screen; sizes that no screen has become 80 columns and 24 rows. */
  public LiveScreen(int columns, int rows) {
    screen = new ScreenTerminal(side(columns, 80), side(rows, 24));
  }

  private static int side(int cells, int otherwise) {
    return cells < ScreenTerminal.MIN_SIZE ? otherwise : Math.min(cells, MAX_SIDE);
  }

  /** Takes the next event of the recording. */
  public void take(CastEvent event) {
    if (!(event.code() instanceof CastCode.Known code)) {
      return;
    }
    picture = null;
    switch (code) {
      case OUTPUT -> output(event.data());
      case RESIZE -> resize(event.data());
      case MARKER -> note = event.data();
      case EXIT -> exit = event.data();
      case INPUT -> {}
    }
  }

  private void output(String text) {
    screen.write(text);
    // What the program asked its terminal is not ours to answer.
    screen.read();
    // Between two sequences, if there is such a moment: one of ours inside of another breaks both.
    int limit = text.endsWith("\n") ? MAX_HISTORY_ROWS : TOO_MANY_ROWS;
    if (screen.getHistorySize() > limit) {
      screen.write(CLEAR_HISTORY);
    }
  }

  private void resize(String size) {
    int by = size.indexOf('x');
    try {
      int columns = Integer.parseInt(size.substring(0, Math.max(0, by)));
      int rows = Integer.parseInt(size.substring(by + 1));
      screen.setSize(Size.of(side(columns, 80), side(rows, 24)));
    } catch (NumberFormatException noSize) {
      note = "a size that is none: " + size;
    }
  }

  /** The screen now; the same object as long as nothing comes. */
  public ScreenSnapshot picture() {
    ScreenSnapshot known = picture;
    if (known == null) {
      known = make();
      picture = known;
    }
    return known;
  }

  private ScreenSnapshot make() {
    int columns = screen.getColumns();
    int rows = screen.getRows();
    long[] cells = new long[columns * rows];
    int[] cursor = new int[2];
    screen.dump(cells, cursor);
    List<AttributedString> lines = new ArrayList<>(rows);
    for (int row = 0; row < rows; row++) {
      lines.add(line(cells, row * columns, columns));
    }
    return new ScreenSnapshot(columns, rows, lines, cursor[0], cursor[1], exit, note);
  }

  private static AttributedString line(long[] cells, int from, int columns) {
    AttributedStringBuilder line = new AttributedStringBuilder(columns);
    for (int i = from; i < from + columns; i++) {
      int character = ScreenTerminal.cellCodePoint(cells[i]);
      if (character == 0) {
        continue; // the right half of a wide character
      }
      boolean hidden = Character.isISOControl(character) || ScreenTerminal.cellConceal(cells[i]);
      line.style(style(cells[i])).append(hidden ? " " : Character.toString(character));
    }
    return line.toAttributedString();
  }

  private static AttributedStyle style(long cell) {
    AttributedStyle style = AttributedStyle.DEFAULT;
    if (ScreenTerminal.cellHasForeground(cell)) {
      style = style.foregroundRgb(ScreenTerminal.cellColorRgb(ScreenTerminal.cellForeground(cell)));
    }
    if (ScreenTerminal.cellHasBackground(cell)) {
      style = style.backgroundRgb(ScreenTerminal.cellColorRgb(ScreenTerminal.cellBackground(cell)));
    }
    style = ScreenTerminal.cellBold(cell) ? style.bold() : style;
    style = ScreenTerminal.cellDim(cell) ? style.faint() : style;
    style = ScreenTerminal.cellItalic(cell) ? style.italic() : style;
    style = ScreenTerminal.cellUnderline(cell) ? style.underline() : style;
    return ScreenTerminal.cellInverse(cell) ? style.inverse() : style;
  }
}
