package dev.tapedeck.event;

import java.security.SecureRandom;
import java.util.UUID;

/**
 * A session's id: a UUID of version 7 (RFC 9562, section 5.7), so that ids sort by the time at
 * which they were made.
 *
 * <p>Ids made in the same millisecond by one process sort in the order in which they were made.
 */
public record SessionId(UUID value) implements Comparable<SessionId> {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Object LOCK = new Object();

  /**
   * The last id's time and counter, as one number: 48 bits of milliseconds, then 12 bits of
   * counter.
   */
  private static long lastStamp;

  /** A new id for the present moment. */
  public static SessionId create() {
    long stamp;
    synchronized (LOCK) {
      stamp = Math.max(System.currentTimeMillis() << 12, lastStamp + 1);
      lastStamp = stamp;
    }
    long high = (stamp >>> 12) << 16 | 0x7000 | (stamp & 0xFFF);
    long low = RANDOM.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
    return new SessionId(new UUID(high, low));
  }

  /**
   * The id that {@code text} stands for.
   *
   * @throws IllegalArgumentException if it is not a UUID
   */
  public static SessionId parse(String text) {
    return new SessionId(UUID.fromString(text));
  }

  @Override
  public int compareTo(SessionId other) {
    int high =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(
            value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
