package dev.tapedeck.catalog;

import dev.tapedeck.session.SessionRecord.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions, or which logins: all conditions together, null for any.
 *
 * @param limit at most so many, 1 to {@link #MAX_LIMIT}; the newest
 * @param since started, or tried, at this time or later
 * @param status of logins none has one: leave it null for them
 */
public record Filter(
    int limit, @Nullable Instant since, @Nullable String user, @Nullable Status status) {

  /** More would not fit on any screen, and must fit into memory. */
  public static final int MAX_LIMIT = 100_000;

  public Filter {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("a limit is from 1 to " + MAX_LIMIT + ", not " + limit);
    }
  }

  /** The newest. */
  public static Filter newest(int limit) {
    return new Filter(limit, null, null, null);
  }
}
