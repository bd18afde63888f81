package dev.tapedeck.event;

/**
 * An event with its session, number, track and time.
 *
 * @param number from 1, rising within the session; shows a viewer what it missed
 * @param time nanoseconds since the session began, by a monotonic clock
 */
public record Frame(SessionId session, long number, TrackId track, long time, Event event) {

  /** The same with bytes of its own, to be kept longer than the call that it came with. */
  public Frame copy() {
    return new Frame(session, number, track, time, event.copy());
  }
}
