package dev.tapedeck.cli.play;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keys from what a terminal sends while a recording plays on it. The recording may have asked it
 * anything and switched on any report, so most of what comes are answers, which mean nothing here.
 *
 * <pre>
 *   ground --ESC--> escape --[ --> csi ----final--> a key, or nothing --> ground
 *          --CSI--------------------^   \--M alone--> mouse --three characters--> ground
 *                   escape --O--> ss3 --any--> a key, or nothing --> ground
 *                   escape --P ] X ^ _--> string --ST or BEL--> ground
 *                   escape --other--> as in ground
 *   anything but mouse --Ctrl-C--> quit, ground
 * </pre>
 */
final class TerminalInput {

  /** No answer is longer: then it was none. */
  private static final int MAX_STRING = 64 << 10;

  private static final int MAX_PARAMETERS = 64;
  private static final int MOUSE_CHARACTERS = 3;

  private static final int CTRL_C = 0x03;
  private static final int BEL = 0x07;
  private static final int CTRL_Z = 0x1A;
  private static final int ESC = 0x1B;
  private static final int CTRL_BACKSLASH = 0x1C;

  private enum State {
    GROUND,
    ESCAPE,
    CSI,
    SS3,
    STRING,
    MOUSE
  }

  private final Consumer<PlayKey> keys;
  private final StringBuilder parameters = new StringBuilder();
  private State state = State.GROUND;
  private int count;
  private boolean pasting;

  /** Of a character in UTF-8: its bits so far, and how many bytes are to come. */
  private int character;

  private int missing;

  TerminalInput(Consumer<PlayKey> keys) {
    this.keys = keys;
  }

  void take(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      int b = bytes[i] & 0xFF;
      if (missing > 0 && (b & 0xC0) == 0x80) {
        character = character << 6 | (b & 0x3F);
        if (--missing == 0) {
          take(character);
        }
      } else if (b >= 0xC2 && b <= 0xF4) {
        missing = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
        character = b & (0x3F >> missing);
      } else {
        missing = 0;
        take(b); // an ASCII character, or a control of C1 by itself
      }
    }
  }

  private void take(int c) {
    if (state == State.MOUSE) {
      state = ++count < MOUSE_CHARACTERS ? State.MOUSE : State.GROUND;
      return;
    }
    if (c == CTRL_C) {
      state = State.GROUND;
      keys.accept(PlayKey.QUIT);
      return;
    }
    switch (state) {
      case GROUND -> ground(c);
      case ESCAPE -> escape(c);
      case CSI -> csi(c);
      case SS3 -> {
        state = State.GROUND;
        named((char) c, "");
      }
      case STRING -> {
        if (c == ESC) {
          state = State.ESCAPE;
        } else if (c == BEL || c == 0x9C || ++count > MAX_STRING) {
          state = State.GROUND;
        }
      }
      case MOUSE -> throw new IllegalStateException("it was taken above");
    }
  }

  private void ground(int c) {
    switch (c) {
      case ESC -> state = State.ESCAPE;
      case 0x8F -> state = State.SS3;
      case 0x9B -> begin(State.CSI);
      case 0x90, 0x98, 0x9D, 0x9E, 0x9F -> begin(State.STRING);
      default -> typed(c);
    }
  }

  private void begin(State sequence) {
    state = sequence;
    parameters.setLength(0);
    count = 0;
  }

  private void escape(int c) {
    switch (c) {
      case '[' -> begin(State.CSI);
      case 'O' -> state = State.SS3;
      case 'P', ']', 'X', '^', '_' -> begin(State.STRING);
      default -> {
        state = State.GROUND;
        ground(c);
      }
    }
  }

  private void csi(int c) {
    if (c == ESC) {
      state = State.ESCAPE;
    } else if (c >= '@' && c <= '~') {
      state = State.GROUND;
      sequence((char) c, parameters.toString());
    } else if (parameters.length() < MAX_PARAMETERS) {
      parameters.append((char) c);
    }
  }

  private void sequence(char last, String text) {
    if (last == 'M' && text.isEmpty()) {
      begin(State.MOUSE);
    } else if (last == 'n' && text.equals("0")) {
      keys.accept(PlayKey.ANSWERED);
    } else if (last == '~' && (text.equals("200") || text.equals("201"))) {
      pasting = text.equals("200");
    } else if (last == 'u') {
      modified(text.split(";", -1), 0, 1);
    } else if (last == '~' && text.startsWith("27;")) {
      modified(text.split(";", -1), 2, 1);
    } else {
      named(last, text);
    }
  }

  /**
   * A character as the recording wanted it reported: by kitty's protocol {@code CODE;MODIFIERS u},
   * by xterm's modifyOtherKeys {@code 27;MODIFIERS;CODE ~}. Modifiers are bits and one; with kitty,
   * a colon and the kind of event may follow.
   */
  private void modified(String[] fields, int codeAt, int modifiersAt) {
    int code = number(codeAt < fields.length ? fields[codeAt] : "");
    String modifiers = modifiersAt < fields.length ? fields[modifiersAt] : "";
    if (code < 0 || released(modifiers)) {
      return;
    }
    int bits = Math.max(number(modifiers), 1) - 1;
    boolean control = (bits & 4) != 0;
    if (control && code == 'c') {
      keys.accept(PlayKey.QUIT);
    } else if (control && code == 'z') {
      typed(CTRL_Z);
    } else if (!control && (bits & 2) == 0) {
      typed(code);
    }
  }

  private static boolean released(String modifiers) {
    return modifiers.endsWith(":3");
  }

  /** The number that a field begins with, or -1. */
  private static int number(String field) {
    int end = 0;
    while (end < field.length() && end < 7 && Character.digit(field.charAt(end), 10) >= 0) {
      end++;
    }
    return end == 0 ? -1 : Integer.parseInt(field, 0, end, 10);
  }

  private void named(char last, String text) {
    if (released(text) || pasting) {
      return;
    }
    PlayKey key =
        switch (last) {
          case 'C' -> PlayKey.FORWARD;
          case 'D' -> PlayKey.BACK;
          case 'H' -> PlayKey.BEGINNING;
          case '~' ->
              switch (number(text)) {
                case 1, 7 -> PlayKey.BEGINNING;
                case 5 -> PlayKey.FAR_BACK;
                case 6 -> PlayKey.FAR_FORWARD;
                default -> null;
              };
          default -> null;
        };
    press(text.startsWith("?") || text.startsWith(">") ? null : key);
  }

  private void typed(int c) {
    press(
        pasting
            ? null
            : switch (c) {
              case ' ' -> PlayKey.PAUSE;
              case '.' -> PlayKey.STEP;
              case 'q', CTRL_BACKSLASH -> PlayKey.QUIT;
              case CTRL_Z -> PlayKey.SUSPEND;
              default -> null;
            });
  }

  private void press(@Nullable PlayKey key) {
    if (key != null) {
      keys.accept(key);
    }
  }
}
