package dev.tapedeck.sandbox;

import java.time.Duration;

/**
 * Who shares a sandbox.
 *
 * @param per whose it is
 * @param keep how long a user's sandbox waits for the next connection after the last one, from 0 to
 *     30 days
 */
public record Sharing(Per per, Duration keep) {

  /** Whose a sandbox is. */
  public enum Per {
    /** Each connection has its own. */
    CONNECTION,
    /** All connections of one user have the same. */
    USER
  }

  public static final Duration MAX_KEEP = Duration.ofDays(30);

  /** Nobody shares. */
  public static final Sharing NONE = new Sharing(Per.CONNECTION, Duration.ZERO);

  public Sharing {
    if (keep.isNegative() || keep.compareTo(MAX_KEEP) > 0) {
      throw new IllegalArgumentException(
          "a sandbox is kept for 0 s to " + MAX_KEEP.toDays() + " days, not " + keep);
    }
  }
}
