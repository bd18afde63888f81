package dev.tapedeck.live;

import java.util.List;
import org.jline.utils.AttributedString;
import org.jspecify.annotations.Nullable;

/**
 * A terminal's screen at one moment.
 *
 * @param lines one for each row, each {@code columns} cells wide, without control characters
 * @param cursorColumn from 0
 * @param cursorRow from 0
 * @param exit the program's exit status; null while it runs
 * @param note the last marker, such as a gap in the recording; null if there was none
 */
public record ScreenSnapshot(
    int columns,
    int rows,
    List<AttributedString> lines,
    int cursorColumn,
    int cursorRow,
    @Nullable String exit,
    @Nullable String note) {

  public ScreenSnapshot {
    lines = List.copyOf(lines);
  }
}
