package dev.tapedeck.pump;

import java.util.regex.Pattern;

/** Takes escape sequences (ECMA-48) out of a stream of bytes: cursor keys, colours, titles. */
final class EscapeFilter {

  private enum State {
    TEXT,
    ESCAPE,
    CONTROL,
    STRING,
    STRING_ESCAPE
  }

  /** More parameters than the ones that are looked for have. */
  private static final int MAX_PARAMETERS = 32;

  /** DEC's private modes that switch to the second screen and back. */
  private static final Pattern SECOND_SCREEN = Pattern.compile("\\?(.*;)?(47|1047|1049)(;.*)?");

  private State state = State.TEXT;
  private final StringBuilder parameters = new StringBuilder();
  private boolean secondScreen;

  /** Whether this byte is none of an escape sequence's. */
  boolean text(byte one) {
    State before = state;
    if (before == State.CONTROL) {
      control(one);
    }
    state =
        switch (before) {
          case TEXT -> one == 0x1B ? State.ESCAPE : State.TEXT;
          case ESCAPE ->
              switch (one) {
                case '[', 'O' -> State.CONTROL;
                case ']', 'P', 'X', '^', '_' -> State.STRING;
                default -> one >= ' ' && one <= '/' ? State.ESCAPE : State.TEXT;
              };
          case CONTROL -> one >= '@' && one <= '~' ? State.TEXT : State.CONTROL;
          case STRING ->
              switch (one) {
                case 0x07 -> State.TEXT;
                case 0x1B -> State.STRING_ESCAPE;
                default -> State.STRING;
              };
          case STRING_ESCAPE -> State.TEXT;
        };
    return before == State.TEXT && state == State.TEXT;
  }

  private void control(byte one) {
    if (one >= '@' && one <= '~') {
      boolean on = one == 'h';
      if ((on || one == 'l') && SECOND_SCREEN.matcher(parameters).matches()) {
        secondScreen = on;
      }
      parameters.setLength(0);
    } else if (parameters.length() < MAX_PARAMETERS) {
      parameters.append((char) (one & 0xff));
    }
  }

  /** Whether a program draws on the terminal's second screen, as editors and multiplexers do. */
  boolean secondScreen() {
    return secondScreen;
  }

  /** Whether this byte, the next one, ends a sequence that moves the cursor to another place. */
  boolean moves(byte one) {
    return state == State.CONTROL && (one == 'H' || one == 'f' || one == 'd');
  }

  /** Whatever was begun is not gone on with. */
  void reset() {
    state = State.TEXT;
    parameters.setLength(0);
  }
}
