package dev.tapedeck.catalog;

import java.time.Duration;

/**
 * How the catalog waits.
 *
 * @param busyTimeout how long one statement waits for another program's write; up to a minute
 * @param queueLimit how many changes may wait to be written; past that they are lost to the
 *     catalog, and counted, until {@code reindex}
 * @param textLimit so many characters of what was said may wait in memory; past that it is read
 *     from the recording again, when the session is over
 */
public record CatalogOptions(Duration busyTimeout, int queueLimit, long textLimit) {

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
  }
}
