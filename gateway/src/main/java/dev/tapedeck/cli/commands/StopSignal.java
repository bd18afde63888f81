package dev.tapedeck.cli.commands;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the signal that ends the program. The first asks for an orderly end; a second one, from
 * somebody who has waited enough, ends the process at once.
 */
final class StopSignal {

  private static final List<String> NAMES = List.of("INT", "TERM", "HUP");

  /** As a shell shows a process that SIGINT ended. */
  private static final int ENDED_BY_SIGNAL = 130;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final AtomicReference<@Nullable String> name = new AtomicReference<>();

  /** Takes over the process's signals; those that the caller has set to be ignored stay ignored. */
  void register() {
    for (String signal : NAMES) {
      Signals.register(signal, () -> arrived("SIG" + signal));
    }
  }

  /** As if the signal had come. */
  void arrived(String signal) {
    if (!name.compareAndSet(null, signal)) {
      Runtime.getRuntime().halt(ENDED_BY_SIGNAL);
    }
    asked.countDown();
  }

  /** Returns the first signal's name. */
  String await() throws InterruptedException {
    asked.await();
    return String.valueOf(name.get());
  }
}
