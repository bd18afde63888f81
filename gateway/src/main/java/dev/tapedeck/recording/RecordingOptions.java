package dev.tapedeck.recording;

import java.time.Duration;

/**
 * How sessions are recorded.
 *
 * @param policy what to do when a recording cannot be written
 * @param metadata whether {@code session.json} is written
 * @param keepPayloads whether bytes that are not text are kept beside the cast, not only their size
 *     and checksum
 * @param stallLimit how long a byte waits for a disk that hangs, under {@link Policy#BEST_EFFORT}
 * @param backlogBytes how much a track holds in memory for a disk that hangs; what comes after that
 *     is lost
 */
public record RecordingOptions(
    Policy policy, boolean metadata, boolean keepPayloads, Duration stallLimit, int backlogBytes) {

  public static final Duration DEFAULT_STALL_LIMIT = Duration.ofMillis(250);
  public static final int DEFAULT_BACKLOG_BYTES = 1024 * 1024;

  /** Everything at its default. */
  public static final RecordingOptions DEFAULT =
      new RecordingOptions(
          Policy.BEST_EFFORT, true, false, DEFAULT_STALL_LIMIT, DEFAULT_BACKLOG_BYTES);

  public RecordingOptions {
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
