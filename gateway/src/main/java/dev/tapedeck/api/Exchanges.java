package dev.tapedeck.api;

import dev.tapedeck.event.SessionId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts the exchanges that are under way, in all and of each session. Safe for many threads. */
final class Exchanges {

  private final ApiLimits limits;
  private final Map<SessionId, Integer> ofSession = new HashMap<>();
  private int all;

  Exchanges(ApiLimits limits) {
    this.limits = limits;
  }

  /** Counts one more, or says why it may not be; what was counted is to be {@link #ended}. */
  synchronized @Nullable Refusal begin(SessionId session) {
    if (all >= limits.maxExchanges()) {
      return Refusal.tooManyExchanges("api.max_exchanges", limits.maxExchanges());
    }
    if (ofSession.getOrDefault(session, 0) >= limits.maxExchangesPerSession()) {
      return Refusal.tooManyExchanges(
          "api.max_exchanges_per_session", limits.maxExchangesPerSession());
    }
    all++;
    ofSession.merge(session, 1, Integer::sum);
    return null;
  }

  synchronized void ended(SessionId session) {
    all--;
    ofSession.computeIfPresent(session, (_, count) -> count == 1 ? null : count - 1);
  }
}
