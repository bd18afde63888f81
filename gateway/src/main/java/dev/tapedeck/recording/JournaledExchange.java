package dev.tapedeck.recording;

import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.recording.Journal.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One exchange whose record is the journal: here is what is known of it but for its bodies, and
 * where in the journal these lie. A small exchange's are held in memory too, so that they need not
 * be read back. For one thread at a time.
 */
final class JournaledExchange {

  /** More of an exchange's bodies is not held in memory. */
  static final int HELD_BYTES = 256 * 1024;

  /** Takes an exchange's events, in order. */
  interface Taker {
    void take(HttpEvent event, long time) throws IOException;
  }

  private final HttpEvent.Requested requested;
  private final long begun;
  private final List<Line> others = new ArrayList<>();
  private final JournalRanges places = new JournalRanges();
  private final Body request = new Body();
  private final Body response = new Body();
  private @Nullable List<Line> held = new ArrayList<>();
  private long heldBytes;

  private static final class Body {
    long bytes;
    boolean redacted;
  }

  /**
   * @param begun when, in nanoseconds of the session's clock
   */
  JournaledExchange(HttpEvent.Requested requested, long begun) {
    this.requested = requested;
    this.begun = begun;
  }

  private Body body(Side side) {
    return switch (side) {
      case REQUEST -> request;
      case RESPONSE -> response;
    };
  }

  HttpEvent.Requested requested() {
    return requested;
  }

  /** Unique within its track. */
  long number() {
    return requested.exchange();
  }

  /** When the exchange began, in nanoseconds of the session's clock. */
  long begun() {
    return begun;
  }

  /** How much of a body there is, in bytes. */
  long bytes(Side side) {
    return body(side).bytes;
  }

  /** Whether a secret was taken out of a body. */
  boolean redacted(Side side) {
    return body(side).redacted;
  }

  /** How much of its bodies there is, in bytes. */
  long size() {
    return bytes(Side.REQUEST) + bytes(Side.RESPONSE);
  }

  /** A side's headers; null while there are none. */
  @Nullable List<HttpHeader> headers(Side side) {
    if (side == Side.REQUEST) {
      return requested.headers();
    }
    for (Line line : others) {
      if (line.event() instanceof HttpEvent.Answered answered) {
        return answered.headers();
      }
    }
    return null;
  }

  /** Takes the next event that is no body. */
  void add(HttpEvent event, long time) {
    others.add(new Line(time, event));
  }

  /**
   * Takes the next bytes of a body.
   *
   * @param from where its line begins in the journal
   * @param to where the next line begins
   */
  void add(HttpEvent.Body event, long time, long from, long to) {
    Body body = body(event.side());
    body.bytes += event.data().length();
    body.redacted |= event.plain();
    places.add(from, to);
    List<Line> lines = held;
    if (lines != null) {
      int length = event.data().length();
      if (heldBytes + length > HELD_BYTES || !InMemory.take(length)) {
        release();
        return;
      }
      heldBytes += length;
      lines.add(new Line(time, event));
    }
  }

  /** Its bodies are in the journal alone from now on, or needed no more. */
  void release() {
    held = null;
    InMemory.give(heldBytes);
    heldBytes = 0;
  }

  /** Up to where the journal must be written before {@link #replay} can read it. */
  long neededBytes() {
    return held == null ? places.end() : 0;
  }

  /**
   * Hands on what is known behind the request: bodies last, so that their headers are known.
   *
   * @param journal the file; not touched if the exchange is small
   * @throws IOException if it cannot be read
   */
  void replay(Path journal, Taker taker) throws IOException {
    for (Line line : others) {
      taker.take(line.event(), line.time());
    }
    List<Line> lines = held;
    if (lines != null) {
      for (Line line : lines) {
        taker.take(line.event(), line.time());
      }
      return;
    }
    try (JournalLines reader = new JournalLines(journal)) {
      places.each((from, to) -> {
        reader.range(from, to);
        while (reader.next()) {
          Line line = Journal.body(reader.array(), reader.begin(), reader.end(), number());
          if (line != null) {
            taker.take(line.event(), line.time());
          }
        }
      });
    }
  }
}
