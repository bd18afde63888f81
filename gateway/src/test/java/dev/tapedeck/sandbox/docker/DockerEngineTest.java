package dev.tapedeck.sandbox.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.sandbox.ProcessSpec;
import dev.tapedeck.sandbox.ProcessSpec.Program;
import dev.tapedeck.sandbox.Sandbox;
import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.SandboxProcess;
import dev.tapedeck.sandbox.SandboxProcess.Echo;
import dev.tapedeck.sandbox.TerminalSpec;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What only this engine has: frames, labels, its own and the engine's terminals. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class DockerEngineTest {

  private static final int BULK_BYTES = 64 * 1024 * 1024;

  private DockerEngine engine;
  private Sandbox sandbox;
  private ExecutorService threads;

  @BeforeAll
  void connect() {
    engine = new DockerEngine(DockerSession.options());
  }

  @AfterAll
  void disconnect() {
    if (engine != null) {
      engine.close();
    }
  }

  @BeforeEach
  void make() throws SandboxException {
    sandbox = engine.create();
    threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory());
  }

  @AfterEach
  void remove() {
    if (sandbox != null) {
      sandbox.close();
      threads.close();
    }
  }

  @Test
  void zerosComeThroughAsZeros() throws Exception {
    try (SandboxProcess process = start("head -c " + BULK_BYTES + " /dev/zero")) {
      process.input().close();
      assertThat(sha256(process.output())).isEqualTo(sha256(new Zeros(BULK_BYTES)));
      assertThat(process.await()).isEqualTo(new ExitStatus.Code(0));
    }
  }

  @Test
  void bytesGoInAndComeBackAsTheyWere() throws Exception {
    try (SandboxProcess process = start("cat")) {
      Future<String> came = threads.submit(() -> sha256(process.output()));
      new Noise(BULK_BYTES).transferTo(process.input());
      process.input().close();
      assertThat(came.get()).isEqualTo(sha256(new Noise(BULK_BYTES)));
      assertThat(process.await()).isEqualTo(new ExitStatus.Code(0));
    }
  }

  @Test
  void outputAndErrorStayApart() throws Exception {
    try (SandboxProcess process =
        start("for i in 1 2 3; do echo out$i; echo err$i >&2; done; exit 7")) {
      Future<String> error = threads.submit(() -> text(process.error()));
      assertThat(text(process.output())).isEqualTo("out1\nout2\nout3\n");
      assertThat(error.get()).isEqualTo("err1\nerr2\nerr3\n");
      assertThat(process.await()).isEqualTo(new ExitStatus.Code(7));
    }
  }

  @Test
  void aSignalReachesTheProgramAndIsItsEnd() throws Exception {
    try (SandboxProcess process = start("echo ready; sleep 100; echo never")) {
      assertThat(process.output().readNBytes(6)).isEqualTo("ready\n".getBytes(UTF_8));
      assertThat(process.signal("NONE")).isFalse();
      assertThat(process.signal("TERM")).isTrue();
      assertThat(process.await()).isEqualTo(new ExitStatus.Signalled("TERM", 15));
      assertThat(process.signal("TERM")).isFalse();
    }
  }

  @Test
  void everyExitCodeIsACode() throws Exception {
    List<Future<ExitStatus>> ends = new ArrayList<>();
    try (ExecutorService few = Executors.newFixedThreadPool(8)) {
      for (int code = 0; code < 256; code++) {
        String command = "sh -c 'exit " + code + "'; exit $?";
        ends.add(few.submit(() -> end(command)));
      }
    }
    for (int code = 0; code < 256; code++) {
      assertThat(ends.get(code).get()).isEqualTo(new ExitStatus.Code(code));
    }
  }

  /** A client that is told of a signal shows 255; a shell says 128 and the signal's number. */
  @Test
  void aSignalThatNobodySentIsTheCodeThatAShellMakesOfIt() throws Exception {
    assertThat(end("kill -KILL $$")).isEqualTo(new ExitStatus.Code(137));
    assertThat(end("kill -SEGV $$")).isEqualTo(new ExitStatus.Code(139));
    assertThat(end("sh -c 'kill -ABRT $$'; exit $?")).isEqualTo(new ExitStatus.Code(134));
  }

  @Test
  void homeAndTmpAreAsLargeAsTheDisk() throws Exception {
    assertThat(output("df -k ~ /tmp | awk 'NR > 1 { print $2 }'"))
        .isEqualTo("%1$d\n%1$d\n".formatted(SandboxLimits.DEFAULT.diskBytes() / 1024));
    assertThat(output("for f in ~/a /tmp/a; do head -c 67108864 /dev/zero >$f && wc -c <$f; done"))
        .isEqualTo("67108864\n67108864\n");
  }

  @Test
  void closingEndsWhatAProgramStartedHoweverItHid() throws Exception {
    SandboxProcess process = start("setsid sleep 4242 & (sleep 4343 &) ; echo ready; sleep 100");
    assertThat(process.output().readNBytes(6)).isEqualTo("ready\n".getBytes(UTF_8));
    process.close();
    assertThat(process.output().read()).isEqualTo(-1);
    assertThat(output("cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -c 'sleep 4[23]4'"))
        .isEqualTo("0\n");
  }

  @Test
  void ownTerminalKnowsWhenTypingIsHidden() throws Exception {
    try (SandboxProcess process =
        startOn(terminal(), "tty; stty -echo; read x; stty echo; read y")) {
      assertThat(line(process.output())).startsWith("/dev/pts/");
      await().until(() -> process.echo() == Echo.HIDDEN);
      process.input().write("secret\r".getBytes(UTF_8));
      await().until(() -> process.echo() == Echo.SHOWN);
      process.input().write("\r".getBytes(UTF_8));
      assertThat(process.await()).isEqualTo(new ExitStatus.Code(0));
      assertThat(text(process.output())).doesNotContain("secret");
    }
  }

  @Test
  void ownTerminalControlsItsJobs() throws Exception {
    try (SandboxProcess process = startOn(terminal(), "stty size; echo $TERM; exec sh -i")) {
      InputStream output = process.output();
      assertThat(line(output)).isEqualTo("41 132");
      assertThat(line(output)).isEqualTo("xterm-256color");
      process.input().write("sleep 100\r".getBytes(UTF_8));
      readUntil(output, "sleep 100");
      await().until(() -> output("cat /proc/[0-9]*/comm").contains("sleep\n"));
      assertThat(process.signal("INT")).isTrue();
      process.input().write("echo status=$?\r".getBytes(UTF_8));
      readUntil(output, "status=130");
      process.resize(new TerminalSize(90, 30));
      process.input().write("stty size\r".getBytes(UTF_8));
      readUntil(output, "30 90");
      process.input().write("exit 5\r".getBytes(UTF_8));
      assertThat(process.await()).isEqualTo(new ExitStatus.Code(5));
    }
  }

  @Test
  void engineTerminalTakesItsSizeBeforeTheProgramSeesIt() throws Exception {
    try (DockerEngine plain = new DockerEngine(DockerSession.options(), false);
        Sandbox other = plain.create();
        SandboxProcess process = other.start(spec("stty size; read x; stty size", terminal()))) {
      assertThat(line(process.output())).isEqualTo("41 132");
      assertThat(process.echo()).isEqualTo(Echo.UNKNOWN);
      process.resize(new TerminalSize(100, 30));
      process.resize(new TerminalSize(101, 31));
      await()
          .until(() -> {
            try (SandboxProcess look = other.start(spec("stty size </dev/pts/0 || true", null))) {
              look.input().close();
              return text(look.output()).equals("31 101\n");
            }
          });
      process.input().write("\r".getBytes(UTF_8));
      readUntil(process.output(), "31 101");
      assertThat(process.await()).isEqualTo(new ExitStatus.Code(0));
    }
  }

  @Test
  void resizeBeforeTheProgramExistsIsNotLost() throws Exception {
    try (DockerEngine plain = new DockerEngine(DockerSession.options(), false);
        Sandbox other = plain.create();
        SandboxProcess process =
            other.start(
                spec(
                    "until [ \"$(stty size)\" = '50 150' ]; do :; done; echo resized",
                    terminal()))) {
      process.resize(new TerminalSize(150, 50));
      assertThat(line(process.output())).isEqualTo("resized");
    }
  }

  @Test
  void engineTerminalGetsSignals() throws Exception {
    try (DockerEngine plain = new DockerEngine(DockerSession.options(), false);
        Sandbox other = plain.create();
        SandboxProcess process =
            other.start(spec("trap 'echo caught; exit 3' INT; echo ready; read x", terminal()))) {
      assertThat(line(process.output())).isEqualTo("ready");
      assertThat(process.signal("INT")).isTrue();
      readUntil(process.output(), "caught");
      assertThat(process.await()).isEqualTo(new ExitStatus.Code(3));
    }
  }

  @Test
  void sandboxHasNeitherRightsNorNetwork() throws Exception {
    String status = output("grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status");
    assertThat(status.lines().map(line -> line.replaceAll("\\s+", "")))
        .containsExactly(
            "CapEff:0000000000000000", "CapBnd:0000000000000000", "NoNewPrivs:1", "Seccomp:2");
    assertThat(output("id -u; hostname; ls /sys/class/net")).isEqualTo("1000\nsandbox\nlo\n");
    assertThat(output("touch /x /usr/x 2>&1 | grep -c 'Read-only'")).isEqualTo("2\n");
    assertThat(output("env | cut -d= -f1 | sort | tr '\\n' ' '"))
        .isEqualTo("HOME LOGNAME PATH PWD SHELL SHLVL TAPEDECK_EXEC USER _ ");
  }

  @Test
  void limitsHold() throws Exception {
    SandboxLimits limits = SandboxLimits.DEFAULT;
    assertThat(
            output(
                "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max"
                    + " /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null"))
        .isEqualTo(
            "%d\n%d\n".formatted(limits.memoryBytes() + limits.diskBytes(), limits.processes()));
    assertThat(output("head -c 1100m /dev/zero >/tmp/x; du -m /tmp/x | cut -f1; rm /tmp/x"))
        .isEqualTo(limits.diskBytes() / 1024 / 1024 + "\n");
  }

  @Test
  void userWhoKillsEverythingStillHasASandbox() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(output("kill -9 -1; echo alone")).isEqualTo("alone\n");
    }
    assertThat(output("echo still here")).isEqualTo("still here\n");
    assertThat(sandbox.healthy()).isTrue();
  }

  @Test
  void orphansAreReaped() throws Exception {
    String untilItRuns = "until cat /proc/[0-9]*/comm | grep '^sleep'; do :; done";
    assertThat(output("(sleep 2 &); " + untilItRuns)).isEqualTo("sleep\n");
    await()
        .untilAsserted(
            () -> assertThat(output("cat /proc/[0-9]*/comm | grep -c '^sleep'")).isEqualTo("0\n"));
  }

  private static TerminalSpec terminal() {
    return new TerminalSpec("xterm-256color", new TerminalSize(132, 41), Map.of());
  }

  private static ProcessSpec spec(String command, @Nullable TerminalSpec terminal) {
    return new ProcessSpec(new Program.Command(command), "alice", Map.of(), terminal);
  }

  private SandboxProcess start(String command) throws SandboxException {
    return sandbox.start(spec(command, null));
  }

  private SandboxProcess startOn(TerminalSpec terminal, String command) throws SandboxException {
    return sandbox.start(spec(command, terminal));
  }

  private ExitStatus end(String command) throws Exception {
    try (SandboxProcess process = start(command)) {
      return process.await();
    }
  }

  private String output(String command) throws IOException {
    try (SandboxProcess process = start(command)) {
      process.input().close();
      return text(process.output());
    }
  }

  private static String text(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), UTF_8);
  }

  private static String line(InputStream stream) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = stream.read(); next >= 0 && next != '\n'; next = stream.read()) {
      line.append((char) next);
    }
    return line.toString().strip();
  }

  private static void readUntil(InputStream stream, String text) throws IOException {
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf(text) < 0) {
      int next = stream.read();
      assertThat(next).as("more output after: %s", seen).isNotNegative();
      seen.append((char) next);
    }
  }

  private static String sha256(InputStream stream) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] buffer = new byte[64 * 1024];
    for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
      digest.update(buffer, 0, count);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Bytes of no pattern, the same ones each time. */
  private static final class Noise extends InputStream {
    private final Random random = new Random(42);
    private int left;

    Noise(int length) {
      left = length;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("is read in blocks");
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (left == 0) {
        return -1;
      }
      int count = Math.min(left, Math.min(length, 8192)) / 4 * 4;
      byte[] some = new byte[count];
      random.nextBytes(some);
      System.arraycopy(some, 0, target, offset, count);
      left -= count;
      return count;
    }
  }

  /** As many zeros. */
  private static final class Zeros extends InputStream {
    private int left;

    Zeros(int length) {
      left = length;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (left <= 0) {
        return -1;
      }
      int count = Math.min(left, length);
      Arrays.fill(target, offset, offset + count, (byte) 0);
      left -= count;
      return count;
    }
  }
}
