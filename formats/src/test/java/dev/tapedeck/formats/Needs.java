package dev.tapedeck.formats;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What a test needs and this machine may lack. Lacking it skips the test with a line that says so,
 * or fails it where the environment variable {@code TAPEDECK_REQUIRE} names the thing.
 */
public final class Needs {

  private Needs() {}

  /** The repository's root. */
  public static Path root() {
    return Path.of(System.getProperty("tapedeck.root", "..")).toAbsolutePath().normalize();
  }

  /** The folder of recordings that lies beside the repository. */
  public static Path corpus() {
    Path corpus = root().resolveSibling("shared").resolve("corpus");
    if (!Files.isDirectory(corpus)) {
      lacks("corpus", "the folder ../shared/corpus beside the repository");
    }
    return corpus;
  }

  public static void program(String name) {
    List<String> folders = Arrays.asList(System.getenv("PATH").split(File.pathSeparator));
    if (folders.stream().noneMatch(folder -> Files.isExecutable(Path.of(folder, name)))) {
      lacks(name, "the program " + name + " on PATH");
    }
  }

  private static void lacks(String name, String what) {
    String require = System.getenv("TAPEDECK_REQUIRE");
    if (require != null && Arrays.asList(require.split(",")).contains(name)) {
      fail("needs " + what + ", and TAPEDECK_REQUIRE names " + name);
    }
    abort("skipped: needs " + what);
  }
}
