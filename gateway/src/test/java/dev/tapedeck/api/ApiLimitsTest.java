package dev.tapedeck.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.ScriptedUpstream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much clients on this machine can take of the gateway. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ApiLimitsTest {

  private static final ApiLimits USUAL = ApiLimits.DEFAULT;
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final ScriptedUpstream.Script QUICK =
      (_, line) -> line.send("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");

  private final CountDownLatch go = new CountDownLatch(1);

  /** Answers requests for {@code /v1/messages} at once, and others when it may. */
  private final ScriptedUpstream.Script slow =
      (request, line) -> {
        if (!request.line().contains("/v1/messages")) {
          go.await();
        }
        QUICK.answer(request, line);
      };

  private static ApiFixture api(ScriptedUpstream.Script script, UnaryOperator<ApiLimits> change)
      throws IOException {
    return new ApiFixture(script, options -> options.with(change.apply(options.limits())));
  }

  private static String get(String path, String conversation) {
    return "GET "
        + path
        + " HTTP/1.1\nHost: localhost\nx-claude-code-session-id: "
        + conversation
        + "\n\n";
  }

  private static void isClosed(ApiFixture.Client client) throws IOException {
    try {
      assertThat(client.in.read()).isEqualTo(-1);
    } catch (IOException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
  }

  @Test
  void aSessionMoreThanMayBeEndsTheOneThatHasRestedLongest() throws Exception {
    try (ApiFixture api = api(QUICK, limits -> limits.withCounts(10, 3, 100, 100));
        ApiFixture.Client client = api.client()) {
      for (int i = 0; i < 200; i++) {
        Http.Message answer = client.send(get("/v1/messages", "made-up-" + i)).response();
        assertThat(answer.line()).containsAnyOf(" 200 ", " 429 "); // while many are ending
        assertThat(api.frames.sessions().size() - api.frames.endings().size())
            .isLessThanOrEqualTo(3 + ApiSessions.MAX_ENDING + 1);
      }
      await()
          .untilAsserted(
              () -> assertThat(api.frames.sessions()).hasSize(api.frames.endings().size() + 3));
      assertThat(api.frames.sessions()).hasSizeGreaterThan(20);
      assertThat(api.frames.endings()).containsOnly("another session needed the room");
    }
  }

  @Test
  void whereNoSessionRestsAFurtherOneIsRefused() throws Exception {
    try (ApiFixture api = api(slow, limits -> limits.withCounts(2, 100, 100, 100));
        ApiFixture.Client first = api.client();
        ApiFixture.Client second = api.client()) {
      first.send(get("/v1/chat/completions", "one"));
      second.send(get("/v1/chat/completions", "two"));
      await().until(() -> api.upstream.requests().size() == 2);
      Http.Message refused = api.ask(get("/v1/messages", "three"));
      assertThat(refused.line()).contains(" 429 ");
      assertThat(refused.text())
          .isEqualTo(
              "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"tapedeck:"
                  + " too many conversations are under way at once (api.max_sessions is 2,"
                  + " api.max_sessions_per_source 100); wait for one of them to rest\"}}");
      assertThat(refused.field("x-should-retry")).isEqualTo("true");
      assertThat(api.frames.sessions()).hasSize(2);
      go.countDown();
      first.response();
      await()
          .until(
              () -> api.ask(get("/v1/messages", "three")).line(), line -> line.contains(" 200 "));
    }
  }

  @Test
  void moreExchangesOfOneSessionThanMayBeAreRefusedAndRecorded() throws Exception {
    try (ApiFixture api = api(slow, limits -> limits.withCounts(100, 100, 100, 2));
        ApiFixture.Client first = api.client();
        ApiFixture.Client second = api.client()) {
      first.send(get("/v1/responses", "one"));
      second.send(get("/v1/responses", "one"));
      await().until(() -> api.upstream.requests().size() == 2);
      Http.Message refused = api.ask(get("/v1/responses", "one"));
      assertThat(refused.line()).contains(" 429 ");
      assertThat(refused.text())
          .contains("\"code\":\"rate_limit_exceeded\"")
          .contains(
              "tapedeck: 2 requests are under way, as many as api.max_exchanges_per_session"
                  + " allows; wait for one of them to end");
      assertThat(api.ask(get("/v1/messages", "another")).line()).contains(" 200 ");
      await()
          .untilAsserted(() ->
              assertThat(api.frames.events(HttpEvent.Answered.class))
                  .anyMatch(answer -> answer.status() == 429));
      go.countDown();
      first.response();
      second.response();
      await()
          .until(() -> api.ask(get("/v1/messages", "one")).line(), line -> line.contains(" 200 "));
    }
  }

  @Test
  void moreExchangesInAllThanMayBeAreRefused() throws Exception {
    try (ApiFixture api = api(slow, limits -> limits.withCounts(100, 100, 1, 100));
        ApiFixture.Client first = api.client()) {
      first.send(get("/v1/responses", "one"));
      await().until(() -> api.upstream.requests().size() == 1);
      assertThat(api.ask(get("/v1/messages", "two")).text()).contains("api.max_exchanges allows");
      go.countDown();
      first.response();
      await()
          .until(() -> api.ask(get("/v1/messages", "two")).line(), line -> line.contains(" 200 "));
    }
  }

  @Test
  void restingConnectionsGiveWayToFurtherOnes() throws Exception {
    try (ApiFixture api =
        api(QUICK, limits -> limits.withConnections(100, 3, USUAL.maxHead(), LONG, LONG))) {
      List<ApiFixture.Client> silent = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        silent.add(api.client());
        assertThat(api.ask(get("/v1/messages", "served")).line()).contains(" 200 ");
      }
      for (ApiFixture.Client each : silent.subList(0, 17)) {
        isClosed(each);
      }
      for (ApiFixture.Client each : silent) {
        each.close();
      }
    }
  }

  @Test
  void whereNoConnectionRestsAFurtherOneIsClosed() throws Exception {
    try (ApiFixture api =
            api(slow, limits -> limits.withConnections(2, 100, USUAL.maxHead(), LONG, LONG));
        ApiFixture.Client first = api.client();
        ApiFixture.Client second = api.client()) {
      first.send(get("/v1/responses", "one"));
      second.send(get("/v1/responses", "two"));
      await().until(() -> api.upstream.requests().size() == 2);
      try (ApiFixture.Client third = api.client()) {
        isClosed(third);
      }
      go.countDown();
      assertThat(first.response().line()).contains(" 200 ");
      assertThat(second.response().line()).contains(" 200 ");
    }
  }

  @Test
  void aHeadThatDoesNotBecomeWholeInTimeIsNotWaitedFor() throws Exception {
    Duration time = Duration.ofMillis(300);
    try (ApiFixture api =
            api(QUICK, limits -> limits.withConnections(9, 9, USUAL.maxHead(), time, LONG));
        ApiFixture.Client silent = api.client();
        ApiFixture.Client begun = api.client();
        ApiFixture.Client likeHttp2 = api.client();
        ApiFixture.Client kept = api.client()) {
      long start = System.nanoTime();
      begun.send("POST /v1/messages HTTP/1.1\nHost: loc");
      likeHttp2.send("PRI * HTT");
      kept.send(get("/v1/messages", "x")).response();
      isClosed(silent);
      isClosed(begun);
      isClosed(likeHttp2);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      assertThat(kept.send(get("/v1/messages", "x")).response().line()).contains(" 200 ");
    }
  }

  @Test
  void aConnectionThatRestsIsClosedAndOneInUseIsNot() throws Exception {
    Duration time = Duration.ofMillis(300);
    try (ApiFixture api =
            api(slow, limits -> limits.withConnections(9, 9, USUAL.maxHead(), time, time));
        ApiFixture.Client kept = api.client();
        ApiFixture.Client inUse = api.client()) {
      inUse.send(get("/v1/responses", "x"));
      kept.send(get("/v1/messages", "x")).response();
      kept.send("POST /v1/mess"); // a head that never ends is rest too
      isClosed(kept);
      go.countDown();
      assertThat(inUse.response().line()).contains(" 200 ");
    }
  }

  @Test
  void aHeadLargerThanMayBeIs431() throws Exception {
    try (ApiFixture api = api(QUICK, limits -> limits.withConnections(9, 9, 8192, LONG, LONG))) {
      String head = "GET /v1/messages HTTP/1.1\nHost: localhost\nx-long: ";
      assertThat(api.ask(head + "x".repeat(8000) + "\n\n").line()).contains(" 200 ");
      assertThat(api.ask(head + "x".repeat(9000) + "\n\n").line()).contains(" 431 ");
    }
  }
}
