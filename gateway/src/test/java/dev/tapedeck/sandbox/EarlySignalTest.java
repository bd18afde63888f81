package dev.tapedeck.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.sandbox.none.NoneEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Signals that come as soon as a program has been asked for, on a machine that is busy. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class EarlySignalTest {

  private static final int TRIES = 25;

  /** Printed by the program itself, whose end is a signal's only if that came after it began. */
  private static final String PROGRAM = "echo up; exec sleep 1000";

  @Test
  void signalRightAfterTheStartIsNotLostInANamespace() throws Exception {
    try (Engine engine = new NamespaceEngine(SandboxLimits.DEFAULT);
        Sandbox sandbox = engine.create()) {
      everySignalArrives(sandbox);
    }
  }

  @Test
  void signalRightAfterTheStartIsNotLostWithoutIsolation() throws Exception {
    try (Engine engine = new NoneEngine();
        Sandbox sandbox = engine.create()) {
      everySignalArrives(sandbox);
    }
  }

  private static void everySignalArrives(Sandbox sandbox) throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    List<Thread> load = new ArrayList<>();
    for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
      load.add(Thread.ofPlatform().daemon().start(() -> spin(done)));
    }
    try {
      for (int i = 0; i < TRIES; i++) {
        try (Running piped = Running.command(sandbox, PROGRAM)) {
          assertThat(piped.process().signal("TERM")).as("piped, try %d", i).isTrue();
          assertThat(piped.await()).isEqualTo(new ExitStatus.Signalled("TERM", 15));
        }
        try (Running onTerminal = Running.terminal(sandbox, PROGRAM)) {
          assertThat(onTerminal.process().signal("INT")).as("on a terminal, try %d", i).isTrue();
          assertThat(onTerminal.await()).isEqualTo(new ExitStatus.Signalled("INT", 2));
        }
      }
    } finally {
      done.set(true);
    }
    for (Thread thread : load) {
      thread.join();
    }
  }

  private static void spin(AtomicBoolean done) {
    while (!done.get()) {
      Thread.onSpinWait();
    }
  }
}
