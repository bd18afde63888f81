package dev.tapedeck.ssh;

import dev.tapedeck.event.Bytes;
import java.util.regex.Pattern;

/**
 * A command line as a recording has it: text as it is. What is not UTF-8 is written in the notation
 * that a shell has for it, {@code $'printf %s \xe9'}, so that it can be read, told from every other
 * line and run again.
 */
final class CommandText {

  /** A text that would be taken for such a notation is written in it, too. */
  private static final Pattern QUOTED = Pattern.compile("\\$'.*'", Pattern.DOTALL);

  private CommandText() {}

  static String of(Bytes line) {
    return line.holds(0)
        ? quoted(line)
        : line.utf8().filter(text -> !QUOTED.matcher(text).matches()).orElseGet(() -> quoted(line));
  }

  private static String quoted(Bytes line) {
    StringBuilder text = new StringBuilder("$'");
    for (byte one : line.toArray()) {
      switch (one) {
        case '\\', '\'' -> text.append('\\').append((char) one);
        case '\n' -> text.append("\\n");
        default -> {
          if (one >= ' ' && one < 0x7f) {
            text.append((char) one);
          } else {
            text.append("\\x%02x".formatted(one & 0xff));
          }
        }
      }
    }
    return text.append('\'').toString();
  }
}
