package dev.tapedeck.sandbox.docker;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.sandbox.ProcessSpec;
import dev.tapedeck.sandbox.ProcessSpec.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a program is given, in the engine's JSON, which holds text only: what is not UTF-8 goes
 * there in the octal escapes of {@code printf %b}, and {@code start.sh} undoes them.
 *
 * @param command the words for {@code start.sh} that run a command; empty if there is none
 * @param environment also which of its values are escaped
 */
record Bytewise(List<String> command, Map<String, String> environment) {

  /** Names the variables whose values are escaped. */
  static final String ESCAPED_VARIABLE = "TAPEDECK_ESCAPED";

  Bytewise {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  static Bytewise of(ProcessSpec spec) {
    Map<String, String> environment = new TreeMap<>();
    List<String> escaped = new ArrayList<>();
    spec.environment()
        .forEach((name, value) ->
            environment.put(
                name,
                value
                    .utf8()
                    .orElseGet(() -> {
                      escaped.add(name);
                      return escaped(value);
                    })));
    if (!escaped.isEmpty()) {
      environment.put(ESCAPED_VARIABLE, String.join(" ", escaped));
    }
    List<String> command =
        switch (spec.program()) {
          case Program.Command(Bytes line) -> words("command", "escaped", line);
          case Program.Scp scp -> words("scp", "escaped-scp", scp.arguments());
          case Program.LoginShell _, Program.Sftp _ -> List.of();
        };
    return new Bytewise(command, environment);
  }

  private static List<String> words(String kind, String escapedKind, Bytes line) {
    return line.utf8()
        .map(text -> List.of(kind, text))
        .orElseGet(() -> List.of(escapedKind, escaped(line)));
  }

  private static String escaped(Bytes bytes) {
    StringBuilder text = new StringBuilder();
    for (byte one : bytes.toArray()) {
      if (one >= ' ' && one < 0x7f && one != '\\') {
        text.append((char) one);
      } else {
        text.append("\\0%03o".formatted(one & 0xff));
      }
    }
    return text.toString();
  }
}
