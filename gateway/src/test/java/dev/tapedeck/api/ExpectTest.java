package dev.tapedeck.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.Needs;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send a body only when they are told to. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ExpectTest {

  private static final Script ANSWER =
      (_, line) -> line.send("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @ParameterizedTest
  @CsvSource({
    "/v1/messages, '', 502, ERROR",
    "/s/no-such-session/v1/messages, '', 404, COMPLETE",
    "/v1/unheard-of, '', 404, COMPLETE",
    "/v1/messages, 'Connection: Upgrade\nUpgrade: websocket\n', 426, COMPLETE"
  })
  void aRefusalIsTheFirstThingThatTheClientHears(String path, String more, int status, End recorded)
      throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER);
        ApiFixture.Client client = gateway.client()) {
      gateway.upstream.close();
      client.socket.setSoTimeout((int) PATIENCE.toMillis());
      client.send(
          "POST "
              + path
              + " HTTP/1.1\nHost: x\nExpect: 100-continue\n"
              + more
              + "Content-Length: 2\n\n");
      Http.Message answer = client.response();
      assertThat(answer.line()).startsWith("HTTP/1.1 " + status);
      // The body may come or not: what is behind the answer on this connection is no request.
      assertThat(answer.field("connection")).isEqualTo("close");
      assertThat(gateway.finished(1).getFirst().end()).isEqualTo(recorded);
      assertThat(client.in.read()).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/messages", "/s/no-such-session/v1/messages"})
  void javasClientIsAnswered(String path) throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER);
        HttpClient client = HttpClient.newHttpClient()) {
      gateway.upstream.close();
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + gateway.gateway.address().getPort() + path))
                  .version(HttpClient.Version.HTTP_1_1)
                  .expectContinue(true)
                  .timeout(PATIENCE)
                  .POST(HttpRequest.BodyPublishers.ofString("{}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isIn(502, 404);
      assertThat(answer.body()).contains("tapedeck");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/messages", "/s/no-such-session/v1/messages"})
  void curlIsAnswered(String path) throws Exception {
    Needs.program("curl", "curl");
    try (ApiFixture gateway = new ApiFixture(ANSWER)) {
      gateway.upstream.close();
      Process curl =
          new ProcessBuilder(
                  "curl",
                  "--silent",
                  "--max-time",
                  Long.toString(PATIENCE.toSeconds()),
                  "--expect100-timeout",
                  "60",
                  "--header",
                  "Expect: 100-continue",
                  "--data",
                  "{}",
                  "--write-out",
                  " %{http_code}",
                  "http://127.0.0.1:" + gateway.gateway.address().getPort() + path)
              .start();
      String said = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(said).matches("(?s).*tapedeck.* (502|404)");
      assertThat(curl.waitFor()).isZero();
    }
  }

  @Test
  void overHttp2NothingEndsButTheExchange() throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER);
        HttpClient client = HttpClient.newHttpClient()) {
      URI at = URI.create("http://127.0.0.1:" + gateway.gateway.address().getPort());
      HttpRequest get = HttpRequest.newBuilder(at.resolve("/v1/models")).build();
      HttpResponse<String> first = client.send(get, HttpResponse.BodyHandlers.ofString());
      assertThat(first.version()).isEqualTo(HttpClient.Version.HTTP_2);
      HttpResponse<String> refused =
          client.send(
              HttpRequest.newBuilder(at.resolve("/s/no-such-session/v1/messages"))
                  .expectContinue(true)
                  .timeout(PATIENCE)
                  .POST(HttpRequest.BodyPublishers.ofString("{}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(refused.statusCode()).isEqualTo(404);
      assertThat(refused.headers().firstValue("connection")).isEmpty();
      assertThat(client.send(get, HttpResponse.BodyHandlers.ofString()).body()).isEqualTo("ok");
    }
  }

  @Test
  void aClientThatIsToldToGoOnIsToldOnceAndThenAnswered() throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER);
        ApiFixture.Client client = gateway.client()) {
      for (int i = 0; i < 2; i++) {
        client.send(
            "POST /v1/messages HTTP/1.1\nHost: x\nExpect: 100-continue\nContent-Length: 2\n\n");
        assertThat(Http.head(client.in)).isEqualTo(List.of("HTTP/1.1 100 Continue"));
        client.send("{}");
        assertThat(client.response().text()).isEqualTo("ok");
      }
      gateway.finished(2);
      assertThat(gateway.frames.events(HttpEvent.BodyEnded.class).map(HttpEvent.BodyEnded::bytes))
          .containsOnly(2L);
    }
  }
}
