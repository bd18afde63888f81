package dev.tapedeck.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.sandbox.SandboxProcess.Echo;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What every engine must do. A subclass gives the engine, and says where its nature makes it
 * differ.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class EngineContract {

  private Engine engine;
  private Sandbox sandbox;

  /** A new engine; a missing one is an assumption that fails with a line that says so. */
  protected abstract Engine newEngine() throws Exception;

  /** Whether the engine can ask its terminals for their modes. */
  protected boolean echoIsKnown() {
    return true;
  }

  /** Whether the engine tells that a program ended by a signal which nobody sent through it. */
  protected boolean deathsAreKnown() {
    return true;
  }

  /** Whether the sandbox has an SFTP server. */
  protected boolean servesSftp() {
    return true;
  }

  /** Names that may be in a command's environment besides the asked ones: the shell's own. */
  protected List<String> shellsOwnVariables() {
    return List.of("PWD", "OLDPWD", "SHLVL", "_");
  }

  protected final Engine engine() {
    return engine;
  }

  protected final Sandbox sandbox() {
    return sandbox;
  }

  @BeforeAll
  void makeEngine() throws Exception {
    engine = newEngine();
  }

  @AfterAll
  void closeEngine() {
    if (engine != null) {
      engine.close();
    }
  }

  @BeforeEach
  void makeSandbox() throws Exception {
    sandbox = engine.create();
  }

  @AfterEach
  void closeSandbox() {
    sandbox.close();
  }

  @Test
  void shellHasItsTerminal() throws Exception {
    try (Running shell = Running.shell(sandbox)) {
      shell.type("echo size=$(stty size) term=$TERM; tty && echo tty-$((1+1))\n");
      String output = shell.awaitOutput("tty-2");
      assertThat(output).contains("size=30 100 term=xterm-256color").containsPattern("/dev/\\S+");
      shell.type("exit 7\n");
      assertThat(shell.await()).isEqualTo(new ExitStatus.Code(7));
      shell.allOutput();
    }
  }

  @Test
  void shellIsALoginShellAtHome() throws Exception {
    try (Running shell = Running.shell(sandbox)) {
      shell.type("echo zero=$0 in=$PWD home=$HOME; exit\n");
      shell.await();
      String output = shell.allOutput();
      assertThat(output).containsPattern("zero=(-\\S+|\\S*sh) ");
      String home = output.replaceAll("(?s).* home=(/\\S*).*", "$1");
      assertThat(output).contains("in=" + home + " home=" + home);
    }
  }

  @Test
  void resizeIsSeenInside() throws Exception {
    try (Running shell = Running.shell(sandbox)) {
      shell.type("echo ready-$((1+1))\n");
      shell.awaitOutput("ready-2");
      shell.process().resize(new TerminalSize(132, 43));
      shell.type("echo size=$(stty size)\n");
      shell.awaitOutput("size=43 132");
    }
  }

  @Test
  void terminalModesAreSet() throws Exception {
    int echo = 53;
    int interrupt = 1;
    assumeThat(echoIsKnown()).as("the engine's terminals take modes").isTrue();
    TerminalSpec spec =
        new TerminalSpec("vt100", new TerminalSize(80, 24), Map.of(echo, 0, interrupt, 2));
    ProcessSpec program =
        new ProcessSpec(new ProcessSpec.Program.Command("stty -a"), "alice", Map.of(), spec);
    try (Running running = Running.of(sandbox.start(program))) {
      assertThat(running.allOutput()).contains("intr = ^B").containsPattern("(?m)(^|\\s)-echo\\s");
    }
  }

  @Test
  void controlCInterrupts() throws Exception {
    try (Running shell = Running.shell(sandbox)) {
      // The job itself says that it is in the foreground.
      shell.type("sh -c 'echo go-$((1+1)); exec sleep 1000'\n");
      shell.awaitOutput("go-2");
      shell.type("\u0003");
      shell.type("echo after-$?\n");
      shell.awaitOutput("after-130");
    }
  }

  @Test
  void signalReachesTheForeground() throws Exception {
    try (Running running = Running.terminal(sandbox, "echo up; exec sleep 1000")) {
      running.awaitOutput("up");
      assertThat(running.process().signal("INT")).isTrue();
      assertSignalled(running.await(), "INT", 2);
    }
  }

  @Test
  void signalReachesAPipedProgram() throws Exception {
    try (Running running = Running.command(sandbox, "echo up; exec sleep 1000")) {
      running.awaitOutput("up");
      assertThat(running.process().signal("TERM")).isTrue();
      assertSignalled(running.await(), "TERM", 15);
      assertThat(running.process().signal("TERM")).isFalse();
    }
  }

  @Test
  void unknownSignalIsRefused() throws Exception {
    try (Running running = Running.command(sandbox, "sleep 1000")) {
      assertThat(running.process().signal("NONSENSE")).isFalse();
    }
  }

  @Test
  void exitCodesComeThrough() throws Exception {
    for (int code : new int[] {0, 1, 2, 127, 255}) {
      try (Running running = Running.command(sandbox, "exit " + code)) {
        assertThat(running.await()).isEqualTo(new ExitStatus.Code(code));
      }
    }
  }

  @Test
  void deathBySignalComesThrough() throws Exception {
    try (Running running = Running.command(sandbox, "kill -KILL $$")) {
      ExitStatus code = new ExitStatus.Code(137);
      assertThat(running.await())
          .isEqualTo(deathsAreKnown() ? new ExitStatus.Signalled("KILL", 9) : code);
    }
  }

  @Test
  void exitCodeThatLooksLikeASignalIsACode() throws Exception {
    try (Running running = Running.command(sandbox, "exit 143")) {
      assertThat(running.await()).isEqualTo(new ExitStatus.Code(143));
    }
  }

  private void assertSignalled(ExitStatus status, String name, int number) {
    assertThat(status).isEqualTo(new ExitStatus.Signalled(name, number));
  }

  @Test
  void outputAndErrorAreApart() throws Exception {
    try (Running running = Running.command(sandbox, "echo out; echo err >&2")) {
      assertThat(running.allOutput()).isEqualTo("out\n");
      assertThat(running.allError()).isEqualTo("err\n");
    }
  }

  @Test
  void endOfInputIsSeen() throws Exception {
    try (Running running = Running.command(sandbox, "wc -c; echo done")) {
      running.type("12345");
      running.endInput();
      assertThat(running.await()).isEqualTo(new ExitStatus.Code(0));
      assertThat(running.allOutput().replaceAll("\\s+", " ").strip()).isEqualTo("5 done");
    }
  }

  @Test
  void binaryGoesThroughUnchangedBothWays() throws Exception {
    byte[] data = new byte[16 * 1024 * 1024];
    new Random(7).nextBytes(data);
    Arrays.fill(data, 1000, 100_000, (byte) 0);
    try (Running running = Running.command(sandbox, "tee /tmp/copy; sha256sum </tmp/copy >&2")) {
      OutputStream input = running.process().input();
      input.write(data);
      input.close();
      assertThat(running.await()).isEqualTo(new ExitStatus.Code(0));
      assertThat(sha256(running.allBytes())).isEqualTo(sha256(data));
      assertThat(running.allError()).startsWith(sha256(data));
    }
  }

  @Test
  void terminalOutputIsWhole() throws Exception {
    try (Running running = Running.terminal(sandbox, "stty raw; seq 1 200000")) {
      assertThat(running.await()).isEqualTo(new ExitStatus.Code(0));
      String[] lines = running.allOutput().split("\n", -1);
      assertThat(lines).hasSize(200_001);
      assertThat(lines[199_999]).isEqualTo("200000");
    }
  }

  @Test
  void outputOfAnEndedProgramCanStillBeRead() throws Exception {
    SandboxProcess process =
        sandbox.start(
            new ProcessSpec(
                new ProcessSpec.Program.Command("seq 1 1000"), "alice", Map.of(), null));
    assertThat(process.await()).isEqualTo(new ExitStatus.Code(0));
    try (Running running = Running.of(process)) {
      assertThat(running.allOutput()).endsWith("\n1000\n");
    }
  }

  @Test
  void environmentIsExact() throws Exception {
    Map<String, String> asked =
        Map.of("LANG", "C.UTF-8", "WITH_SPACES", " a  'b' \"c\" $HOME `id` \\ ", "LINES_", "a\nb");
    try (Running running = Running.command(sandbox, "cat /proc/self/environ", asked)) {
      List<String> variables = List.of(running.allOutput().split("\0", -1));
      assertThat(variables)
          .contains("USER=alice", "LOGNAME=alice", "LANG=C.UTF-8", "LINES_=a\nb")
          .contains("WITH_SPACES= a  'b' \"c\" $HOME `id` \\ ");
      List<String> names =
          variables.stream()
              .filter(v -> !v.isEmpty())
              .map(v -> v.substring(0, v.indexOf('=')))
              .filter(name -> !shellsOwnVariables().contains(name))
              .toList();
      assertThat(names)
          .containsExactlyInAnyOrder(
              "HOME", "USER", "LOGNAME", "SHELL", "PATH", "LANG", "WITH_SPACES", "LINES_");
    }
  }

  @Test
  void zeroByteInACommandIsRefused() {
    ProcessSpec spec =
        new ProcessSpec(new ProcessSpec.Program.Command("echo a\0b"), "alice", Map.of(), null);
    assertThatThrownBy(() -> sandbox.start(spec)).isInstanceOf(SandboxException.class);
  }

  @Test
  void programsOfOneSandboxShareIt() throws Exception {
    try (Running waiting = Running.command(sandbox, "touch /tmp/shared; exec sleep 1000")) {
      try (Running looking =
          Running.command(sandbox, "until [ -e /tmp/shared ]; do sleep 0.05; done; echo found")) {
        assertThat(looking.allOutput()).isEqualTo("found\n");
      }
      assertThat(waiting.process().signal("KILL")).isTrue();
    }
  }

  @Test
  void passwordPromptIsHidden() throws Exception {
    assumeThat(echoIsKnown()).as("the engine can ask its terminals").isTrue();
    try (Running running =
        Running.terminal(
            sandbox, "stty -echo; echo prompt; read x; stty echo; echo got $x; read y")) {
      running.awaitOutput("prompt");
      running.awaitEcho(Echo.HIDDEN);
      running.type("secret\n");
      running.awaitOutput("got secret");
      running.awaitEcho(Echo.SHOWN);
    }
  }

  @Test
  void rawModeIsNotAPassword() throws Exception {
    assumeThat(echoIsKnown()).as("the engine can ask its terminals").isTrue();
    try (Running running = Running.terminal(sandbox, "stty raw -echo; echo editing; sleep 1000")) {
      running.awaitOutput("editing");
      assertThat(running.process().echo()).isEqualTo(Echo.SHOWN);
    }
  }

  @Test
  void closingAProgramEndsIt() throws Exception {
    Running running =
        Running.command(sandbox, "trap '' HUP TERM INT; echo up; while :; do sleep 1; done");
    running.awaitOutput("up");
    long start = System.nanoTime();
    running.close();
    assertThat(running.await()).isNotEqualTo(new ExitStatus.Code(0));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(sandbox.healthy()).isTrue();
  }

  @Test
  void closingTheSandboxEndsAllInIt() throws Exception {
    Running shell = Running.shell(sandbox);
    shell.type("trap '' HUP TERM; (setsid sleep 1234 &) ; echo up-$((1+1)); sleep 1000\n");
    shell.awaitOutput("up-2");
    Running piped = Running.command(sandbox, "echo up; exec sleep 1000");
    piped.awaitOutput("up");
    long start = System.nanoTime();
    sandbox.close();
    shell.await();
    piped.await();
    shell.allOutput();
    piped.allOutput();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(sandbox.healthy()).isFalse();
    ProcessSpec more =
        new ProcessSpec(new ProcessSpec.Program.Command("true"), "alice", Map.of(), null);
    assertThatThrownBy(() -> sandbox.start(more)).isInstanceOf(SandboxException.class);
    sandbox.close();
  }

  @Test
  void closeWakesABlockedReader() throws Exception {
    Running terminal = Running.terminal(sandbox, "stty -echo; exec sleep 1000");
    terminal.awaitOutput("");
    terminal.close();
    terminal.allOutput();
  }

  @Test
  void sandboxesAreApart() throws Exception {
    Sandbox other = engine.create();
    try {
      assertThat(other.id()).isNotEqualTo(sandbox.id());
      assertThat(other.engine()).isEqualTo(engine.name());
    } finally {
      other.close();
    }
    assertThat(other.healthy()).isFalse();
    assertThat(sandbox.healthy()).isTrue();
    assertThat(Running.output(sandbox, "echo lives")).isEqualTo("lives");
  }

  @Test
  void sftpServerAnswers() throws Exception {
    assumeThat(servesSftp()).as("the sandbox has an SFTP server").isTrue();
    ProcessSpec spec = new ProcessSpec(new ProcessSpec.Program.Sftp(), "alice", Map.of(), null);
    try (Running running = Running.of(sandbox.start(spec))) {
      byte[] init = {0, 0, 0, 5, 1, 0, 0, 0, 3};
      running.process().input().write(init);
      running.process().input().flush();
      running.awaitOutput("\2\0\0\0\3");
      running.endInput();
      byte[] answer = running.allBytes();
      assertThat(Arrays.copyOfRange(answer, 4, 9)).containsExactly(2, 0, 0, 0, 3);
    }
  }

  private static String sha256(byte[] data) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
  }
}
