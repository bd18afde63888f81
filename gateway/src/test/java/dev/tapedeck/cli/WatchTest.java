package dev.tapedeck.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.session.Session;
import dev.tapedeck.session.Track;
import dev.tapedeck.testing.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The live view as a person sees it: the real program, in a real terminal. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class WatchTest {

  private static final String QUESTION =
      """
      {"model":"claude-test-1","stream":true,"system":"You write programs.",\
      "messages":[{"role":"user","content":"Why does the test fail?"}]}\
      """;

  private static final String SECOND_QUESTION =
      """
      {"model":"claude-test-1","stream":true,"system":"You write programs.",\
      "messages":[{"role":"user","content":"Why does the test fail?"},\
      {"role":"assistant","content":[{"type":"text","text":"Let me look."},\
      {"type":"tool_use","id":"tu_1","name":"Bash","input":{"command":"make check"}}]},\
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"tu_1",\
      "content":"FAIL: \\u001b]0;owned\\u0007clock goes backwards"}]}]}\
      """;

  @TempDir Path home;
  private Stage stage;

  @BeforeEach
  void open() {
    stage = new Stage(home.resolve("data"));
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private Tmux start(int columns, int rows, String... arguments) throws IOException {
    Tmux tmux = new Tmux(home, columns, rows);
    Path script = home.resolve("watch");
    Files.writeString(
        script,
        "exec '"
            + Path.of(System.getProperty("java.home"), "bin", "java")
            + "' --enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '"
            + System.getProperty("java.class.path")
            + "' dev.tapedeck.cli.Main watch --data '"
            + home.resolve("data")
            + "' \"$@\"\n");
    tmux.type(
            "stty -g > before; echo $$ > shell; clear"
                .replace("before", home + "/before")
                .replace("shell;", home + "/shell;"))
        .press("Enter");
    tmux.type(
            "sh "
                + script
                + " "
                + String.join(" ", arguments)
                + "; echo left with $?; stty -g > "
                + home
                + "/after")
        .press("Enter");
    return tmux;
  }

  /** The first run of a command that prints this: a slow disk may be behind. */
  private Run until(String text, String command, String... rest) {
    return await()
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> Run.of(home.resolve("data"), command, rest), run -> run.out().contains(text));
  }

  private void isRestored(Tmux tmux, String left) throws IOException {
    tmux.shows(left);
    await().atMost(20, TimeUnit.SECONDS).until(() -> Files.exists(home.resolve("after")));
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> Files.readString(home.resolve("after")).endsWith("\n"));
    assertThat(home.resolve("after")).hasSameTextualContentAs(home.resolve("before"));
    assertThat(tmux.state()).as("second screen off, cursor on").isEqualTo("0 1");
  }

  @Test
  void conversationGrowsAsItStreams() throws Exception {
    Session session = stage.session("run", "alice");
    Track api = stage.api(session);
    try (Tmux tmux = start(100, 30)) {
      tmux.shows("1 live");
      Stage.Call call = stage.ask(api, QUESTION).begin();
      tmux.shows("Why does the test fail?");
      call.block(0, "{\"type\":\"text\",\"text\":\"\"}").text(0, "Let me");
      tmux.shows("Let me");
      call.text(0, " look.");
      tmux.shows("Let me look.");
      call.stop(0)
          .block(1, "{\"type\":\"tool_use\",\"id\":\"tu_1\",\"name\":\"Bash\",\"input\":{}}");
      call.delta(1, "input_json_delta", "partial_json", "{\"command\":\"make check\"}").stop(1);
      call.end("tool_use", 42);
      tmux.shows("▶ Bash");
      tmux.shows("1.2k in · 42 out");
      Stage.Call second = stage.ask(api, SECOND_QUESTION).begin();
      String screen = tmux.shows("clock goes backwards");
      assertThat(screen).contains("◀ result", "make check", "streaming").contains("␛]0;owned␇");
      assertThat(screen.split("Why does the test fail", -1)).as("history is told once").hasSize(2);
      second.answer(529, "application/json");
      tmux.press("q");
      isRestored(tmux, "left with 0");
    }
    session.end("done");
  }

  @Test
  void terminalScreenIsDrawnAsItIs() throws Exception {
    Session session = stage.session("ssh", "bob");
    Track shell = stage.shell(session, 60, 10);
    Stage.print(shell, "$ \033[31mred\033[0m 你好 wide\r\n");
    until("shell-1", "show", "latest");
    try (Tmux tmux = start(120, 24, "latest/shell-1")) {
      tmux.shows("red 你好 wide");
      Stage.print(shell, "\033[2J\033[5;3Hin the middle");
      String screen = tmux.shows("in the middle");
      assertThat(screen).doesNotContain("red").contains("60x10");
      Stage.exit(shell, 3);
      tmux.shows("ended, 3");
      tmux.press("Tab");
      tmux.shows("Nothing was said to a model yet");
      tmux.press("C-c");
      isRestored(tmux, "left with 0");
    }
    session.end("done");
  }

  @Test
  void sessionsAreFilteredAndChosen() throws Exception {
    for (String user : new String[] {"alice", "bob", "carol"}) {
      Session session = stage.session("ssh", user);
      Stage.print(stage.shell(session, 80, 24), "this is " + user + "'s terminal");
      session.end("done");
    }
    try (Tmux tmux = start(80, 24)) {
      tmux.until(screen -> screen.contains("alice") && screen.contains("carol"));
      tmux.shows("this is carol's");
      tmux.press("Down");
      tmux.shows("this is bob's");
      tmux.type("/ali");
      tmux.shows("filter: ali");
      tmux.until(screen -> !screen.contains("carol"));
      tmux.press("Enter");
      tmux.shows("this is alice's");
      tmux.type("/").press("Escape");
      tmux.shows("carol");
      tmux.type("?");
      tmux.shows("only sessions with these words");
      tmux.type("xq");
      isRestored(tmux, "left with 0");
    }
  }

  @Test
  void wordsAreFoundInAConversation() throws Exception {
    Session session = stage.session("api", "dave");
    Track api = stage.api(session);
    Stage.Call call = stage.ask(api, QUESTION).begin();
    call.block(0, "{\"type\":\"text\",\"text\":\"\"}");
    StringBuilder text = new StringBuilder("needle at the top\n");
    for (int line = 0; line < 40; line++) {
      text.append("line ").append(line).append("\n");
    }
    call.text(0, text + "last needle").stop(0).end("end_turn", 7);
    session.end("done");
    try (Tmux tmux = start(90, 20)) {
      tmux.shows("last needle");
      tmux.type("sneedle").press("Enter");
      tmux.shows("2 lines");
      tmux.type("n");
      tmux.shows("needle at the top");
      tmux.shows("not following");
      tmux.type("N");
      tmux.shows("last needle");
      tmux.press("Escape").type("g");
      tmux.shows("You write programs.");
      tmux.type("f");
      tmux.shows("last needle");
      tmux.type("q");
      isRestored(tmux, "left with 0");
    }
  }

  @Test
  void anotherSizeIsDrawnAnew() throws Exception {
    Session session = stage.session("ssh", "erin");
    Stage.print(stage.shell(session, 80, 24), "hello");
    try (Tmux tmux = start(80, 24)) {
      tmux.shows("erin");
      tmux.resize(140, 40);
      tmux.until(screen -> screen.lines().findFirst().orElse("").length() > 130);
      tmux.resize(50, 12);
      tmux.until(screen -> screen.contains("Conversation") && !screen.contains("erin"));
      tmux.resize(20, 4);
      tmux.shows("too small");
      tmux.resize(80, 24);
      tmux.shows("erin");
      tmux.type("q");
      isRestored(tmux, "left with 0");
    }
    session.end("done");
  }

  @Test
  void signalsRestoreTheTerminal() throws Exception {
    Session session = stage.session("ssh", "frank");
    try (Tmux tmux = start(80, 24)) {
      tmux.shows("frank");
      long pid = watching();
      assertThat(new ProcessBuilder("kill", "-TERM", "" + pid).start().waitFor()).isZero();
      isRestored(tmux, "left with 0");
    }
    session.end("done");
  }

  private long watching() throws IOException {
    long shell = Long.parseLong(Files.readString(home.resolve("shell")).strip());
    return ProcessHandle.of(shell).orElseThrow().children().findFirst().orElseThrow().pid();
  }

  @Test
  void withoutATerminalItSaysWhatToDo() {
    Run run = Run.of(home.resolve("data"), "watch");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo("tapedeck: watch needs a terminal; use --once to print one screen as text\n");
  }

  @Test
  void oncePrintsOnePicture() throws Exception {
    Session session = stage.session("run", "grace");
    Track api = stage.api(session);
    Stage.Call call = stage.ask(api, QUESTION).begin();
    call.block(0, "{\"type\":\"text\",\"text\":\"\"}").text(0, "It is late.");
    Run run = until("It is late.", "watch", "latest", "--once", "--size", "90x20");

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.lines()).hasSize(20).allMatch(line -> line.length() <= 90);
    assertThat(run.out()).contains("● grace", "run", "live", "user", "  It is late.", "streaming");
    assertThat(run.bytes()).doesNotContain("\033".getBytes(StandardCharsets.US_ASCII));
    session.end("done");
  }

  @Test
  void aSizeThatIsNoneIsRefused() {
    assertThat(Run.of(home, "watch", "--once", "--size", "9x9").err())
        .contains("--size must be from 30x6 to 1000x1000 (got \"9x9\")");
  }

  @Test
  void emptyStoreSaysSo() {
    assertThat(Run.of(home, "watch", "--once").out()).contains("No sessions yet");
    assertThat(Run.of(home, "watch", "latest", "--once").status()).isEqualTo(1);
  }
}
