package dev.tapedeck.catalog;

import java.time.Duration;

/**
 * How the catalog waits, and how much it takes.
 *
 * @param busyTimeout how long one statement waits for another program's write; up to a minute
 * @param queueLimit how many changes may wait to be written; past that they are lost to the
 *     catalog, and counted, until {@code reindex}
 * @param textLimit so many characters of what was said may wait in memory; past that it is read
 *     from the recording again, when the session is over
 * @param outputLimit so many bytes of a track's output are looked through for words; what follows
 *     is not found, and costs nothing
 * @param loginRows so many attempts to log in are kept, the newest
 * @param loginAge and each no longer than that
 */
public record CatalogOptions(
    Duration busyTimeout,
    int queueLimit,
    long textLimit,
    long outputLimit,
    long loginRows,
    Duration loginAge) {

  /** Some 200,000 lines. */
  public static final long OUTPUT_LIMIT = 16L << 20;

  /** Some 30 MB. */
  public static final long LOGIN_ROWS = 100_000;

  public static final Duration LOGIN_AGE = Duration.ofDays(90);

  /** Five seconds; some 4000 changes, a minute of a busy gateway; 64 Mi characters. */
  public static final CatalogOptions DEFAULT =
      new CatalogOptions(Duration.ofSeconds(5), 4096, 64L << 20);

  public CatalogOptions {
    if (busyTimeout.isNegative() || busyTimeout.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException("busyTimeout is from 0 to 60 s, not " + busyTimeout);
    }
    if (queueLimit < 1) {
      throw new IllegalArgumentException("queueLimit is at least 1 change, not " + queueLimit);
    }
    if (textLimit < 0) {
      throw new IllegalArgumentException("textLimit is 0 or more characters, not " + textLimit);
    }
    if (outputLimit < 0) {
      throw new IllegalArgumentException("outputLimit is 0 or more bytes, not " + outputLimit);
    }
    if (loginRows < 1) {
      throw new IllegalArgumentException("loginRows is at least 1 row, not " + loginRows);
    }
    if (!loginAge.isPositive()) {
      throw new IllegalArgumentException("loginAge is more than 0, not " + loginAge);
    }
  }

  /** The usual ones, but for how the catalog waits. */
  public CatalogOptions(Duration busyTimeout, int queueLimit, long textLimit) {
    this(busyTimeout, queueLimit, textLimit, OUTPUT_LIMIT, LOGIN_ROWS, LOGIN_AGE);
  }

  /** The usual ones with these limits. */
  public static CatalogOptions limits(long outputLimit, long loginRows, Duration loginAge) {
    return new CatalogOptions(
        DEFAULT.busyTimeout,
        DEFAULT.queueLimit,
        DEFAULT.textLimit,
        outputLimit,
        loginRows,
        loginAge);
  }
}
