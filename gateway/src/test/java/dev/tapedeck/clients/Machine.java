package dev.tapedeck.clients;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * What the machine has that some tests need; a test that lacks it is skipped, or fails where it is
 * required.
 */
public final class Machine {

  private Machine() {}

  /**
   * Goes on only if {@code there}. Otherwise the test is skipped, saying so; where the
   * environment's {@code TAPEDECK_REQUIRE} (names, separated by commas) holds {@code name} it
   * fails.
   */
  public static void needs(String name, boolean there) {
    String required = System.getenv().getOrDefault("TAPEDECK_REQUIRE", "");
    if (!there && Arrays.asList(required.split(",")).contains(name)) {
      throw new AssertionError("TAPEDECK_REQUIRE names " + name + ", and it is not here");
    }
    assumeTrue(there, () -> "skipped: this machine has no " + name);
  }

  /** Goes on only if there is such a program on PATH. */
  public static void needsProgram(String name, String program) {
    needs(name, has(program));
  }

  public static boolean has(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
