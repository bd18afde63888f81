package dev.tapedeck.sandbox;

import java.time.Duration;

/**
 * How many sandboxes are kept ready.
 *
 * @param size how many wait, 0 (none: each is made when it is asked for) to 1,000
 * @param maxCreations how many may be made at once, by refill and takers together, 1 to 100: each
 *     takes some 50 ms of a processor, or an engine's attention
 * @param checkEvery how often those that wait are checked, at least 100 ms
 */
public record PoolOptions(int size, int maxCreations, Duration checkEvery) {

  public static final PoolOptions DEFAULT = new PoolOptions(2, 8, Duration.ofSeconds(10));

  public PoolOptions {
    require(size >= 0 && size <= 1_000, "size must be from 0 to 1000, not " + size);
    require(
        maxCreations >= 1 && maxCreations <= 100,
        "maxCreations must be from 1 to 100, not " + maxCreations);
    require(
        checkEvery.compareTo(Duration.ofMillis(100)) >= 0,
        "checkEvery must be at least 100 ms, not " + checkEvery);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException("the sandbox pool's " + message);
    }
  }
}
