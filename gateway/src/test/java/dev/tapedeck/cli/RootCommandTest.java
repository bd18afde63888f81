package dev.tapedeck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.cli.commands.Console;
import dev.tapedeck.cli.config.Environment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootCommandTest {

  private static final List<String> COMMANDS =
      List.of(
          "serve", "ls", "show", "cat", "play", "path", "search", "files", "export", "replay",
          "verify", "repair", "reindex", "prune", "doctor");

  @TempDir Path home;

  @Test
  void helpNamesEveryCommand() {
    Run help = Run.bare(home, "--help");
    assertThat(help.status()).isZero();
    assertThat(help.lines().stream().map(String::strip).map(line -> line.split(" ", 2)[0]))
        .containsAll(COMMANDS);
    assertThat(Run.bare(home, "--version").out()).startsWith("tapedeck ");
  }

  @Test
  void everyCommandHasHelpAndTheSameTwoOptions() {
    for (String command : COMMANDS) {
      Run help = Run.bare(home, command, "--help");
      assertThat(help.status()).as(command).isZero();
      assertThat(help.out()).as(command).contains("--config=FILE", "--data=FOLDER", "--no-db");
      assertThat(help.out()).as(command).startsWith("Usage: tapedeck " + command);
      assertThat(help.out()).as("no password on the command line").doesNotContain("--password");
    }
  }

  @Test
  void everyTableHasJson() {
    for (String command : List.of("ls", "show", "search", "files", "verify", "prune", "doctor")) {
      assertThat(Run.bare(home, command, "--help").out()).as(command).contains("--json");
    }
  }

  @Test
  void wrongUsageIsOneSentenceAndExitCode2() {
    Run unknown = Run.bare(home, "sho");
    assertThat(unknown.status()).isEqualTo(2);
    assertThat(unknown.err())
        .isEqualTo(
            """
            tapedeck: there is no command 'sho'
            Did you mean show?
            Try 'tapedeck --help'.
            """);
    assertThat(Run.bare(home).status()).isEqualTo(2);
    assertThat(Run.bare(home, "ls", "--limit", "many").status()).isEqualTo(2);
    assertThat(Run.bare(home, "ls", "--limit", "-1").status()).isEqualTo(2);
    assertThat(Run.bare(home, "show").status()).isEqualTo(2);
    assertThat(Run.bare(home, "prune").status()).isEqualTo(2);
    assertThat(Run.bare(home, "serve", "--record", "a", "--no-record").status()).isEqualTo(2);
    assertThat(Run.bare(home, "serve", "--ssh", "2222").err())
        .startsWith("tapedeck: --ssh: \"2222\" is no address to listen on");
  }

  @Test
  void aWrongConfigurationIsExitCode2ForEveryCommand() throws IOException {
    Path config = home.resolve("wrong.yaml");
    Files.writeString(config, "sssh:\n  listen: off\n");
    for (String command : List.of("serve", "ls", "doctor", "repair")) {
      Run run = Run.bare(home, command, "--config", "wrong.yaml");
      assertThat(run.status()).as(command).isEqualTo(2);
      assertThat(run.err())
          .as(command)
          .startsWith("tapedeck: " + config + ":1:1: unknown key sssh; did you mean ssh?")
          .hasLineCount(1);
    }
  }

  @Test
  void aPortInUseIsOneSentenceAndExitCode1() {
    Run run = Run.of(home, "serve", "--ssh", "127.0.0.1:2022", "--log-level", "error");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            "tapedeck: cannot listen on 127.0.0.1:2022: it is in use already; choose another with"
                + " --ssh HOST:PORT\n");
  }

  @Test
  void aFailureShowsItsPlaceOnlyWhenAsked() {
    assertThat(Run.of(home, "show", "latest").err())
        .isEqualTo("tapedeck: there are no sessions yet in " + home.resolve("recordings") + "\n");
    assertThat(Run.of(home, "show", "latest", "--debug").err()).contains("\tat dev.tapedeck.");
  }

  @Test
  void aReaderThatGoesAwayIsNoErrorAndAFullDiskIs() {
    assertThat(into("Broken pipe")).isEqualTo("0 ");
    assertThat(into("No space left on device"))
        .isEqualTo("1 tapedeck: cannot write the output: No space left on device\n");
  }

  private String into(String failure) {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(failure);
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Environment surroundings = new Environment(Map.of(), home, home, "ann");
    RootCommand program =
        new RootCommand(
            surroundings,
            new Console(full, err, false, false),
            _ -> {
              throw new IOException("not asked for here");
            },
            RunWiring::run,
            _ -> List.of());
    return program.run("doctor") + " " + err.toString(StandardCharsets.UTF_8);
  }
}
