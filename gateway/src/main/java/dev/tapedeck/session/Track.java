package dev.tapedeck.session;

import dev.tapedeck.event.Event;
import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.TrackId;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** One recorded stream of a session. Safe for use by many threads. */
public final class Track {

  private final Session session;
  private final TrackId id;
  private final AtomicBoolean closed = new AtomicBoolean();

  Track(Session session, TrackId id) {
    this.session = session;
    this.id = id;
  }

  public TrackId id() {
    return id;
  }

  /**
   * Records an event. When this returns, every recorder has it: only then may the bytes go on.
   * After {@link #close} it does nothing.
   *
   * @throws IOException if a recorder that must let nothing pass unrecorded cannot record
   */
  public void emit(Event event) throws IOException {
    emit(event, System.nanoTime());
  }

  /**
   * As {@link #emit(Event)}, for what happened before now.
   *
   * @param at when, by {@link System#nanoTime}
   */
  public void emit(Event event, long at) throws IOException {
    if (!closed.get()) {
      session.emit(id, event, at);
    }
  }

  /** Records the end. Only the first call does something. */
  public void close(ExitStatus status) throws IOException {
    if (closed.compareAndSet(false, true)) {
      session.closed(this);
      session.emit(id, new Event.TrackClosed(status), System.nanoTime());
    }
  }
}
