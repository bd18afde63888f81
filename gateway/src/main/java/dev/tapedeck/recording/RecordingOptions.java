package dev.tapedeck.recording;

import java.time.Duration;

/**
 * How sessions are recorded.
 *
 * @param policy what to do when a recording cannot be written
 * @param metadata whether {@code session.json} is written
 * @param payloadLimit how many bytes that are not text are kept of a track; of those beyond it size
 *     and checksum are recorded, or {@link Policy#STRICT} ends the session
 * @param stallLimit how long a byte waits for a disk that hangs, under {@link Policy#BEST_EFFORT}
 * @param backlogBytes how much a track holds in memory for a disk that hangs; what comes after that
 *     is lost
 */
public record RecordingOptions(
    Policy policy, boolean metadata, long payloadLimit, Duration stallLimit, int backlogBytes) {

  public static final long DEFAULT_PAYLOAD_LIMIT = 64L * 1024 * 1024;
  public static final Duration DEFAULT_STALL_LIMIT = Duration.ofMillis(250);
  public static final int DEFAULT_BACKLOG_BYTES = 1024 * 1024;

  /** Everything at its default. */
  public static final RecordingOptions DEFAULT =
      new RecordingOptions(
          Policy.BEST_EFFORT,
          true,
          DEFAULT_PAYLOAD_LIMIT,
          DEFAULT_STALL_LIMIT,
          DEFAULT_BACKLOG_BYTES);

  public RecordingOptions {
    if (payloadLimit < 0) {
      throw new IllegalArgumentException("the payload limit is 0 or more, not " + payloadLimit);
    }
    if (!stallLimit.isPositive()) {
      throw new IllegalArgumentException("the stall limit is longer than nothing");
    }
    if (backlogBytes < 0) {
      throw new IllegalArgumentException("the backlog is 0 bytes or more, not " + backlogBytes);
    }
  }

  /** What to do when a recording cannot be written. */
  public enum Policy {
    /** The session goes on and the gap is marked. */
    BEST_EFFORT,
    /** The session ends: nothing passes unrecorded. */
    STRICT
  }
}
