package dev.tapedeck.formats.cast;

/**
 * The plain text of a terminal's output, line by line, as a person read it.
 *
 * <p>The rule:
 *
 * <ul>
 *   <li>A line ends at a line feed (also VT, FF, IND, NEL), whatever the column; the next begins at
 *       column 0. Text that runs over the terminal's right edge goes on in the same line.
 *   <li>Within a line the text is what the screen showed in the end: carriage return, backspace,
 *       tab, the cursor's moves along the row (CSI {@code C D G `}, and {@code A B e k} between the
 *       rows of one long line), erasing (CSI {@code K X}, {@code J} from the cursor), deleting and
 *       inserting (CSI {@code P @}) and repeating (CSI {@code b}) work. So a progress bar is its
 *       last state, and an edited command line is what was run.
 *   <li>Moving to another line, erasing the screen, or resetting the terminal ends the line; it is
 *       kept if it is not blank.
 *   <li>What is shown on the alternate screen (CSI {@code ? 47, 1047, 1049 h}), as editors and
 *       pagers do it, is left out.
 *   <li>All other control characters and sequences (colours, titles, OSC, DCS, APC, PM, SOS,
 *       character sets) are dropped. One that is cut off waits for its rest in the next event.
 *   <li>Blanks at a line's end are dropped. Lines are cut at 65,528 cells.
 * </ul>
 *
 * @see <a href="https://ecma-international.org/publications-and-standards/standards/ecma-48/">
 *     ECMA-48</a>
 */
public final class CastText {

  /** Takes the lines, in order. */
  @FunctionalInterface
  public interface Lines {

    /**
     * One line.
     *
     * @param time when its first character was printed, in nanoseconds since the recording began;
     *     for an empty line, when it ended
     * @param text without its end; may be empty
     */
    void line(long time, String text);
  }

  private static final int DEFAULT_COLUMNS = 80;

  private final Lines lines;
  private final TextLine line;
  private final ControlSequence sequence = new ControlSequence();
  private boolean alternate;
  private boolean begun;
  private long began;
  private long printed;
  private long now;
  private int lastPrinted = ' ';
  private int savedCursor;

  /** The first half of a character whose other half has not come; 0 if there is none. */
  private char highSurrogate;

  /**
   * @param columns the terminal's width at the start; 0 stands for 80
   */
  public CastText(int columns, Lines lines) {
    this.lines = lines;
    this.line = new TextLine(usable(columns));
  }

  /** Output and resizes are taken in; other events are not of the screen. */
  public void event(CastEvent event) {
    switch (event.code()) {
      case CastCode.Known.OUTPUT -> output(event.time(), event.data());
      case CastCode.Known.RESIZE -> resize(event.data());
      case CastCode.Known.INPUT, CastCode.Known.MARKER, CastCode.Known.EXIT -> {}
      case CastCode.Unknown _ -> {}
    }
  }

  /** The program wrote {@code text} at {@code time}. */
  public void output(long time, String text) {
    now = time;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)) {
        highSurrogate = c;
      } else if (Character.isLowSurrogate(c)) {
        character(highSurrogate == 0 ? '\uFFFD' : Character.toCodePoint(highSurrogate, c));
        highSurrogate = 0;
      } else {
        highSurrogate = 0;
        character(c);
      }
    }
  }

  /** The terminal has another width from now on. */
  public void resize(int columns) {
    line.columns(usable(columns));
  }

  /**
   * When the last character of the line that is being given was printed: from then on all of it
   * stood on the screen. Of an empty line it says nothing.
   */
  public long printed() {
    return printed;
  }

  /** The recording is over: the last line is given, if anything is on it. */
  public void end() {
    leaveLine();
  }

  private void resize(String size) {
    int x = size.indexOf('x');
    if (x > 0) {
      resize(Integer.parseInt(size, 0, x, 10));
    }
  }

  private static int usable(int columns) {
    return columns <= 0 ? DEFAULT_COLUMNS : Math.min(columns, CastHeader.MAX_USABLE_WIDTH);
  }

  private void character(int c) {
    switch (sequence.take(c)) {
      case TEXT -> text(c);
      case CONTROL -> control(c);
      case ESCAPE -> escape(c);
      case CSI -> csi((char) c);
      case NOTHING -> {}
    }
  }

  private void text(int c) {
    if (alternate) {
      return;
    }
    if (!begun) {
      begun = true;
      began = now;
    }
    printed = now;
    line.print(c);
    lastPrinted = c;
    if (line.isFull()) {
      endLine();
    }
  }

  private void control(int c) {
    if (alternate) {
      return;
    }
    switch (c) {
      case '\n', 0x0B, '\f', 0x84, 0x85 -> endLine();
      case '\r' -> line.carriageReturn();
      case '\b' -> line.moveBy(-1);
      case '\t' -> line.tab();
      case 0x8D -> leaveLine();
      default -> {}
    }
  }

  private void escape(int c) {
    switch (c) {
      case 'c' -> {
        leaveLine();
        alternate = false;
      }
      case 'D', 'E' -> control('\n');
      case 'M' -> control(0x8D);
      case '7' -> save();
      case '8' -> restore();
      default -> {}
    }
  }

  private void csi(char end) {
    if (sequence.isPrivate()) {
      if (sequence.isDecPrivate() && (end == 'h' || end == 'l')) {
        mode(end == 'h');
      }
      return;
    }
    if (alternate) {
      return;
    }
    int count = sequence.count();
    switch (end) {
      case 'C', 'a' -> line.moveBy(count);
      case 'D' -> line.moveBy(-count);
      case 'G', '`' -> line.moveToColumn(count - 1);
      case 'A', 'k' -> moveRows(-count);
      case 'B', 'e' -> moveRows(count);
      case 'E', 'F', 'd' -> leaveLine();
      case 'H', 'f' -> {
        leaveLine();
        line.moveToColumn(sequence.secondCount() - 1);
      }
      case 'J' -> eraseScreen(sequence.first());
      case 'K' -> eraseRow(sequence.first());
      case 'X' -> line.eraseAhead(count);
      case 'P' -> line.delete(count);
      case '@' -> line.insert(count);
      case 'b' -> repeat(count);
      case 's' -> save();
      case 'u' -> restore();
      default -> {}
    }
  }

  private void mode(boolean on) {
    for (int i = 0; i < sequence.size(); i++) {
      int mode = sequence.parameter(i);
      if (mode == 47 || mode == 1047 || mode == 1049) {
        alternate = on;
      }
    }
  }

  private void moveRows(int rows) {
    if (!line.moveRows(rows)) {
      int column = line.column();
      leaveLine();
      line.moveToColumn(column);
    }
  }

  private void eraseScreen(int what) {
    switch (what) {
      case 0 -> line.eraseToEnd();
      case 1 -> line.eraseToStart();
      default -> leaveLine();
    }
  }

  private void eraseRow(int what) {
    switch (what) {
      case 0 -> line.eraseToRowEnd();
      case 1 -> line.eraseToStart();
      case 2 -> line.eraseRow();
      default -> {}
    }
  }

  private void repeat(int count) {
    int times = Math.min(count, CastHeader.MAX_USABLE_WIDTH);
    for (int i = 0; i < times; i++) {
      text(lastPrinted);
    }
  }

  private void save() {
    if (!alternate) {
      savedCursor = line.at();
    }
  }

  private void restore() {
    if (!alternate) {
      line.moveTo(savedCursor);
    }
  }

  /** The line is over; it counts even if it is empty. */
  private void endLine() {
    lines.line(begun ? began : now, line.text());
    begin();
  }

  /** The cursor goes elsewhere; what was on the line is kept if it is not blank. */
  private void leaveLine() {
    if (line.isBlank()) {
      begin();
    } else {
      endLine();
    }
  }

  private void begin() {
    line.clear();
    begun = false;
    savedCursor = 0;
  }
}
