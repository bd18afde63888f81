package dev.tapedeck.api;

import dev.tapedeck.api.Budgets.Allowance;
import dev.tapedeck.api.Budgets.Tokens;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.session.SessionInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What sessions and users have used of their budgets. Requests are counted as they come, tokens
 * when an exchange is on record, which no byte waits for: requests under way may take a user
 * somewhat beyond a budget. Kept in memory. Safe for use by many threads.
 */
public final class Consumption {

  private static final Logger LOG = LoggerFactory.getLogger(Consumption.class);

  /** So many users and models are told apart; a client chooses how it calls a model. */
  private static final int MAX_NAMES = 10_000;

  private final Budgets budgets;
  private final LongSupplier nanoTime;
  private final Map<SessionId, Used> ofSession = new HashMap<>();
  private final Map<String, Used> ofUser = new HashMap<>();
  private final Set<String> unpriced = new HashSet<>();

  /** What one has used; guarded by the whole. */
  private static final class Used {
    final long since;
    long requests;
    long tokens;
    double spending;
    int exchanges;

    Used(long since) {
      this.since = since;
    }

    void add(Tokens more, double cost) {
      tokens += more.all();
      spending += cost;
    }
  }

  public Consumption(Budgets budgets) {
    this(budgets, System::nanoTime);
  }

  Consumption(Budgets budgets, LongSupplier nanoTime) {
    this.budgets = budgets;
    this.nanoTime = nanoTime;
  }

  /**
   * Counts a request, or says which budget is used up; what was counted is to be {@link #ended}.
   */
  synchronized @Nullable Refusal begin(SessionInfo session) {
    Used mine = ofSession.computeIfAbsent(session.id(), _ -> new Used(nanoTime.getAsLong()));
    Used theirs = user(session.user());
    Refusal refusal = refusal(mine, budgets.session(), "session", "this session", null);
    if (refusal == null) {
      refusal = refusal(theirs, budgets.user(), "user", "user " + session.user(), left(theirs));
    }
    if (refusal == null) {
      mine.requests++;
      mine.exchanges++;
      theirs.requests++;
      theirs.exchanges++;
    }
    return refusal;
  }

  /** What a user has used in the period that goes on, or begins now. */
  private Used user(String name) {
    Used known = ofUser.get(name);
    long now = nanoTime.getAsLong();
    if (known != null && now - known.since < budgets.period().toNanos()) {
      return known;
    }
    if (known == null && ofUser.size() >= MAX_NAMES) {
      ofUser.values().removeIf(used -> now - used.since >= budgets.period().toNanos());
    }
    Used begun = new Used(now);
    begun.exchanges = known == null ? 0 : known.exchanges;
    ofUser.put(name, begun);
    return begun;
  }

  private Duration left(Used used) {
    return budgets.period().minusNanos(nanoTime.getAsLong() - used.since);
  }

  private static @Nullable Refusal refusal(
      Used used, Allowance allowed, String key, String who, @Nullable Duration left) {
    Integer exchanges = allowed.exchanges();
    if (exchanges != null && used.exchanges >= exchanges) {
      return Refusal.tooManyExchanges("api.budget." + key + ".exchanges", exchanges);
    }
    if (allowed.requests() != null && used.requests >= allowed.requests()) {
      return spent(who, "%d requests".formatted(allowed.requests()), key + ".requests", left);
    }
    if (allowed.tokens() != null && used.tokens >= allowed.tokens()) {
      return spent(who, "%d tokens".formatted(allowed.tokens()), key + ".tokens", left);
    }
    if (allowed.spending() != null && used.spending >= allowed.spending()) {
      String money = String.format(Locale.ROOT, "%.2f", allowed.spending());
      return spent(who, "budget of " + money, key + ".spending", left);
    }
    return null;
  }

  private static Refusal spent(String who, String what, String key, @Nullable Duration left) {
    return Refusal.overBudget(who + " has used up its " + what + " (api.budget." + key + ")", left);
  }

  /** A request that was counted is over. */
  synchronized void ended(SessionInfo session) {
    Used mine = ofSession.get(session.id());
    if (mine != null) {
      mine.exchanges--;
    }
    Used theirs = ofUser.get(session.user());
    if (theirs != null && theirs.exchanges > 0) {
      theirs.exchanges--;
    }
  }

  /**
   * An exchange is on record.
   *
   * @param model the model's name, or null
   */
  public synchronized void used(
      SessionId session, String user, @Nullable String model, Tokens tokens) {
    double cost = cost(model == null ? "unknown" : model, tokens);
    Used mine = ofSession.get(session);
    if (mine != null) {
      mine.add(tokens, cost);
    }
    user(user).add(tokens, cost);
  }

  private double cost(String model, Tokens tokens) {
    if (budgets.prices().isEmpty()) {
      return 0;
    }
    return budgets
        .price(model)
        .map(price -> price.of(tokens))
        .orElseGet(() -> {
          if (unpriced.size() < MAX_NAMES && unpriced.add(model)) {
            LOG.warn(
                "api.prices has no price for the model {}: it counts as free",
                model.replaceAll("[^ -~]", "?"));
          }
          return 0.0;
        });
  }

  /** A session has ended. */
  synchronized void forget(SessionId session) {
    ofSession.remove(session);
  }
}
