package dev.tapedeck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jline.utils.WCWidth;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalWidthTest {

  private static final String COMMAND = "echo 数据库连接池配置是否正确 " + "and more of it ".repeat(20);

  @TempDir Path data;

  private Tape tape;

  @BeforeEach
  void record() throws IOException {
    tape =
        new Tape(data.resolve("recordings"), "alice", Instant.now())
            .exec(COMMAND, new byte[0], false, "out");
  }

  private static int cells(String line) {
    return line.codePoints().map(WCWidth::wcwidth).sum();
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 61, 80, 132})
  void showKeepsToTheTerminalsWidth(int columns) throws IOException {
    tape.seal();
    Run show = Run.wide(columns, data, "show", "latest");
    assertThat(show.status()).isZero();
    assertThat(show.lines())
        .allSatisfy(line -> assertThat(cells(line)).isLessThanOrEqualTo(columns));
    // A folder's path goes on in the next line: nothing of it is lost.
    assertThat(show.out().replaceAll("\n {21}", ""))
        .contains(tape.path().toString(), "exec-1")
        .contains("…");
  }

  @Test
  void aPipeGetsEverything() throws IOException {
    tape.seal();
    assertThat(Run.of(data, "show", "latest").out()).contains(COMMAND.strip());
  }

  @Test
  void aLiveApiSessionHasTheSizeOfItsFiles() throws IOException {
    tape.live("api", "api.har");
    Files.write(tape.path().resolve("api.har"), new byte[40_000]);
    Files.write(tape.path().resolve("api.har.journal"), new byte[8_000]);
    String row = Run.of(data, "ls", "--json").out();
    assertThat(row).containsPattern("\"bytes\":48\\d\\d\\d");
    assertThat(Run.of(data, "show", "latest", "--json").out().getBytes(StandardCharsets.UTF_8))
        .isNotEmpty();
  }
}
