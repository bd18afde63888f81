package dev.tapedeck.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RelayTest {

  private static final String OK = "HTTP/1.1 200 OK\nContent-Length: 2\n\nok";
  private static final Script ANSWER = (_, line) -> line.send(OK);

  @Test
  void everythingGoesThroughInOrderAndAsItWas() throws Exception {
    Script script =
        (_, line) ->
            line.send(
                """
                HTTP/1.1 529 Overloaded, Quite
                X-First: 1
                x-FIRST: 2
                Set-Cookie: a=1
                Content-Type: application/json
                Set-Cookie: b=2
                Content-Length: 7
                Connection: keep-alive, X-Hop
                X-Hop: gone

                {"a":1}\
                """);
    try (ApiFixture gateway = new ApiFixture(script)) {
      Http.Message answer =
          gateway.ask(
              """
              POST /v1/messages?beta=true&q=%2Fx+y HTTP/1.1
              Host: ignored
              X-Custom: One
              x-custom: two
              Accept-Encoding: gzip, br
              Connection: X-Mine
              X-Mine: gone
              Proxy-Authorization: Basic eA==
              Content-Length: 12

              {"n": 1.50 }\
              """);
      assertThat(answer.line()).isEqualTo("HTTP/1.1 529 Overloaded, Quite");
      assertThat(answer.fields())
          .containsExactly(
              "X-First: 1",
              "x-FIRST: 2",
              "Set-Cookie: a=1",
              "Content-Type: application/json",
              "Set-Cookie: b=2",
              "Content-Length: 7");
      assertThat(answer.text()).isEqualTo("{\"a\":1}");
      Http.Message asked = gateway.upstream.requests().getFirst();
      assertThat(asked.line()).isEqualTo("POST /v1/messages?beta=true&q=%2Fx+y HTTP/1.1");
      assertThat(asked.fields().stream().map(field -> field.replaceFirst("(?i)^(host): .*", "$1")))
          .containsExactlyInAnyOrder(
              "host",
              "X-Custom: One",
              "x-custom: two",
              "Accept-Encoding: gzip, br",
              "Content-Length: 12");
      assertThat(asked.text()).isEqualTo("{\"n\": 1.50 }");
      assertThat(gateway.finished(1).getFirst().end()).isEqualTo(End.COMPLETE);
      assertThat(gateway.body(1, Side.REQUEST)).isEqualTo("{\"n\": 1.50 }");
      assertThat(gateway.body(1, Side.RESPONSE)).isEqualTo("{\"a\":1}");
    }
  }

  @Test
  void whatArrivesIsFlushedAtOnceMidEventOrNot() throws Exception {
    CountDownLatch taken = new CountDownLatch(1);
    Script script =
        (_, line) -> {
          line.send(
              "HTTP/1.1 200 OK\nContent-Type: text/event-stream\nTransfer-Encoding: chunked\n\n");
          line.chunk("data: {\"ha");
          taken.await();
          line.chunk("lf\":1}\n\n").end();
        };
    try (ApiFixture gateway = new ApiFixture(script);
        ApiFixture.Client client = gateway.client()) {
      client.send("POST /v1/messages HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}");
      assertThat(Http.head(client.in)).contains("HTTP/1.1 200 OK");
      assertThat(Http.line(client.in)).isEqualTo("a");
      assertThat(new String(client.in.readNBytes(10), StandardCharsets.UTF_8))
          .isEqualTo("data: {\"ha");
      assertThat(Http.line(client.in)).isEmpty();
      taken.countDown();
      assertThat(new String(Http.chunks(client.in), StandardCharsets.UTF_8))
          .isEqualTo("lf\":1}\n\n");
    }
  }

  @Test
  void connectionsAreUsedAgainOnBothSides() throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER);
        ApiFixture.Client client = gateway.client()) {
      for (int i = 0; i < 5; i++) {
        client.send("GET /v1/models HTTP/1.1\nHost: x\n\n");
        assertThat(client.response().text()).isEqualTo("ok");
      }
      assertThat(gateway.upstream.connections()).isEqualTo(1);
      gateway.finished(5);
      assertThat(gateway.frames.events(HttpEvent.Connected.class).map(HttpEvent.Connected::reused))
          .startsWith(false, true);
    }
  }

  @Test
  void headAndBodilessAnswersKeepTheirFields() throws Exception {
    Script script =
        (request, line) ->
            line.send(
                request.line().startsWith("HEAD")
                    ? "HTTP/1.1 200 OK\nContent-Length: 1234\n\n"
                    : "HTTP/1.1 204 No Content\nX-A: b\n\n");
    try (ApiFixture gateway = new ApiFixture(script);
        ApiFixture.Client client = gateway.client()) {
      client.send("HEAD /api/hello HTTP/1.1\nHost: x\n\n");
      assertThat(Http.head(client.in)).containsExactly("HTTP/1.1 200 OK", "Content-Length: 1234");
      client.send("DELETE /v1/files/1 HTTP/1.1\nHost: x\n\n");
      assertThat(Http.head(client.in)).contains("HTTP/1.1 204 No Content", "X-A: b");
    }
  }

  @Test
  void expectContinueIsAnswered() throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER);
        ApiFixture.Client client = gateway.client()) {
      client.send(
          "POST /v1/messages HTTP/1.1\nHost: x\nExpect: 100-continue\nContent-Length: 2\n\n");
      assertThat(Http.head(client.in)).containsExactly("HTTP/1.1 100 Continue");
      client.send("{}");
      assertThat(client.response().text()).isEqualTo("ok");
      assertThat(gateway.upstream.requests().getFirst().field("expect")).isNull();
    }
  }

  @Test
  void aClientThatGoesCancelsTheUpstreamCall() throws Exception {
    AtomicBoolean hungUp = new AtomicBoolean();
    Script script =
        (_, line) -> {
          line.send("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n").chunk("data: 1\n\n");
          hungUp.set(line.in().read() < 0);
          line.close();
        };
    try (ApiFixture gateway = new ApiFixture(script)) {
      try (ApiFixture.Client client = gateway.client()) {
        client.send("POST /v1/messages HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}");
        Http.head(client.in);
        client.in.readNBytes(12);
      }
      await().untilTrue(hungUp);
      HttpEvent.Finished end = gateway.finished(1).getFirst();
      assertThat(end.end()).isEqualTo(End.CLIENT_ABORT);
      assertThat(gateway.body(1, Side.RESPONSE)).isEqualTo("data: 1\n\n");
    }
  }

  @Test
  void anUpstreamThatBreaksOffIsSeenAsThat() throws Exception {
    Script script =
        (request, line) -> {
          line.send("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n").chunk("part");
          if (request.line().contains("reset")) {
            line.reset();
          } else {
            line.close();
          }
        };
    try (ApiFixture gateway = new ApiFixture(script)) {
      for (String how : List.of("close", "reset")) {
        assertThatThrownBy(() -> gateway.ask("GET /v1/models/" + how + " HTTP/1.1\nHost: x\n\n"))
            .isInstanceOf(IOException.class);
      }
      assertThat(gateway.finished(2))
          .extracting(HttpEvent.Finished::end)
          .containsExactly(End.UPSTREAM_EOF, End.UPSTREAM_RESET);
      assertThat(gateway.body(1, Side.RESPONSE)).isEqualTo("part");
    }
  }

  @Test
  void whatAClientCallsItselfIsKeptWithoutItsKey() throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER)) {
      gateway.ask(
          """
          GET /v1/models HTTP/1.1
          Host: x
          User-Agent: tool/1 sk-ant-planted-0123456789
          x-claude-code-session-id: mine-sk-ant-planted-0123456789
          x-api-key: sk-ant-planted-0123456789

          """);
      gateway.finished(1);
      assertThat(gateway.frames.sessions().getFirst().attributes().toString())
          .contains("client_version=tool/1 REDACTED-sha256-", "conversation=mine-REDACTED-sha256-")
          .doesNotContain("planted");
    }
  }

  @Test
  void anUpstreamThatCannotBeReachedIs502InTheApisOwnShape() throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER)) {
      gateway.upstream.close();
      Http.Message anthropic =
          gateway.ask("POST /v1/messages HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}");
      assertThat(anthropic.line()).isEqualTo("HTTP/1.1 502 Bad Gateway");
      assertThat(anthropic.text())
          .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"");
      Http.Message openai =
          gateway.ask("POST /v1/chat/completions HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}");
      assertThat(openai.text()).startsWith("{\"error\":{\"message\":\"");
      assertThat(gateway.finished(2))
          .allSatisfy(end -> {
            assertThat(end.end()).isEqualTo(End.ERROR);
            assertThat(end.error()).contains("cannot reach");
          });
      assertThat(gateway.body(1, Side.REQUEST)).isEqualTo("{}");
    }
  }

  @Test
  void anUpstreamThatLiesAboutLengthsEndsOneExchangeAndNoOther() throws Exception {
    Script script =
        (request, line) -> {
          if (request.line().contains("long")) {
            line.send("HTTP/1.1 200 OK\nContent-Length: 100\n\nfew").close();
          } else if (request.line().contains("nonsense")) {
            line.send("SSH-2.0-what\n\n").close();
          } else if (request.line().contains("chunk")) {
            line.send("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nzz\n\n").close();
          } else {
            line.send(OK);
          }
        };
    try (ApiFixture gateway = new ApiFixture(script)) {
      for (String lie : List.of("long", "chunk")) {
        assertThatThrownBy(
                () -> {
                  try (ApiFixture.Client client = gateway.client()) {
                    client.send("GET /v1/models/" + lie + " HTTP/1.1\nHost: x\n\n");
                    Http.Message answer = client.response();
                    if (answer.text().length() < 100) {
                      throw new IOException("cut off");
                    }
                  }
                })
            .isInstanceOf(IOException.class);
      }
      assertThat(gateway.ask("GET /v1/models/nonsense HTTP/1.1\nHost: x\n\n").line())
          .contains("502");
      assertThat(gateway.ask("GET /v1/models HTTP/1.1\nHost: x\n\n").text()).isEqualTo("ok");
      assertThat(gateway.finished(4)).extracting(HttpEvent.Finished::end).doesNotContainNull();
    }
  }

  @Test
  void anUpstreamThatRestsTooLongIsATimeout() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (ApiFixture gateway =
        new ApiFixture(
            (_, _) -> over.await(),
            options -> ApiFixture.limits(options, 1 << 20, 1 << 20, Duration.ofMillis(200)))) {
      Http.Message answer =
          gateway.ask("POST /v1/messages HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}");
      assertThat(answer.line()).contains("504");
      assertThat(gateway.finished(1).getFirst().end()).isEqualTo(End.TIMEOUT);
      over.countDown();
    }
  }

  @Test
  void aClientThatNeverEndsItsRequestIsATimeoutToo() throws Exception {
    try (ApiFixture gateway =
            new ApiFixture(
                ANSWER,
                options -> ApiFixture.limits(options, 1 << 20, 1 << 20, Duration.ofMillis(200)));
        ApiFixture.Client client = gateway.client()) {
      client.send("POST /v1/messages HTTP/1.1\nHost: x\nContent-Length: 100\n\nonly this");
      assertThat(client.response().line()).contains("504");
      assertThat(gateway.finished(1).getFirst().end()).isEqualTo(End.TIMEOUT);
      assertThat(gateway.body(1, Side.REQUEST)).isEqualTo("only this");
    }
  }

  @Test
  void whatIsBeyondTheCaptureLimitPassesAndIsCounted() throws Exception {
    String body = "x".repeat(100_000);
    Script script =
        (_, line) -> line.send("HTTP/1.1 200 OK\nContent-Length: " + body.length() + "\n\n" + body);
    try (ApiFixture gateway =
        new ApiFixture(
            script, options -> ApiFixture.limits(options, 1000, 1 << 20, Duration.ofMinutes(1)))) {
      assertThat(gateway.ask("GET /v1/models HTTP/1.1\nHost: x\n\n").text()).isEqualTo(body);
      gateway.finished(1);
      assertThat(gateway.body(1, Side.RESPONSE)).hasSize(1000);
      assertThat(
              gateway
                  .frames
                  .events(HttpEvent.Missing.class)
                  .mapToLong(HttpEvent.Missing::bytes)
                  .sum())
          .isEqualTo(99_000);
    }
  }

  @Test
  void webSocketsAreRefusedSoThatClientsFallBack() throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER)) {
      Http.Message answer =
          gateway.ask(
              """
              GET /v1/responses HTTP/1.1
              Host: x
              Connection: Upgrade
              Upgrade: websocket
              Sec-WebSocket-Version: 13
              Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

              """);
      assertThat(answer.line()).contains("426");
      assertThat(gateway.finished(1).getFirst().end()).isEqualTo(End.COMPLETE);
    }
  }
}
