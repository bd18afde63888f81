package dev.tapedeck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code play} as a person sees it: the real program, in a real terminal, which answers. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class PlayTest {

  /** Device attributes, the cursor's place, a mode, the background, a capability, the size. */
  private static final String QUESTIONS =
      "\\u001b[c\\u001b[>c\\u001b[6n\\u001b[5n\\u001b[?2004$p\\u001b]11;?\\u001b\\\\\\u001bP+q544e\\u001b\\\\\\u001b[18t";

  @TempDir Path home;

  /** A cast of these lines, its track begun 10 ms after the session. */
  private void recorded(String... events) throws IOException {
    new Tape(home.resolve("data/recordings"), "alice", Instant.now())
        .sealed(
            "shell-1",
            "shell-1.cast",
            "{\"version\":2,\"width\":80,\"height\":24,\"env\":{\"TERM\":\"xterm\"}}\n"
                + String.join("\n", events)
                + "\n")
        .seal();
  }

  private Tmux terminal() throws IOException {
    Tmux tmux = new Tmux(home, 80, 24);
    Files.writeString(
        home.resolve("play"),
        "'"
            + Path.of(System.getProperty("java.home"), "bin", "java")
            + "' --enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '"
            + System.getProperty("java.class.path")
            + "' dev.tapedeck.cli.Main play --data '"
            + home.resolve("data")
            + "' \"$@\"\n");
    tmux.type("cd " + home + "; PS1='> '; clear").press("Enter");
    tmux.until(screen -> screen.strip().equals(">"));
    return tmux;
  }

  private static void play(Tmux tmux, String arguments) throws IOException {
    tmux.type("stty -g >before; sh play " + arguments + "; echo \"left<$?>\"; stty -g >after")
        .press("Enter");
  }

  private void isRestored(Tmux tmux, String modes) throws IOException {
    tmux.until(screen -> screen.stripTrailing().endsWith("left<0>\n>"));
    assertThat(home.resolve("after")).hasSameTextualContentAs(home.resolve("before"));
    assertThat(tmux.modes()).isEqualTo(modes);
    tmux.type("echo lqqk").press("Enter").until(screen -> screen.contains("\nlqqk\n>"));
  }

  @Test
  void whatTheTerminalAnswersToARecordingIsNotTyped() throws IOException {
    recorded("[0.0,\"o\",\"begun" + QUESTIONS + "\"]", "[0.2,\"o\",\" over" + QUESTIONS + "\"]");
    try (Tmux tmux = terminal()) {
      String modes = tmux.modes();
      play(tmux, "latest");
      tmux.shows("begun over");
      isRestored(tmux, modes);
    }
  }

  @Test
  void theTerminalIsAsBeforeWhateverTheRecordingLeftBehind() throws IOException {
    recorded(
        "[0.0,\"o\",\"\\u001b[?1049h\\u001b[5;9r\\u001b[?6h\\u001b[4h\\u001b[?25l\\u001b[?7l\"]",
        "[0.0,\"o\",\"\\u001b[?1003h\\u001b[?1006h\\u001b[?1004h\\u001b[?2004h\\u001b[>4;2m\"]",
        "[0.0,\"o\",\"\\u001b[>1u\\u001b[?1h\\u001b=\\u001b[3 q\\u001b)0\\u001b(0\\u000e\"]",
        "[0.1,\"o\",\"\\u001b]4;1;rgb:00/ff/00\\u001b\\\\\\u001b[31;7mred\\u001b]0;never ended\"]");
    try (Tmux tmux = terminal()) {
      String modes = tmux.modes();
      play(tmux, "latest");
      isRestored(tmux, modes);
    }
  }

  @Test
  void keysPauseStepSeekAndQuit() throws IOException {
    recorded(
        "[0.5,\"o\",\"one\"]",
        "[1000,\"o\",\" two\"]",
        "[2000,\"o\",\" three\"]",
        "[2004,\"o\",\" four\"]",
        "[9000,\"o\",\" five\"]");
    try (Tmux tmux = terminal()) {
      String modes = tmux.modes();
      play(tmux, "latest");
      tmux.shows("one");
      tmux.type(".").shows("one two");
      tmux.type(".").shows("one two three");
      tmux.press("Right").shows("one two three four");
      tmux.press("Home").until(screen -> !screen.contains("one"));
      tmux.type(".").until(screen -> screen.strip().equals("one"));
      tmux.type("q");
      isRestored(tmux, modes);
    }
  }

  @Test
  void itBeginsWhereSearchFoundSomethingAndControlCEndsIt() throws IOException {
    recorded("[0.5,\"o\",\"one\"]", "[1000,\"o\",\" two\"]", "[2000,\"o\",\" three\"]");
    try (Tmux tmux = terminal()) {
      String modes = tmux.modes();
      play(tmux, "latest --start-at 1000.01");
      assertThat(tmux.shows("one two")).doesNotContain("three");
      tmux.press("C-c");
      isRestored(tmux, modes);
      assertThat(Run.of(home.resolve("data"), "play", "latest", "--start-at", "soon").err())
          .contains("(got \"soon\")");
    }
  }

  @Test
  void fromAHitsSecondOnWhatWasFoundIsOnTheScreen() throws IOException {
    recorded(
        "[5.0,\"o\",\"$ \"]",
        "[1000.0,\"o\",\"gr\"]",
        "[1000.0004,\"o\",\"ep walrus\"]",
        "[3000.0,\"o\",\"\\r\\nlater\"]");
    Path data = home.resolve("data");
    Run.of(data, "reindex");
    String[] hit = Run.of(data, "search", "walrus").lines().getFirst().split(" +", -1);
    String second = hit[1].replace("s", "");
    try (Tmux tmux = terminal()) {
      String modes = tmux.modes();
      play(tmux, hit[0] + " --start-at " + second);
      assertThat(tmux.shows("$ grep walrus")).doesNotContain("later");
      tmux.type("q");
      isRestored(tmux, modes);
    }
    assertThat(Run.of(data, "search", "walrus", "--json").out()).contains("\"second\":1000.011");
  }

  @Test
  void controlZGivesTheTerminalToTheShellAndFgGoesOn() throws IOException {
    recorded("[0.0,\"o\",\"\\u001b[?1049h\\u001b[?25lone\"]", "[1000,\"o\",\" two\"]");
    try (Tmux tmux = terminal()) {
      String modes = tmux.modes();
      tmux.type("sh play latest").press("Enter");
      tmux.until(screen -> screen.strip().equals("one"));
      tmux.press("C-z").until(screen -> screen.contains("Stopped"));
      assertThat(tmux.modes()).isEqualTo(modes);
      tmux.type("fg").press("Enter").until(screen -> screen.strip().equals("one"));
      tmux.type("q").until(screen -> screen.strip().equals(">"));
      assertThat(tmux.modes()).isEqualTo(modes);
    }
  }
}
