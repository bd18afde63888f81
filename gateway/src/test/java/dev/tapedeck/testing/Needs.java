package dev.tapedeck.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs of its machine. Where it is missing the test is skipped with a line that says
 * so, or fails if the environment variable TAPEDECK_REQUIRE (names, with commas between them) names
 * the thing.
 */
public final class Needs {

  private Needs() {}

  /** Goes on only if {@code present}; {@code why} says what is missing. */
  public static void need(String thing, boolean present, String why) {
    if (present) {
      return;
    }
    String required = Objects.requireNonNullElse(System.getenv("TAPEDECK_REQUIRE"), "");
    if (Arrays.asList(required.split("[, ]+")).contains(thing)) {
      Assertions.fail("TAPEDECK_REQUIRE names " + thing + ", but " + why);
    }
    Assumptions.abort("skipped, needs " + thing + ": " + why);
  }

  /** Goes on only if there is such a program on PATH. */
  public static void program(String thing, String program) {
    boolean present =
        Arrays.stream(Objects.requireNonNullElse(System.getenv("PATH"), "").split(":", -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    need(thing, present, "there is no " + program + " on PATH");
  }

  /** Skips, or fails where it is required, unless Debian's Python has this module. */
  public static void pythonModule(String name) throws Exception {
    Process process =
        new ProcessBuilder("/usr/bin/python3", "-W", "ignore", "-c", "import " + name)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    need(name, process.waitFor() == 0, "/usr/bin/python3 cannot import " + name);
  }
}
