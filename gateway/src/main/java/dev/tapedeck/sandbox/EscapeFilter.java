package dev.tapedeck.sandbox;

/** Takes escape sequences (ECMA-48) out of a stream of bytes: cursor keys, colours, titles. */
public final class EscapeFilter {

  private enum State {
    TEXT,
    ESCAPE,
    CONTROL,
    STRING,
    STRING_ESCAPE
  }

  private State state = State.TEXT;

  /** Whether this byte is none of an escape sequence's. */
  public boolean text(byte one) {
    State before = state;
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

  /** Whether this byte, the next one, ends a sequence that moves the cursor to another place. */
  public boolean moves(byte one) {
    return state == State.CONTROL && (one == 'H' || one == 'f' || one == 'd');
  }

  /** Whatever was begun is not gone on with. */
  public void reset() {
    state = State.TEXT;
  }
}
