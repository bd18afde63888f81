package dev.tapedeck.sandbox.docker;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.sandbox.EscapeFilter;
import dev.tapedeck.sandbox.SecretPrompt;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Tells from what a terminal prints whether what was typed on it is shown, for terminals that
 * cannot be asked. Errs on hidden: a command that is missing in a recording's input is a nuisance,
 * a password that is there, a leak.
 *
 * <pre>
 *   IDLE --a key that would show--&gt; HELD --all came back, nothing else before--&gt; Shown, IDLE
 *    |                               '-----anything else, a line's end, too long-&gt; Hidden, IDLE
 *    '--the line asks for a secret--&gt; ASKED: all is Hidden until the line ends --&gt; IDLE
 * </pre>
 *
 * <p>How sure it is. Hidden for certain: what is typed while nothing comes back, or stars do, and
 * what answers a line that names a secret and ends like a question (see {@link SecretPrompt}).
 * Wrongly shown: a key that a program happens to print next by itself although it shows no typing
 * (a progress display that runs on during a prompt which does not look like one), and then that run
 * of keys only. Wrongly hidden: what is typed while a program prints, ahead of a prompt, or in
 * full-screen programs that answer keys with something else; the output still shows these.
 *
 * <p>No thread safety and no clock: one caller tells it what goes in and what comes out, in order.
 */
public final class EchoInference {

  /** Bytes held until their echo comes. A longer paste without an echo is hidden. */
  static final int MAX_HELD_BYTES = 4096;

  /** Bytes of a line that are looked at for a question; nobody asks at greater length. */
  static final int MAX_QUESTION_CHARS = 256;

  /** What has become of typed bytes, in the order in which they were typed. */
  public sealed interface Verdict {
    /** They can be seen, or have nothing to see. */
    record Shown(Bytes keys) implements Verdict {}

    /**
     * They cannot.
     *
     * @param count how many bytes
     */
    record Hidden(int count) implements Verdict {}
  }

  private final EscapeFilter typedEscapes = new EscapeFilter();
  private final EscapeFilter printedEscapes = new EscapeFilter();
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();

  /** Those of the held bytes whose echo is awaited, and how many of them have come back. */
  private final ByteArrayOutputStream awaited = new ByteArrayOutputStream();

  private int back;
  private final StringBuilder line = new StringBuilder();
  private boolean asked;

  /**
   * The client typed this, and the terminal has not answered yet.
   *
   * @return what is known already, of these bytes and of earlier ones
   */
  public List<Verdict> typed(Bytes keys) {
    for (int i = 0; i < keys.length(); i++) {
      byte key = keys.array()[keys.offset() + i];
      held.write(key);
      if (typedEscapes.text(key) && shows(key)) {
        awaited.write(key);
      }
    }
    if (SecretPrompt.ofTramp(text())) {
      if (keys.length() > 0 && keys.array()[keys.offset() + keys.length() - 1] == '\n') {
        line.setLength(0);
      }
      return shown();
    }
    if (asked || held.size() > MAX_HELD_BYTES) {
      return hidden();
    }
    return awaited.size() == back ? shown() : List.of();
  }

  /** The terminal printed this. */
  public List<Verdict> printed(Bytes output) {
    List<Verdict> verdicts = List.of();
    for (int i = 0; i < output.length(); i++) {
      byte one = output.array()[output.offset() + i];
      if (!printedEscapes.text(one)) {
        continue;
      }
      note(one);
      if (verdicts.isEmpty() && back < awaited.size()) {
        verdicts = judge(one);
      }
    }
    asked = SecretPrompt.perhapsForSecret(text());
    return verdicts;
  }

  /**
   * Nothing was printed for so long that nothing will be, or the terminal is gone.
   *
   * @return what was still held, hidden
   */
  public List<Verdict> silence() {
    return hidden();
  }

  private List<Verdict> judge(byte one) {
    if (one == awaited.toByteArray()[back]) {
      back++;
      return back == awaited.size() ? shown() : List.of();
    }
    return one == '\n' || (shows(one) && one != ' ') ? hidden() : List.of();
  }

  /** Keeps the line that is being printed: the question, if there is one. */
  private void note(byte one) {
    if (one == '\n') {
      line.setLength(0);
    } else if (shows(one)) {
      line.append((char) (one & 0xFF));
      if (line.length() > MAX_QUESTION_CHARS) {
        line.deleteCharAt(0);
      }
    }
  }

  /** The line, whose bytes are kept as characters. */
  private String text() {
    byte[] bytes = line.toString().getBytes(StandardCharsets.ISO_8859_1);
    return SecretPrompt.text(bytes, bytes.length);
  }

  private List<Verdict> shown() {
    return held.size() == 0 ? List.of() : List.of(new Verdict.Shown(Bytes.of(taken())));
  }

  private List<Verdict> hidden() {
    return held.size() == 0 ? List.of() : List.of(new Verdict.Hidden(taken().length));
  }

  private byte[] taken() {
    byte[] keys = held.toByteArray();
    held.reset();
    awaited.reset();
    back = 0;
    return keys;
  }

  /** Whether it comes back as it is; control characters do in other forms, or not at all. */
  private static boolean shows(byte one) {
    return (one & 0xFF) >= ' ' && one != 0x7F;
  }
}
