package dev.tapedeck.api;

import java.time.Duration;

/**
 * How much the API gateway takes upon itself.
 *
 * @param connectTimeout how long an upstream may take to accept a connection
 * @param idleTimeout how long an exchange may rest without a byte; clients themselves give up after
 *     300 s of silence
 * @param sessionIdleTimeout after how long without an exchange a session of the API's own ends
 * @param captureLimit bytes of one body that are kept; what is beyond passes and is counted
 * @param queueLimit bytes of a session's bodies that may wait in memory for its recorder; what
 *     comes beyond that passes and is counted
 */
public record ApiLimits(
    Duration connectTimeout,
    Duration idleTimeout,
    Duration sessionIdleTimeout,
    long captureLimit,
    long queueLimit) {

  public static final ApiLimits DEFAULT =
      new ApiLimits(
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          64L << 20,
          64L << 20);

  public ApiLimits {
    if (captureLimit < 0 || queueLimit < 0) {
      throw new IllegalArgumentException("a limit is 0 bytes or more");
    }
  }

  /** The same with other limits of bytes kept, and another idle time. */
  public ApiLimits withBodies(long capture, long queue, Duration idle) {
    return new ApiLimits(connectTimeout, idle, sessionIdleTimeout, capture, queue);
  }
}
