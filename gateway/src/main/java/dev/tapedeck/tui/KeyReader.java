package dev.tapedeck.tui;

import dev.tapedeck.tui.Key.Named;
import java.io.IOException;
import java.util.Optional;
import org.jline.utils.NonBlockingReader;

/**
 * Keys from what a terminal sends.
 *
 * <pre>
 *   plain --ESC--> escape --[--> parameters --letter or ~--> a named key
 *                    |  \--O--> a letter --> a named key
 *                    \--anything else, or nothing for a moment--> the key Escape
 * </pre>
 */
final class KeyReader {

  /** The bytes of one key come together: what comes later is another key. */
  private static final long ESCAPE_MILLIS = 40;

  /** No key's sequence is longer. */
  private static final int MAX_SEQUENCE = 16;

  private static final int ESC = 27;
  private static final int CTRL_B = 2;
  private static final int CTRL_C = 3;
  private static final int CTRL_F = 6;
  private static final int CTRL_L = 12;
  private static final int DELETE = 127;

  /** As {@link #next} if nothing waits. */
  private static final int NONE = Integer.MIN_VALUE;

  private final NonBlockingReader in;

  /** A character that was read too early. */
  private int next = NONE;

  KeyReader(NonBlockingReader in) {
    this.in = in;
  }

  /** The terminal is gone. */
  static final class Gone extends IOException {
    private static final long serialVersionUID = 1;

    Gone() {
      super("the terminal is gone");
    }
  }

  /**
   * The next key; nothing if none comes in time.
   *
   * @throws Gone at the input's end
   */
  Optional<Key> next(long millis) throws IOException {
    int c = read(millis);
    if (c == NonBlockingReader.READ_EXPIRED) {
      return Optional.empty();
    }
    if (Character.isHighSurrogate((char) c)) {
      int low = read(ESCAPE_MILLIS);
      return Optional.of(
          low > 0 && Character.isLowSurrogate((char) low)
              ? new Key.Typed(Character.toCodePoint((char) c, (char) low))
              : Named.NONE);
    }
    return Optional.of(
        switch (c) {
          case ESC -> escape();
          case '\t' -> Named.TAB;
          case '\r', '\n' -> Named.ENTER;
          case '\b', DELETE -> Named.BACKSPACE;
          case CTRL_B -> Named.PAGE_UP;
          case CTRL_F -> Named.PAGE_DOWN;
          case CTRL_C -> Named.QUIT;
          case CTRL_L -> Named.REDRAW;
          default -> c < ' ' ? Named.NONE : new Key.Typed(c);
        });
  }

  private int read(long millis) throws IOException {
    int waiting = next;
    if (waiting != NONE) {
      next = NONE;
      return waiting;
    }
    int c = in.read(millis);
    if (c == NonBlockingReader.EOF) {
      throw new Gone();
    }
    return c;
  }

  private Key escape() throws IOException {
    int second = read(ESCAPE_MILLIS);
    if (second != '[' && second != 'O') {
      if (second != NonBlockingReader.READ_EXPIRED) {
        next = second; // two keys in a hurry: none means anything together with Alt
      }
      return Named.ESCAPE;
    }
    StringBuilder sequence = new StringBuilder();
    while (sequence.length() < MAX_SEQUENCE) {
      int c = read(ESCAPE_MILLIS);
      if (c < 0) {
        return Named.NONE;
      }
      sequence.append((char) c);
      if (c >= '@' && c <= '~') {
        return named(sequence.toString());
      }
    }
    return Named.NONE;
  }

  /** As xterm and its kin send them, with or without application mode. */
  private static Key named(String sequence) {
    return switch (sequence) {
      case "A" -> Named.UP;
      case "B" -> Named.DOWN;
      case "C" -> Named.RIGHT;
      case "D" -> Named.LEFT;
      case "H", "1~", "7~" -> Named.HOME;
      case "F", "4~", "8~" -> Named.END;
      case "5~" -> Named.PAGE_UP;
      case "6~" -> Named.PAGE_DOWN;
      case "Z" -> Named.BACK_TAB;
      default -> Named.NONE;
    };
  }
}
