package dev.tapedeck.ssh.files;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of SCP that announces a file, {@code C0644 5 name}, or a directory, {@code D0755 0 name}.
 *
 * @param mode 0 to 07777
 * @param size in bytes; of a directory it means nothing
 */
record ScpEntry(boolean file, int mode, long size, String name) {

  private static final Pattern LINE =
      Pattern.compile("([CD])([0-7]{4}) ([0-9]{1,18}) (.+)", Pattern.DOTALL);

  /** What the line, without its line feed, announces; empty if it is something else. */
  static Optional<ScpEntry> parse(byte[] line) {
    Matcher parts = LINE.matcher(WireText.of(line));
    return parts.matches()
        ? Optional.of(
            new ScpEntry(
                parts.group(1).equals("C"),
                Integer.parseInt(parts.group(2), 8),
                Long.parseLong(parts.group(3)),
                parts.group(4)))
        : Optional.empty();
  }
}
