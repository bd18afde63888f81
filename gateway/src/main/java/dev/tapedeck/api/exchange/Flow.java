package dev.tapedeck.api.exchange;

import dev.tapedeck.event.HttpEvent.Side;

/** One direction of bodies. */
final class Flow {

  final Side side;

  /** How many have come. */
  long bytes;

  /** Whether the receiver takes no more for now. */
  boolean full;

  /** Whether the sender is read from. */
  boolean reading;

  Flow(Side side, boolean reading) {
    this.side = side;
    this.reading = reading;
  }
}
