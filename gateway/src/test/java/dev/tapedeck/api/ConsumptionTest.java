package dev.tapedeck.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.api.Budgets.Allowance;
import dev.tapedeck.api.Budgets.Price;
import dev.tapedeck.api.Budgets.Tokens;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.session.SessionInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is left of budgets, and what somebody is told whose budget is used up. */
class ConsumptionTest {

  private static final Allowance ANY = Allowance.ANY;
  private static final Duration DAY = Duration.ofDays(1);
  private static final Tokens NINE = new Tokens(1, 2, 3, 3);

  private final AtomicLong now = new AtomicLong(42);

  private Consumption consumption(Allowance session, Allowance user, Price... prices) {
    return new Consumption(new Budgets(session, user, DAY, List.of(prices)), now::get);
  }

  private static SessionInfo session(String user) {
    return new SessionInfo(SessionId.create(), "ssh", user, "x:1", Instant.now(), Map.of());
  }

  private static String message(Consumption consumption, SessionInfo session) {
    return Objects.requireNonNull(consumption.begin(session)).message();
  }

  @Test
  void withoutBudgetsNobodyIsRefused() {
    Consumption consumption = new Consumption(Budgets.NONE);
    SessionInfo ann = session("ann");
    for (int i = 0; i < 1000; i++) {
      consumption.used(ann.id(), "ann", "m", new Tokens(1L << 40, 0, 0, 0));
      assertThat(consumption.begin(ann)).isNull();
    }
  }

  @Test
  void aSessionHasItsRequestsAndAnotherHasItsOwn() {
    Consumption consumption = consumption(new Allowance(2L, null, null, null), ANY);
    SessionInfo first = session("ann");
    assertThat(consumption.begin(first)).isNull();
    assertThat(consumption.begin(first)).isNull();
    assertThat(message(consumption, first))
        .isEqualTo(
            "tapedeck: this session has used up its 2 requests (api.budget.session.requests);"
                + " another session has a budget of its own");
    assertThat(consumption.begin(session("ann"))).isNull();
  }

  @Test
  void tokensAreThoseOfPromptsAndAnswersAndOfCaches() {
    Consumption consumption = consumption(new Allowance(null, 18L, null, null), ANY);
    SessionInfo ann = session("ann");
    assertThat(consumption.begin(ann)).isNull();
    consumption.used(ann.id(), "ann", "m", NINE);
    assertThat(consumption.begin(ann)).isNull();
    consumption.used(ann.id(), "ann", null, NINE);
    assertThat(message(consumption, ann)).contains("its 18 tokens (api.budget.session.tokens)");
  }

  @Test
  void aUsersSessionsShareABudgetUntilThePeriodIsOver() {
    Consumption consumption = consumption(ANY, new Allowance(null, 9L, null, null));
    SessionInfo first = session("ann");
    assertThat(consumption.begin(first)).isNull();
    consumption.used(first.id(), "ann", "m", NINE);
    now.addAndGet(DAY.minusMinutes(90).toNanos());
    assertThat(message(consumption, session("ann")))
        .isEqualTo(
            "tapedeck: user ann has used up its 9 tokens (api.budget.user.tokens); there is more in"
                + " 90 min");
    assertThat(consumption.begin(session("bob"))).isNull();
    now.addAndGet(Duration.ofMinutes(90).toNanos());
    assertThat(consumption.begin(session("ann"))).isNull();
  }

  @Test
  void moneyIsCountedByTheFirstPriceThatFits() {
    Consumption consumption =
        consumption(
            new Allowance(null, null, 1.0, null),
            ANY,
            new Price("claude-*-5", 100_000, 200_000, 10_000, 50_000),
            new Price("*", 0, 0, 0, 0));
    SessionInfo ann = session("ann");
    assertThat(consumption.begin(ann)).isNull();
    consumption.used(ann.id(), "ann", "gpt", new Tokens(1L << 40, 0, 0, 0));
    consumption.used(ann.id(), "ann", "claude-opus-5", new Tokens(1, 2, 3, 0)); // 0.53
    assertThat(consumption.begin(ann)).isNull();
    consumption.used(ann.id(), "ann", "claude-opus-5", new Tokens(2, 1, 2, 2)); // 0.52
    assertThat(message(consumption, ann))
        .contains("its budget of 1.00 (api.budget.session.spending)");
  }

  @Test
  void soManyRequestsAtOnceAndMoreWhenOneHasEnded() {
    Consumption consumption = consumption(ANY, new Allowance(null, null, null, 1));
    SessionInfo ann = session("ann");
    assertThat(consumption.begin(ann)).isNull();
    assertThat(message(consumption, session("ann")))
        .isEqualTo(
            "tapedeck: 1 requests are under way, as many as api.budget.user.exchanges allows; wait"
                + " for one of them to end");
    consumption.ended(ann);
    assertThat(consumption.begin(session("ann"))).isNull();
  }

  @Test
  void whatASessionsLastExchangesUsedIsStillTheUsers() {
    Consumption consumption =
        consumption(new Allowance(null, 9L, null, null), new Allowance(null, 9L, null, null));
    SessionInfo ann = session("ann");
    assertThat(consumption.begin(ann)).isNull();
    consumption.forget(ann.id());
    consumption.used(ann.id(), "ann", "m", NINE);
    assertThat(message(consumption, session("ann"))).contains("user ann has used up");
  }

  @Test
  void eachApiIsToldInItsOwnWords() {
    Refusal refusal = Refusal.overBudget("it is used up", null);
    assertThat(refusal.status()).isEqualTo(429);
    assertThat(new String(refusal.body(Provider.ANTHROPIC), UTF_8))
        .contains("\"type\":\"rate_limit_error\"");
    assertThat(new String(refusal.body(Provider.OPENAI), UTF_8))
        .contains("\"type\":\"insufficient_quota\"", "\"code\":\"insufficient_quota\"");
    assertThat(new String(refusal.body(Provider.GEMINI), UTF_8))
        .contains("\"code\":429", "\"status\":\"RESOURCE_EXHAUSTED\"");
    assertThat(refusal.headers(new byte[0]))
        .anyMatch(header -> header.is("x-should-retry") && header.value().equals("false"));
  }
}
