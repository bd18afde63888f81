package dev.tapedeck.ssh.files;

import dev.tapedeck.event.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the scp client runs on the far side: {@code scp [-r] [-p] [-d] [-v] [-q] -t|-f PATH...}.
 *
 * <p>The command line is a shell's. Only words that mean nothing more to a shell are taken, plain
 * or quoted, with patterns for file names at most: whatever could run something else, or lead the
 * bytes elsewhere, makes it an ordinary command.
 *
 * @param sink whether the program takes files ({@code -t}) or gives them ({@code -f})
 * @param paths where to, or which, as {@link WireText} writes them; at least one, for a sink just
 *     one
 */
public record ScpCommand(boolean sink, List<String> paths) {

  /** A longer line is not looked at: the client's own are hardly longer than their paths. */
  static final int MAX_LINE_CHARS = 64 * 1024;

  private static final Set<String> PROGRAMS = Set.of("scp", "/usr/bin/scp", "/bin/scp");
  private static final String OPTIONS = "rpdvqtf";

  /** Unquoted, these are a shell's own; a line break or another control character always is. */
  private static final String SHELL_CHARACTERS = ";&|<>()$`\"'\\#!{}";

  /** In double quotes these still are. */
  private static final String QUOTED_SHELL_CHARACTERS = "$`\\!";

  public ScpCommand {
    paths = List.copyOf(paths);
  }

  /** What the line says; empty if it is not, or not only, such a command. */
  public static Optional<ScpCommand> parse(Bytes command) {
    // A character for each byte: what means something to a shell is ASCII.
    String line = new String(command.toArray(), StandardCharsets.ISO_8859_1);
    if (line.length() > MAX_LINE_CHARS || line.chars().anyMatch(c -> c < ' ' && c != '\t')) {
      return Optional.empty();
    }
    return words(line).flatMap(ScpCommand::ofWords);
  }

  /**
   * What follows the program's name, as it stands.
   *
   * @param command a line that {@link #parse} takes
   */
  public static Bytes arguments(Bytes command) {
    String line = new String(command.toArray(), StandardCharsets.ISO_8859_1);
    int begin = 0;
    while (isBlank(line.charAt(begin))) {
      begin++;
    }
    int end = word(line, begin, new StringBuilder());
    return Bytes.view(command.array(), command.offset() + end, command.length() - end);
  }

  /** The paths as they were named. */
  String target() {
    return String.join(" ", paths);
  }

  private static Optional<ScpCommand> ofWords(List<String> words) {
    if (words.isEmpty() || !PROGRAMS.contains(words.getFirst())) {
      return Optional.empty();
    }
    StringBuilder options = new StringBuilder();
    int at = 1;
    while (at < words.size() && words.get(at).matches("-[" + OPTIONS + "]+")) {
      options.append(words.get(at++), 1, words.get(at - 1).length());
    }
    if (at < words.size() && words.get(at).equals("--")) {
      at++;
    } else if (at < words.size() && words.get(at).startsWith("-")) {
      return Optional.empty();
    }
    boolean sink = options.indexOf("t") >= 0;
    boolean source = options.indexOf("f") >= 0;
    List<String> paths = words.subList(at, words.size());
    boolean plain = sink != source && !paths.isEmpty() && (source || paths.size() == 1);
    return plain
        ? Optional.of(new ScpCommand(sink, paths.stream().map(ScpCommand::text).toList()))
        : Optional.empty();
  }

  private static String text(String bytes) {
    return WireText.of(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Splits as a shell does (POSIX.1-2024, XCU 2.2); empty if there is more to it than words. */
  private static Optional<List<String>> words(String line) {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (at < line.length()) {
      if (isBlank(line.charAt(at))) {
        at++;
        continue;
      }
      StringBuilder word = new StringBuilder();
      at = word(line, at, word);
      if (at < 0) {
        return Optional.empty();
      }
      words.add(word.toString());
    }
    return Optional.of(words);
  }

  /** Adds one word; where it ends, or -1. */
  private static int word(String line, int from, StringBuilder word) {
    int at = from;
    while (at >= 0 && at < line.length() && !isBlank(line.charAt(at))) {
      char c = line.charAt(at);
      if (c == '\'' || c == '"') {
        at = quoted(line, at, word);
      } else if (c == '\\' && at + 1 < line.length()) {
        word.append(line.charAt(at + 1));
        at += 2;
      } else if (SHELL_CHARACTERS.indexOf(c) >= 0) {
        return -1;
      } else {
        word.append(c);
        at++;
      }
    }
    return at;
  }

  /** Adds what is between the quote at {@code open} and the next; what follows it, or -1. */
  private static int quoted(String line, int open, StringBuilder word) {
    char quote = line.charAt(open);
    int close = line.indexOf(quote, open + 1);
    if (close < 0) {
      return -1;
    }
    String inside = line.substring(open + 1, close);
    if (quote == '"' && inside.chars().anyMatch(c -> QUOTED_SHELL_CHARACTERS.indexOf(c) >= 0)) {
      return -1;
    }
    word.append(inside);
    return close + 1;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
