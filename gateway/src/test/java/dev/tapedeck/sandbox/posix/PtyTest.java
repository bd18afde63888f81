package dev.tapedeck.sandbox.posix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.sandbox.SandboxProcess.Echo;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PtyTest {

  private static final int ECHO = 53;
  private static final int ICANON = 51;

  /** A read of a terminal gives no more than this at once, however much waits. */
  private static final int KERNEL_GIVES = 4096;

  /** How much is there when it is read depends on who runs first: it is tried until it was more. */
  @Test
  void oneReadGathersMoreThanTheKernelGivesAtOnce() throws Exception {
    int most = 0;
    for (int i = 0; i < 100 && most <= KERNEL_GIVES; i++) {
      most = Math.max(most, mostAtOnce());
    }
    assertThat(most).isGreaterThan(KERNEL_GIVES);
  }

  private static int mostAtOnce() throws Exception {
    try (Pty pty = Pty.open()) {
      Child child = onTerminal(pty, "stty raw; head -c 16000 /dev/zero", "");
      byte[] buffer = new byte[64 * 1024];
      int most = 0;
      int all = 0;
      while (all < 16_000) {
        int n = pty.output().read(buffer);
        assertThat(n).isPositive();
        most = Math.max(most, n);
        all += n;
      }
      child.await();
      assertThat(all).isGreaterThanOrEqualTo(16_000);
      return most;
    }
  }

  @ParameterizedTest
  @CsvSource({"90, 91", "91, 90", "92, 93", "93, 90"})
  void modesThatNoTerminalHasArePassedOver(int first, int second) throws Exception {
    Map<Integer, Integer> modes = new LinkedHashMap<>();
    modes.put(second, 1);
    modes.put(first, 1);
    modes.put(ECHO, 0);
    try (Pty pty = Pty.open()) {
      pty.modes(modes);
      onTerminal(pty, "stty -a", "").await();
      assertThat(new String(pty.output().readAllBytes(), UTF_8))
          .contains(" cs8 ")
          .contains("-parenb")
          .contains("-echo ");
    }
  }

  @Test
  void endsWhenNobodyHasItOpenAnyMore() throws Exception {
    try (Pty pty = Pty.open()) {
      onTerminal(pty, "echo last words", "").await();
      assertThat(new String(pty.output().readAllBytes(), UTF_8)).isEqualTo("last words\r\n");
      assertThat(pty.output().read()).isEqualTo(-1);
    }
  }

  @Test
  void touchBringsTheEndToOneThatNobodyEverOpened() throws Exception {
    try (Pty pty = Pty.open()) {
      pty.touch();
      assertThat(pty.output().read()).isEqualTo(-1);
    }
  }

  @Test
  void closeWakesABlockedReaderAndABlockedWriter() throws Exception {
    Pty pty = Pty.open();
    pty.modes(Map.of(ECHO, 0));
    CompletableFuture<Integer> read = new CompletableFuture<>();
    CompletableFuture<String> written = new CompletableFuture<>();
    CountDownLatch started = new CountDownLatch(1);
    Thread reader = Thread.ofPlatform().start(() -> read.complete(readOne(pty)));
    Thread writer = Thread.ofPlatform().start(() -> written.complete(writeForEver(pty, started)));
    assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(read).isNotDone();
    pty.close();
    assertThat(read.get(5, TimeUnit.SECONDS)).isEqualTo(-1);
    assertThat(written.get(5, TimeUnit.SECONDS)).contains("closed");
    reader.join();
    writer.join();
  }

  @Test
  void echoFollowsTheModes() throws Exception {
    try (Pty pty = Pty.open()) {
      assertThat(pty.echo()).isEqualTo(Echo.SHOWN);
      pty.modes(Map.of(ECHO, 0));
      assertThat(pty.echo()).isEqualTo(Echo.HIDDEN);
      pty.modes(Map.of(ICANON, 0));
      assertThat(pty.echo()).isEqualTo(Echo.SHOWN);
    }
  }

  @Test
  void nonsenseInModesAndSizesIsPassedOver() throws Exception {
    try (Pty pty = Pty.open()) {
      pty.modes(Map.of(0, 1, 11, 5, 200, 7, 128, 38_400, 1, 255, 91, 1));
      pty.resize(new TerminalSize(0, 100_000));
      Child child = onTerminal(pty, "stty size; stty -a", "");
      child.await();
      String said = new String(pty.output().readAllBytes(), UTF_8);
      assertThat(said).startsWith("65535 80\r\n").contains("intr = <undef>");
    }
  }

  @Test
  void closedIsSaid() throws Exception {
    Pty pty = Pty.open();
    pty.close();
    pty.close();
    assertThat(pty.output().read()).isEqualTo(-1);
    assertThat(pty.echo()).isEqualTo(Echo.SHOWN);
    assertThat(pty.signal(Signals.INT)).isFalse();
    assertThatThrownBy(() -> pty.resize(TerminalSize.DEFAULT)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> pty.input().write(1)).isInstanceOf(IOException.class);
  }

  @Test
  void statusesAreTheKernelsOwn() throws Exception {
    assertThat(run("exit 143").number()).isEqualTo(143);
    assertThat(run("exit 143")).isNotEqualTo(run("kill -TERM $$"));
    assertThat(run("kill -TERM $$").number()).isEqualTo(143);
  }

  @Test
  void childrenHaveNoFileOfTheGateway() throws Exception {
    Child child =
        Child.start(List.of("/bin/sh", "-c", "ls /proc/$$/fd"), Map.of("PATH", "/usr/bin:/bin"));
    assertThat(new String(child.output().readAllBytes(), UTF_8)).isEqualTo("0\n1\n2\n");
    child.close();
  }

  private static ExitStatus run(String line) throws Exception {
    try (Child child = Child.start(List.of("/bin/sh", "-c", line), Map.of())) {
      return child.await();
    }
  }

  private static Child onTerminal(Pty pty, String line, String first) throws IOException {
    String script = "exec " + first + " <>" + pty.path() + " >&0 2>&0; " + line;
    return Child.start(List.of("/bin/sh", "-c", script), Map.of("PATH", "/usr/bin:/bin"));
  }

  private static int readOne(Pty pty) {
    try {
      return pty.output().read();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String writeForEver(Pty pty, CountDownLatch started) {
    OutputStream input = pty.input();
    byte[] lines = "\n".repeat(1000).getBytes(UTF_8);
    try {
      while (true) {
        input.write(lines);
        started.countDown();
      }
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
