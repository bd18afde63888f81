package dev.tapedeck.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.sandbox.reach.Forward;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** An engine, a sandbox and a client in it, for the contracts on what a sandbox reaches. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ReachSetting {

  /** A client that vanishes must be seen to within this, and likewise a sandbox that is closed. */
  static final Duration ABORT = Duration.ofSeconds(1);

  private Engine engine;
  private Sandbox sandbox;

  /** A new engine; a missing one is an assumption that fails with a line that says so. */
  protected abstract Engine newEngine() throws Exception;

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

  final Sandbox sandbox() {
    return sandbox;
  }

  final Engine engine() {
    return engine;
  }

  static Duration after(long start, Upstream.Ending ending) {
    return Duration.ofNanos(ending.nanoTime() - start);
  }

  static String reach(Sandbox sandbox, Upstream upstream) {
    Reach reach = sandbox.reach(upstream);
    assertThat(reach).isInstanceOf(Reach.At.class);
    return ((Reach.At) reach).address();
  }

  /** What bash prints, with a connection as its file 3. */
  String bash(String line) throws Exception {
    return Running.output(sandbox, script(connected(line)));
  }

  /** A bash that has a connection as its file 3. */
  Running client(String line) throws Exception {
    return Running.command(sandbox, script(connected(line)));
  }

  static String connected(String line) {
    return "exec 3<>/dev/tcp/127.0.0.1/" + Forward.PORT + " || exit 1; " + line;
  }

  static String script(String line) {
    return "exec bash <<'END'\n" + line + "\nEND";
  }

  static void assertFails(Sandbox sandbox, String line) throws Exception {
    try (Running running = Running.command(sandbox, line)) {
      running.endInput();
      assertThat(running.await().number()).as(line).isNotZero();
    }
  }

  static void join(CountDownLatch latch) {
    try {
      if (!latch.await(Running.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("not everybody came");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
