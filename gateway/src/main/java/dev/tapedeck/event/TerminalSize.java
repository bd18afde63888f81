package dev.tapedeck.event;

/**
 * A terminal's size in character cells.
 *
 * <p>Clients may ask for any size, also 0x0 ("unknown", RFC 4254, section 6.2). {@link #usable}
 * makes of it one that the kernel takes, {@link #recordable} one that every reader of recordings
 * takes in a header.
 */
public record TerminalSize(int columns, int rows) {

  /** What a terminal is taken to be when nobody says. */
  public static final TerminalSize DEFAULT = new TerminalSize(80, 24);

  /** The largest that the kernel's {@code struct winsize} holds, either way. */
  public static final int MAX = 65_535;

  /** The most columns that asciinema-server accepts in a header. */
  public static final int MAX_RECORDED_COLUMNS = 720;

  /** The most rows that asciinema-server accepts in a header. */
  public static final int MAX_RECORDED_ROWS = 200;

  /** This size with 0 replaced by the default. */
  public TerminalSize usable() {
    return within(MAX, MAX);
  }

  /** This size as a recording's header has it: cut down to what players accept. */
  public TerminalSize recordable() {
    return within(MAX_RECORDED_COLUMNS, MAX_RECORDED_ROWS);
  }

  private TerminalSize within(int maxColumns, int maxRows) {
    return new TerminalSize(
        columns <= 0 ? DEFAULT.columns : Math.min(columns, maxColumns),
        rows <= 0 ? DEFAULT.rows : Math.min(rows, maxRows));
  }

  /** As asciicast writes it: {@code 80x24}. */
  @Override
  public String toString() {
    return columns + "x" + rows;
  }
}
