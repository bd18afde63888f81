package dev.tapedeck.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes to no upstream. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RefusedTest {

  private static final Script ANSWER =
      (_, line) -> line.send("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET @evil.example/x",
        "CONNECT evil.example:443",
        "CONNECT /v1/messages",
        "OPTIONS *",
        "GET http://evil.example/v1/messages",
        "POST https://api.anthropic.com/v1/messages",
        "GET /anthropic/../x"
      })
  void whatIsNoPathIsAnsweredWithASentenceAndNothingOfItGoesOn(String request) throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER);
        ApiFixture.Client client = gateway.client()) {
      client.send(request + " HTTP/1.1\nHost: evil.example\nAuthorization: Bearer x\n\n");
      Http.Message answer = client.response();
      assertThat(answer.line()).matches("HTTP/1.1 4\\d\\d .*");
      assertThat(answer.text()).contains("\"message\":\"tapedeck");
      // An exchange after it is recorded, and so would this one have been by then.
      gateway.ask("POST /v1/messages HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}");
      gateway.finished(1);
      assertThat(gateway.upstream.requests()).hasSize(1);
      assertThat(gateway.frames.events(HttpEvent.Requested.class)).hasSize(1);
    }
  }

  @Test
  void aKeyThatNoRuleSendsAnywhereStaysHereAndTheAttemptIsRecordedAsOne() throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER)) {
      Http.Message answer =
          gateway.ask(
              """
              POST /v1/unheard-of HTTP/1.1
              Host: x
              Authorization: Bearer planted-0123456789
              Content-Length: 2

              {}\
              """);
      assertThat(answer.line()).isEqualTo("HTTP/1.1 404 Not Found");
      assertThat(answer.text()).contains("cannot tell which model API");
      gateway.finished(1);
      assertThat(gateway.upstream.requests()).isEmpty();
      HttpEvent.Requested recorded =
          gateway.frames.events(HttpEvent.Requested.class).findFirst().orElseThrow();
      assertThat(recorded.url())
          .isEqualTo("http://127.0.0.1:" + gateway.gateway.address().getPort() + "/v1/unheard-of");
      assertThat(recorded.headers().toString()).doesNotContain("planted");
    }
  }

  @Test
  void anApiWithoutAnUpstreamIsRefusedInItsOwnShape() throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER)) {
      Http.Message ollama =
          gateway.ask("POST /api/chat HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}");
      assertThat(ollama.text())
          .startsWith("{\"error\":\"tapedeck: this path is one of the API ollama");
      Http.Message azure =
          gateway.ask(
              "POST /openai/deployments/d/embeddings HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}");
      assertThat(azure.text()).startsWith("{\"error\":{\"message\":\"tapedeck: this path is one");
      assertThat(azure.text()).contains("\"code\":null");
    }
  }

  @Test
  void theGatewaysOwnAddressMayStandBeforeThePath() throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER)) {
      int port = gateway.gateway.address().getPort();
      for (String host : new String[] {"127.0.0.1", "localhost"}) {
        assertThat(
                gateway
                    .ask(
                        "GET http://%s:%d/v1/messages/x HTTP/1.1\nHost: x\n\n"
                            .formatted(host, port))
                    .text())
            .isEqualTo("ok");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/unheard-of",
        "/s/no-such-session/v1/messages",
        "@evil.example/x",
        "/v1beta/x"
      })
  void aRefusedClientThatWaitsToBeToldToGoOnIsAnsweredAtOnce(String target) throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER);
        ApiFixture.Client client = gateway.client()) {
      client.send(
          "POST " + target + " HTTP/1.1\nHost: x\nExpect: 100-continue\nContent-Length: 2\n\n");
      String first = Http.head(client.in).getFirst();
      if (first.equals("HTTP/1.1 100 Continue")) {
        client.send("{}");
        first = Http.head(client.in).getFirst();
      }
      assertThat(first).matches("HTTP/1.1 40[04] .*");
    }
  }
}
