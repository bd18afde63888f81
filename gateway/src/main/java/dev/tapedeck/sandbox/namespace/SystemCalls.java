package dev.tapedeck.sandbox.namespace;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What programs in a sandbox may ask the kernel for, by the numbers of one processor architecture:
 * {@code system-calls.txt}.
 *
 * @param architecture as audit(7) numbers it; calls by another one's numbers are refused
 */
record SystemCalls(int architecture, List<Call> calls) {

  /** When a call is let through. */
  enum Condition {
    ALWAYS,
    NEVER,
    /** Answered as by a kernel that does not have it. */
    ABSENT,
    NO_NEW_NAMESPACES,
    COMMON_FAMILIES,
    LOCAL_FAMILY,
    COMMON_PERSONALITIES
  }

  record Call(String name, int number, Condition condition) {}

  private static final Map<String, Condition> CONDITIONS =
      Map.of(
          "refused", Condition.NEVER,
          "absent", Condition.ABSENT,
          "no-new-namespaces", Condition.NO_NEW_NAMESPACES,
          "common-families", Condition.COMMON_FAMILIES,
          "local-family", Condition.LOCAL_FAMILY,
          "common-personalities", Condition.COMMON_PERSONALITIES);

  /**
   * Those of an architecture, if they are known.
   *
   * @param name as the JDK's {@code os.arch} has it
   */
  static Optional<SystemCalls> of(String name) {
    return switch (name) {
      case "amd64", "x86_64" -> Optional.of(new SystemCalls(0xC000_003E, read(1)));
      case "aarch64" -> Optional.of(new SystemCalls(0xC000_00B7, read(2)));
      default -> Optional.empty();
    };
  }

  int number(String name) {
    return calls.stream()
        .filter(call -> call.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("system-calls.txt has no " + name))
        .number;
  }

  /** The highest number; what is beyond came to the kernel after the list was made. */
  int last() {
    return calls.stream().mapToInt(Call::number).max().orElseThrow();
  }

  private static List<Call> read(int column) {
    Map<String, Call> calls = new HashMap<>();
    try (var file =
            Objects.requireNonNull(SystemCalls.class.getResourceAsStream("system-calls.txt"));
        var reader = new BufferedReader(new InputStreamReader(file, StandardCharsets.US_ASCII))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] words = line.split(" ", -1);
        if (!line.startsWith("#") && !words[column].equals("-")) {
          Condition condition =
              words.length < 4
                  ? Condition.ALWAYS
                  : Objects.requireNonNull(CONDITIONS.get(words[3]), words[3]);
          calls.put(words[0], new Call(words[0], Integer.parseInt(words[column]), condition));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(calls.values());
  }
}
