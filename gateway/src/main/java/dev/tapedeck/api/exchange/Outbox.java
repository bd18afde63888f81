package dev.tapedeck.api.exchange;

import dev.tapedeck.event.HttpEvent;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one exchange that are still to be done, and the two readings of them:
 *
 * <ul>
 *   <li>best effort: what is to be recorded comes after all that is to be sent, so that nobody
 *       waits for it;
 *   <li>strict: what is to be sent waits until all that stands before it is recorded.
 * </ul>
 */
final class Outbox {

  /** How many bytes may wait here to be recorded until their sender has to wait, too. */
  static final int MAX_HELD_BYTES = 64 * 1024;

  private final Queue<Command> urgent = new ArrayDeque<>(2);
  private final ArrayDeque<Command> queue = new ArrayDeque<>();
  private final Queue<Command> later = new ArrayDeque<>();
  private boolean strict;
  private int unrecorded;
  private long held;
  private boolean headSent;
  private boolean finished;

  Outbox(boolean strict) {
    this.strict = strict;
  }

  void add(Command command) {
    queue.add(command);
    if (command instanceof Command.Send send) {
      held += send.data().length();
    }
  }

  /** Before everything else. */
  void now(Command command) {
    urgent.add(command);
  }

  /** What is to be done next; null if nothing is, for now. */
  @Nullable Command poll() {
    Command next = urgent.poll();
    if (next == null) {
      next = strict ? inOrder() : sendingFirst();
    }
    if (next instanceof Command.Send send) {
      held -= send.data().length();
    }
    headSent |= next instanceof Command.AnswerHead || next instanceof Command.Refuse;
    finished |= next instanceof Command.RecordEvent(HttpEvent.Finished _, long _);
    return next;
  }

  private @Nullable Command inOrder() {
    Command next = queue.peek();
    if (next == null || (next.lets() && unrecorded > 0)) {
      return null;
    }
    if (next instanceof Command.RecordEvent) {
      unrecorded++;
    }
    return queue.poll();
  }

  private @Nullable Command sendingFirst() {
    Command next;
    while ((next = queue.poll()) != null) {
      if (!(next instanceof Command.RecordEvent) && !(next instanceof Command.Release)) {
        return next;
      }
      later.add(next);
    }
    return later.poll();
  }

  void recorded() {
    unrecorded = Math.max(0, unrecorded - 1);
  }

  /** Nothing waits any more: it cannot be recorded. */
  void waitNoMore() {
    strict = false;
  }

  /** Whether so much waits that no more should come. */
  boolean isLong() {
    return strict && held >= MAX_HELD_BYTES;
  }

  /** Whether no bytes of bodies wait here. */
  boolean isSent() {
    return held == 0;
  }

  /** Whether the client has been sent the head of an answer. */
  boolean headSent() {
    return headSent;
  }

  /** Whether the exchange's end has been given out. */
  boolean finished() {
    return finished;
  }

  /** Drops what is for an upstream that takes no more. */
  void dropUpstream() {
    drop(Command::toUpstream);
  }

  /** Drops all but what is to be recorded of things that have happened; so the end of it, too. */
  void dropUnsent() {
    drop(command ->
        !(command instanceof Command.RecordEvent(HttpEvent event, long _))
            || event instanceof HttpEvent.Finished);
  }

  private void drop(Predicate<Command> which) {
    for (Iterator<Command> all = queue.iterator(); all.hasNext(); ) {
      Command command = all.next();
      if (which.test(command)) {
        all.remove();
        if (command instanceof Command.Send send) {
          held -= send.data().length();
        }
      }
    }
    later.removeIf(which);
  }
}
