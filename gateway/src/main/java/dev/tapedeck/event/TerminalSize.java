package dev.tapedeck.event;

/**
 * A terminal's size in character cells.
 *
 * <p>Clients may ask for any size, also 0x0 ("unknown", RFC 4254, section 6.2). {@link #usable}
 * makes of it one that every program and every reader of recordings takes.
 */
public record TerminalSize(int columns, int rows) {

  /** What a terminal is taken to be when nobody says. */
  public static final TerminalSize DEFAULT = new TerminalSize(80, 24);

  /** The largest that asciinema-server accepts. */
  public static final int MAX_COLUMNS = 720;

  /** The largest that asciinema-server accepts. */
  public static final int MAX_ROWS = 200;

  /** This size with 0 replaced by the default and anything past the largest cut down to it. */
  public TerminalSize usable() {
    return new TerminalSize(
        columns <= 0 ? DEFAULT.columns : Math.min(columns, MAX_COLUMNS),
        rows <= 0 ? DEFAULT.rows : Math.min(rows, MAX_ROWS));
  }

  /** As asciicast writes it: {@code 80x24}. */
  @Override
  public String toString() {
    return columns + "x" + rows;
  }
}
