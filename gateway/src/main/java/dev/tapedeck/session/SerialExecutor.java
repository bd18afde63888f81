package dev.tapedeck.session;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one session's slow work, one piece after the other, on threads that all sessions share. A
 * lane whose disk hangs holds up no other, and one that has nothing to do holds no thread.
 */
public final class SerialExecutor implements Executor {

  private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);

  private final Executor threads;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean running;

  public SerialExecutor(Executor threads) {
    this.threads = threads;
  }

  @Override
  public void execute(Runnable task) {
    if (add(task)) {
      wake();
    }
  }

  /**
   * Takes a piece of work without a thread for it, where somebody calls {@link #wake} soon: a
   * thread's waking costs more than most pieces.
   *
   * @return whether the lane has no thread
   */
  public boolean add(Runnable task) {
    synchronized (tasks) {
      tasks.add(task);
      return !running;
    }
  }

  /** Begins with the work that is there. */
  public void wake() {
    synchronized (tasks) {
      if (running || tasks.isEmpty()) {
        return;
      }
      running = true;
    }
    boolean begun = false;
    try {
      threads.execute(this::run);
      begun = true;
    } finally {
      if (!begun) {
        // No thread could be had: the next wake tries again.
        synchronized (tasks) {
          running = false;
        }
      }
    }
  }

  private void run() {
    Runnable task;
    while ((task = next()) != null) {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        // What comes after it has its turn all the same: a lane that stops records nothing more.
        LOG.error("A piece of a session's work failed", e);
      }
    }
  }

  private @Nullable Runnable next() {
    synchronized (tasks) {
      Runnable task = tasks.poll();
      running = task != null;
      return task;
    }
  }
}
