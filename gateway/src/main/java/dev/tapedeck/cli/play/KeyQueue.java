package dev.tapedeck.cli.play;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keys that wait to be obeyed, from a person, from a signal or from nobody. */
public final class KeyQueue {

  /** Nobody presses more ahead. */
  private static final int LIMIT = 64;

  private final BlockingQueue<PlayKey> waiting = new LinkedBlockingQueue<>(LIMIT);
  private volatile boolean quit;

  /** As Ctrl-C does. */
  public void quit() {
    press(PlayKey.QUIT);
  }

  void press(PlayKey key) {
    // A seek under way looks at this alone.
    quit |= key == PlayKey.QUIT;
    if (!waiting.offer(key)) {
      waiting.clear();
      waiting.offer(key);
    }
  }

  boolean isQuit() {
    return quit;
  }

  /** The next, or null if none comes in time. */
  @Nullable PlayKey next(long nanos) throws InterruptedException {
    return waiting.poll(nanos, TimeUnit.NANOSECONDS);
  }

  PlayKey next() throws InterruptedException {
    return waiting.take();
  }

  void forget() {
    waiting.clear();
  }
}
