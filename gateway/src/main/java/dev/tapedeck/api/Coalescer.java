package dev.tapedeck.api;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what may wait a moment, all of it together. An event loop that woke a recorder for each
 * event would share the processor with it just when the client wants to run. Safe for use by many
 * threads.
 */
final class Coalescer {

  private static final Logger LOG = LoggerFactory.getLogger(Coalescer.class);

  /** How long anything waits. */
  private static final long MILLIS = 10;

  private final ScheduledExecutorService timer;
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  Coalescer(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /** Does something soon, which may not take long. */
  void soon(Runnable action) {
    waiting.add(action);
    if (scheduled.compareAndSet(false, true)) {
      try {
        timer.schedule(this::run, MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException atTheEnd) {
        run();
      }
    }
  }

  private void run() {
    scheduled.set(false);
    Runnable action;
    while ((action = waiting.poll()) != null) {
      try {
        action.run();
      } catch (RuntimeException | Error e) {
        // The others have their turn all the same.
        LOG.error("A recorder was not woken", e);
      }
    }
  }
}
