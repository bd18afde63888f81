package dev.tapedeck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.catalog.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code search} says beside its hits. */
class SearchCommandTest {

  @TempDir Path data;

  private Tape shell(String... outputs) throws IOException {
    return new Tape(data.resolve("recordings"), "alice", Instant.now()).shell(outputs).seal();
  }

  @Test
  void partsOfWordsAndWordsWithoutBlanksAreFoundInContext() throws IOException {
    shell("$ 请重跑gen-itgc后检查数据库连接池配置是否正确\r\n", "$ ls /usr/local\r\n");
    Run.of(data, "reindex");
    for (String typed : new String[] {"数据库", "itgc", "池", "usr", "ocal"}) {
      assertThat(Run.of(data, "search", typed).lines())
          .as(typed)
          .hasSize(2)
          .last()
          .asString()
          .contains("请重跑gen-itgc后检查数据库连接池配置是否正确 $ ls /usr/local");
    }
    assertThat(Run.of(data, "search", "数据池").out()).isEmpty();
  }

  @Test
  void whereNothingWasLookedForIsSaid() throws IOException {
    Path config = Files.writeString(data.resolve("c.yaml"), "index: { output_limit: 64KiB }\n");
    String[] outputs = new String[2000];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = "line " + i + " of a very long log that nobody reads to its end\r\n";
    }
    outputs[0] = "a walrus\r\n";
    outputs[1999] = "a dugong\r\n";
    Tape tape = shell(outputs);
    Run.of(data, "reindex", "--config", config.toString());
    String said =
        "Searched of long output: only the first 64 KiB of "
            + tape.id()
            + "/shell-1 (index.output_limit).\n";
    assertThat(Run.of(data, "search", "walrus").lines()).hasSize(2);
    assertThat(Run.of(data, "search", "walrus", "--json").err()).isEqualTo(said);
    assertThat(Run.of(data, "search", "dugong").err()).startsWith("Nothing found.").endsWith(said);
    Run.of(data, "reindex");
    assertThat(Run.of(data, "search", "dugong").err()).isEmpty();
  }

  @Test
  void wordsThatAnOlderVersionIndexedComeBackByReindex() throws Exception {
    shell("a walrus\r\n");
    Path file = data.resolve("catalog.db");
    Catalog.open(file).close();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO due (work) VALUES ('reindex')");
    }
    assertThat(Run.of(data, "search", "walrus").err())
        .startsWith("Nothing found.")
        .endsWith(
            "An older version indexed what was recorded before: 'tapedeck reindex' finds it"
                + " again.\n");
    Run.of(data, "reindex");
    Run found = Run.of(data, "search", "walrus");
    assertThat(found.lines()).hasSize(2);
    assertThat(found.err()).isEmpty();
  }
}
