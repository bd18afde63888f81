package dev.tapedeck.pump;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.sandbox.EscapeFilter;
import dev.tapedeck.sandbox.SecretPrompt;

/**
 * Keeps the line in which the cursor of a terminal is, and tells whether what is typed next answers
 * a question for a secret.
 *
 * <pre>
 *   FREE --the line asks for a secret, and nothing was typed in it--&gt; ASKED: hidden
 *    ^                                                               |
 *    '---- a line's end is typed, or printed by what draws no screen --'
 * </pre>
 *
 * <p>Programs that draw a screen move the cursor about: a question that it is moved away from (a
 * multiplexer draws its status line, or the whole screen again) stays one. That one line too many
 * is hidden then, is better than one too few.
 *
 * <p>No thread safety: one caller at a time.
 */
final class Asking {

  /** How much of a line is looked at, from its end; nobody asks at greater length. */
  static final int MAX_LINE_BYTES = 1024;

  private final EscapeFilter escapes = new EscapeFilter();
  private final byte[] line = new byte[MAX_LINE_BYTES];
  private int length;
  private boolean returned;
  private boolean typed;
  private boolean asked;

  /** The terminal printed this. Of bulk only the end is looked at. */
  void printed(Bytes output) {
    int end = output.offset() + output.length();
    int from = Math.max(output.offset(), end - 4 * MAX_LINE_BYTES);
    if (from > output.offset()) {
      ended();
      escapes.reset();
    }
    for (int i = from; i < end; i++) {
      print(output.array()[i]);
    }
  }

  private void print(byte one) {
    if (escapes.moves(one)) {
      asked = asks();
      length = 0;
    }
    if (!escapes.text(one)) {
      return;
    }
    if (one == '\n') {
      boolean stays = escapes.secondScreen() && asks();
      ended();
      asked = stays;
    } else if (one == '\r') {
      returned = true;
    } else if ((one & 0xff) >= ' ' && one != 0x7f) {
      if (returned) {
        asked = asks();
        length = 0;
        returned = false;
      }
      if (length == MAX_LINE_BYTES) {
        System.arraycopy(line, MAX_LINE_BYTES / 2, line, 0, MAX_LINE_BYTES / 2);
        length = MAX_LINE_BYTES / 2;
      }
      line[length++] = one;
    }
  }

  /** Whether the next key answers a question for a secret. */
  boolean asks() {
    return asked || (!typed && length > 0 && SecretPrompt.forSecret(text()));
  }

  /** Whether the next key is for a shell that does not show what it is told, and is no secret. */
  boolean ofTramp() {
    return SecretPrompt.ofTramp(text());
  }

  /** Something was typed in this line. */
  void typed() {
    asked = asks();
    typed = true;
  }

  /** The line is over. */
  void ended() {
    length = 0;
    returned = false;
    typed = false;
    asked = false;
  }

  private String text() {
    return SecretPrompt.text(line, length);
  }
}
