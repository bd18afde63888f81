package dev.tapedeck.catalog;

import java.time.Duration;

/**
 * How the catalog waits.
 *
 * @param busyTimeout how long one statement waits for another program's write; up to a minute
 * @param queueLimit how many changes may wait to be written; past that they are lost to the
 *     catalog, and counted, until {@code reindex}
 */
public record CatalogOptions(Duration busyTimeout, int queueLimit) {

  /** Five seconds, and some 4000 changes: a minute of a busy gateway. */
  public static final CatalogOptions DEFAULT = new CatalogOptions(Duration.ofSeconds(5), 4096);

  public CatalogOptions {
    if (busyTimeout.isNegative() || busyTimeout.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException("busyTimeout is from 0 to 60 s, not " + busyTimeout);
    }
    if (queueLimit < 1) {
      throw new IllegalArgumentException("queueLimit is at least 1 change, not " + queueLimit);
    }
  }
}
