package dev.tapedeck.formats.cast;

/**
 * Tells text from control sequences, one character at a time.
 *
 * <pre>
 *   ground --ESC--> escape --[ --> csi ----final (@ to ~)--> ground
 *          --CSI------------------^
 *                   escape --( ) * + - . / # % space--> charset --any--> ground
 *                   escape --P ] X ^ _--> string --ST, or BEL, CAN, SUB--> ground
 *                   escape --other--> ground
 * </pre>
 *
 * <p>C0 controls inside a CSI act at once; CAN and SUB end any sequence. The parser is the usual
 * one of DEC's terminals, less what it does not need.
 */
final class ControlSequence {

  /** What a character was. */
  enum Kind {
    /** To be printed. */
    TEXT,
    /** A control character that acts by itself, of C0 or C1. */
    CONTROL,
    /** The end of a two-character escape sequence. */
    ESCAPE,
    /** The end of a control sequence, whose parameters are here. */
    CSI,
    /** A part of something, or nothing that shows. */
    NOTHING
  }

  private enum State {
    GROUND,
    ESCAPE,
    CHARSET,
    CSI,
    STRING,
    STRING_ESCAPE
  }

  private static final int MAX_PARAMETERS = 32;
  private static final int MAX_VALUE = 100_000;

  private static final int ESC = 0x1B;
  private static final int CAN = 0x18;
  private static final int SUB = 0x1A;
  private static final int BEL = 0x07;

  private final int[] parameters = new int[MAX_PARAMETERS];
  private State state = State.GROUND;
  private int size;
  private char prefix;
  private boolean intermediate;

  Kind take(int c) {
    if (c == CAN || c == SUB) {
      state = State.GROUND;
      return Kind.NOTHING;
    }
    return switch (state) {
      case GROUND -> ground(c);
      case ESCAPE -> escape(c);
      case CHARSET -> charset(c);
      case CSI -> csi(c);
      case STRING -> string(c);
      case STRING_ESCAPE -> c == '\\' ? ends(Kind.NOTHING) : escape(c);
    };
  }

  private Kind ground(int c) {
    if ((c >= 0x20 && c < 0x7F) || c > 0x9F) {
      return Kind.TEXT;
    }
    return switch (c) {
      case ESC -> goes(State.ESCAPE);
      case 0x9B -> beginCsi();
      case 0x90, 0x98, 0x9D, 0x9E, 0x9F -> goes(State.STRING);
      default -> Kind.CONTROL;
    };
  }

  private Kind escape(int c) {
    return switch (c) {
      case ESC -> goes(State.ESCAPE);
      case '[' -> beginCsi();
      case 'P', ']', 'X', '^', '_' -> goes(State.STRING);
      case ' ', '#', '%', '(', ')', '*', '+', '-', '.', '/' -> goes(State.CHARSET);
      default -> {
        if (c < 0x20) {
          yield Kind.CONTROL;
        }
        yield ends(Kind.ESCAPE);
      }
    };
  }

  private Kind charset(int c) {
    return c == ESC ? goes(State.ESCAPE) : ends(Kind.NOTHING);
  }

  private Kind string(int c) {
    return switch (c) {
      case BEL, 0x9C -> ends(Kind.NOTHING);
      case ESC -> goes(State.STRING_ESCAPE);
      default -> Kind.NOTHING;
    };
  }

  private Kind beginCsi() {
    size = 1;
    parameters[0] = 0;
    prefix = 0;
    intermediate = false;
    return goes(State.CSI);
  }

  private Kind csi(int c) {
    if (c >= '0' && c <= '9') {
      int last = size - 1;
      parameters[last] = Math.min(MAX_VALUE, parameters[last] * 10 + (c - '0'));
    } else if (c == ';' || c == ':') {
      if (size < MAX_PARAMETERS) {
        parameters[size++] = 0;
      }
    } else if (c >= '<' && c <= '?') {
      prefix = (char) c;
    } else if (c >= 0x20 && c <= 0x2F) {
      intermediate = true;
    } else if (c >= 0x40 && c <= 0x7E) {
      return ends(intermediate ? Kind.NOTHING : Kind.CSI);
    } else if (c == ESC) {
      return goes(State.ESCAPE);
    } else if (c < 0x20) {
      return Kind.CONTROL;
    } else if (c > 0x9F) {
      return ends(Kind.TEXT); // no sequence has it: what follows is text again
    }
    return Kind.NOTHING;
  }

  private Kind goes(State next) {
    state = next;
    return Kind.NOTHING;
  }

  private Kind ends(Kind kind) {
    state = State.GROUND;
    return kind;
  }

  /** Whether it is not one of ECMA-48's: {@code CSI ?}, {@code CSI >} and the like. */
  boolean isPrivate() {
    return prefix != 0;
  }

  boolean isDecPrivate() {
    return prefix == '?';
  }

  int size() {
    return size;
  }

  int parameter(int index) {
    return parameters[index];
  }

  int first() {
    return parameters[0];
  }

  /** The first parameter as a count: 1 if it is absent or 0. */
  int count() {
    return Math.max(1, parameters[0]);
  }

  int secondCount() {
    return size > 1 ? Math.max(1, parameters[1]) : 1;
  }
}
