package dev.tapedeck.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/configuration.md knows every key, and none that there is not. */
class ConfigurationPageTest {

  @Test
  void everyKeyHasItsRow() throws IOException {
    Path page = Path.of(System.getProperty("tapedeck.root"), "docs", "configuration.md");
    List<String> rows =
        Files.readAllLines(page).stream()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.substring(3, line.indexOf('`', 3)))
            .toList();
    assertThat(rows).containsExactlyElementsOf(KnownKeys.ALL);
  }
}
