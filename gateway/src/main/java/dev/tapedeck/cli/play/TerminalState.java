package dev.tapedeck.cli.play;

/**
 * What a recording has done to the terminal, as far as undoing it moves the cursor or is not safe
 * to do for nothing; and how all is undone, what is not followed here included.
 */
final class TerminalState {

  /**
   * Puts everything that has no place on the screen back to what a shell expects (xterm control
   * sequences, DEC's and kitty's documentation). It begins with ST, for the recording may have
   * stopped within a sequence. Key reports come before SGR 0: some terminals take them for colours.
   */
  private static final String COMMON =
      "\033\\" // the end of a string
          + "\033[4i\033[2l\033[4l\033[12h\033[20l" // printer, keyboard lock, insert, echo, newline
          + "\033%G\033(B\033)B\033*B\033+B\017\033 F" // UTF-8, charsets, 7-bit answers
          + "\033[?9l\033[?1000l\033[?1001l\033[?1002l\033[?1003l" // the mouse
          + "\033[?1005l\033[?1006l\033[?1015l\033[?1016l"
          + "\033[?1004l\033[?2004l\033[?2026l\033[?2031l\033[?2048l" // focus, paste, other reports
          + "\033[?1l\033[?66l\033>\033[?8h" // keys of cursor and pad, repeat
          + "\033[?5l\033[?7h\033[?45l\033[?5W" // reverse video, wrap, tabs
          + "\033[>1m\033[>2m\033[>4m" // modifyCursorKeys, modifyFunctionKeys, modifyOtherKeys
          + "\033]104\033\\\033]110\033\\\033]111\033\\\033]112\033\\" // palette and colours
          + "\033]117\033\\\033]119\033\\\033]8;;\033\\"
          + "\033[0m\033[0 q\033[?25h"; // attributes, the cursor's shape, the cursor

  /** More than any terminal's stack of keyboard modes holds. */
  private static final String POP_KEYBOARD = "\033[<99u";

  /** A longer sequence is none that is followed. */
  private static final int MAX_PARAMETERS = 64;

  private static final char ESC = '\033';
  private static final char CSI = '\u009b';

  private final StringBuilder parameters = new StringBuilder();
  private boolean escape;
  private boolean csi;

  /** The mode by which the second screen was chosen, or 0. */
  private int alternate;

  private boolean origin;
  private boolean margins;
  private boolean sideMargins;
  private boolean keyboard;

  /** Takes note of output; sequences may be divided between calls. */
  void follow(String output) {
    for (int i = 0; i < output.length(); i++) {
      char c = output.charAt(i);
      if (c == ESC || c == CSI) {
        escape = c == ESC;
        csi = c == CSI;
        parameters.setLength(0);
      } else if (csi) {
        csi(c);
      } else if (escape) {
        escape = false;
        csi = c == '[';
        if (c == 'c') {
          clear();
        }
      }
    }
  }

  private void clear() {
    alternate = 0;
    origin = false;
    margins = false;
    sideMargins = false;
    keyboard = false;
  }

  private void csi(char c) {
    if (c < '@') {
      if (c >= ' ' && parameters.length() < MAX_PARAMETERS) {
        parameters.append(c);
      }
      return;
    }
    csi = false;
    String text = parameters.toString();
    boolean special = text.startsWith("?");
    switch (c) {
      case 'h', 'l' -> {
        for (String mode : (special ? text.substring(1) : "").split(";", -1)) {
          mode(mode, c == 'h');
        }
      }
      case 'r' -> margins = special ? margins : !text.isEmpty();
      case 'p' -> {
        if (text.equals("!")) {
          origin = false;
          margins = false;
        }
      }
      case 'u' -> keyboard |= text.startsWith(">") || text.startsWith("=");
      default -> {
        // Undone without being followed, or nothing that lasts.
      }
    }
  }

  private void mode(String mode, boolean on) {
    switch (mode) {
      case "6" -> origin = on;
      case "69" -> sideMargins = on;
      case "47", "1047", "1049" -> alternate = on ? Integer.parseInt(mode) : 0;
      default -> {
        // As above.
      }
    }
  }

  /** What undoes it all, and leaves the cursor where the next line can be written. */
  String undo() {
    StringBuilder text = new StringBuilder(COMMON);
    // Each of these moves the cursor to the upper left corner.
    text.append(origin ? "\033[?6l" : "")
        .append(sideMargins ? "\033[?69l" : "")
        .append(margins ? "\033[r" : "");
    boolean moved = origin || sideMargins || margins;
    text.append(keyboard ? POP_KEYBOARD : "");
    if (alternate != 0) {
      // Each screen has a stack of its own. 1049 brings the cursor back; unasked it would move it.
      text.append("\033[?").append(alternate).append('l').append(keyboard ? POP_KEYBOARD : "");
    }
    return text.append(moved && alternate != 1049 ? "\033[999;1H" : "").toString();
  }
}
