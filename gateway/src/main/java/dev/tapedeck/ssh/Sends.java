package dev.tapedeck.ssh;

import java.util.ArrayList;
import java.util.List;

/**
 * What is being sent on a channel, so that its CLOSE is the last of it: several threads send, and
 * the library sends the CLOSE from any of them. A client that meets a message for a channel that it
 * has forgotten may end the whole connection, as asyncssh does.
 *
 * <p>Nobody waits: who would close while something is under way leaves that to the last sender.
 */
final class Sends {

  private final List<Runnable> closes = new ArrayList<>();
  private int underWay;
  private boolean over;

  /** Whether something may still be sent; then {@link #end} follows. */
  synchronized boolean begin() {
    if (over) {
      return false;
    }
    underWay++;
    return true;
  }

  void end() {
    List<Runnable> due = List.of();
    synchronized (this) {
      underWay--;
      if (underWay == 0) {
        due = List.copyOf(closes);
        closes.clear();
      }
    }
    due.forEach(Runnable::run);
  }

  /** Lets nothing more begin, and closes when nothing is under way. */
  void endWith(Runnable close) {
    synchronized (this) {
      over = true;
      if (underWay > 0) {
        closes.add(close);
        return;
      }
    }
    close.run();
  }
}
