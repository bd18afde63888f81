package dev.tapedeck.live;

import dev.tapedeck.event.SessionId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A session as lists show it.
 *
 * @param kind {@code ssh}, {@code api} or {@code run}
 * @param ended null while it lives
 * @param status {@code live}, {@code complete}, {@code gap}, {@code truncated} or {@code failed}
 * @param exchanges how many are recorded whole
 * @param inputTokens of all exchanges, caches included
 */
public record SessionRow(
    SessionId id,
    String kind,
    String user,
    String source,
    Instant started,
    @Nullable Instant ended,
    String status,
    long exchanges,
    long inputTokens,
    long outputTokens) {

  public boolean live() {
    return status.equals("live");
  }

  /** Whether every word of {@code filter} is in what is known of the session; case is ignored. */
  public boolean matches(String filter) {
    String all =
        String.join(" ", id.toString(), kind, user, source, status).toLowerCase(Locale.ROOT);
    for (String word : filter.toLowerCase(Locale.ROOT).split(" ", -1)) {
      if (!all.contains(word)) {
        return false;
      }
    }
    return true;
  }
}
