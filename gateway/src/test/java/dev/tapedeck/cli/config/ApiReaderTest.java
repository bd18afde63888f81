package dev.tapedeck.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the section {@code api} may say. */
class ApiReaderTest {

  @TempDir Path folder;

  private Config read(String text) throws IOException, ConfigException {
    Path file = Files.writeString(folder.resolve("config.yaml"), text);
    Environment surroundings =
        new Environment(Map.of(), Path.of("/home/ann"), Path.of("/work"), "ann");
    return ConfigFile.load(file, surroundings).config();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max_sessions: 0       | api.max_sessions",
        "max_connections: many | api.max_connections",
        "max_exchanges: 100001 | api.max_exchanges",
        "max_head: 1KiB        | api.max_head",
        "head_timeout: 0s      | api.head_timeout",
        "keep_alive_timeout: x | api.keep_alive_timeout",
        "queue_limit: 1        | api.queue_limit",
        "open_to: [10.0.0/8]   | api.open_to: must be an address,",
      })
  void aLimitThatIsNoneSaysWhatIsAllowed(String line, String message) {
    assertThatThrownBy(() -> read("api: { " + line + " }"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("config.yaml:1:")
        .hasMessageContaining(message)
        .hasMessageMatching("(?s).*: must be .*\\(got .*");
  }

  @Test
  void limitsOfTheFileAreTheGateways() throws Exception {
    assertThat(read("api: { max_sessions: 7 }").api().limits().maxSessions()).isEqualTo(7);
  }
}
