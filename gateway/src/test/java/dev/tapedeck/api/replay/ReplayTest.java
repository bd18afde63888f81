package dev.tapedeck.api.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.clients.LiveApi;
import dev.tapedeck.testing.Coded;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReplayTest {

  private static final InetSocketAddress ANYWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final long PAUSE_MILLIS = 400;

  private static final String FIRST =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"m","content":[]}}

      """;
  private static final String LAST = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

  private static final byte[] GZIP = Coded.whole("gzip", "plain".getBytes(StandardCharsets.UTF_8));

  /** Answers the first request with a 529, and later ones with a stream that pauses once. */
  private static final Script SCRIPT =
      (request, line) -> {
        if (request.text().contains("busy")) {
          line.send("HTTP/1.1 529 Overloaded\nretry-after: 7\nContent-Length: 2\n\nno");
          return;
        }
        if (request.text().contains("coded")) {
          line.send(
              "HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: %d\n\n"
                  .formatted(GZIP.length));
          line.send(GZIP);
          return;
        }
        line.send(
            "HTTP/1.1 200 OK\nContent-Type: text/event-stream\nTransfer-Encoding: chunked\n\n");
        line.chunk(FIRST);
        // The pause that a replay must keep: there is no condition to wait for, only time.
        new CountDownLatch(1).await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        line.chunk(LAST).end();
      };

  @TempDir Path home;
  private Path har;

  @BeforeEach
  void record() throws Exception {
    try (LiveApi api = LiveApi.start(home, SCRIPT)) {
      api.ask(post("{\"a\":\"busy\"}"));
      api.ask(post("{\"stream\":true,\"messages\":[{\"content\":\"hi\"}]}"));
      api.ask(post("{\"coded\":1}"));
      api.entries(3);
      har = api.har();
    }
  }

  private static String post(String body) {
    return post("/v1/messages?beta=true", "", body);
  }

  private static String post(String target, String fields, String body) {
    return "POST "
        + target
        + " HTTP/1.1\nHost: x\n"
        + fields
        + "Content-Length: "
        + body.length()
        + "\n\n"
        + body;
  }

  private static Http.Message ask(Replay replay, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), replay.port())) {
      socket.setSoTimeout(20_000);
      int body = request.indexOf("\n\n");
      String wire = request.substring(0, body).replace("\n", "\r\n") + "\r\n\r\n";
      socket
          .getOutputStream()
          .write((wire + request.substring(body + 2)).getBytes(StandardCharsets.UTF_8));
      return Http.response(new BufferedInputStream(socket.getInputStream()));
    }
  }

  @Test
  void theSameRequestGetsTheSameAnswer() throws Exception {
    try (Replay replay = Replay.start(har, ANYWHERE, true)) {
      Http.Message busy = ask(replay, post("{\"a\":\"busy\"}"));
      assertThat(busy.line()).isEqualTo("HTTP/1.1 529 Overloaded");
      assertThat(busy.field("retry-after")).isEqualTo("7");
      assertThat(busy.text()).isEqualTo("no");
      Http.Message stream =
          ask(replay, post("{\"stream\":true,\"messages\":[{\"content\":\"hi\"}]}"));
      assertThat(stream.field("content-type")).isEqualTo("text/event-stream");
      assertThat(stream.text()).isEqualTo(FIRST + LAST);
      Http.Message whole =
          ask(replay, post("{\"stream\":false,\"messages\":[{\"content\":\"hi\"}]}"));
      assertThat(whole.field("content-type")).isEqualTo("application/json");
      assertThat(whole.text()).isEqualTo("{\"id\":\"m\",\"content\":[]}");
    }
  }

  @Test
  void howARequestIsWrittenMakesNoDifference() throws Exception {
    try (Replay replay = Replay.start(har, ANYWHERE, true)) {
      String target = "/anthropic/v1/messages?beta=true";
      String other = "{\"messages\": [{\"content\": \"hi\"}], \"stream\": true}";
      assertThat(ask(replay, post(target, "Idempotency-Key: 7\n", other)).text())
          .isEqualTo(FIRST + LAST);
      String none = "{\"messages\":[{\"content\":\"hi\"}]}";
      assertThat(ask(replay, post(none)).text()).isEqualTo("{\"id\":\"m\",\"content\":[]}");
    }
  }

  @Test
  void aCodingThatTheClientDoesNotTakeIsUndone() throws Exception {
    String target = "/v1/messages?beta=true";
    String body = "{\"coded\":1}";
    try (Replay replay = Replay.start(har, ANYWHERE, true)) {
      Http.Message taken = ask(replay, post(target, "Accept-Encoding: br, GZip;q=1\n", body));
      assertThat(taken.field("content-encoding")).isEqualTo("gzip");
      assertThat(taken.body()).isEqualTo(GZIP);
      Http.Message undone = ask(replay, post(target, "Accept-Encoding: br\n", body));
      assertThat(undone.field("content-encoding")).isNull();
      assertThat(undone.text()).isEqualTo("plain");
    }
  }

  @Test
  void aBodyThatIsKeptWithoutItsCodingDoesNotClaimIt() throws Exception {
    Path any =
        Files.writeString(
            home.resolve("any.har"),
            """
            {"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[{
            "startedDateTime":"2026-01-01T00:00:00.000Z","time":1,
            "request":{"method":"GET","url":"https://api.example/v1/models"},
            "response":{"status":200,"statusText":"OK",
            "headers":[{"name":"Content-Encoding","value":"gzip"}],
            "content":{"size":5,"mimeType":"text/plain","text":"plain"}},
            "cache":{},"timings":{"send":0,"wait":1,"receive":0}}]}}
            """);
    try (Replay replay = Replay.start(any, ANYWHERE, true)) {
      Http.Message answer =
          ask(replay, "GET /v1/models HTTP/1.1\nHost: x\nAccept-Encoding: gzip\n\n");
      assertThat(answer.field("content-encoding")).isNull();
      assertThat(answer.text()).isEqualTo("plain");
    }
  }

  @Test
  void aStreamThatWasCutOffIsWholeInNoForm() throws Exception {
    Script script =
        (_, line) -> {
          line.send(
              "HTTP/1.1 200 OK\nContent-Type: text/event-stream\nTransfer-Encoding: chunked\n\n");
          line.chunk(FIRST).close();
        };
    String stream = "{\"stream\":true,\"messages\":[{\"content\":\"hi\"}]}";
    Path cut;
    try (LiveApi api = LiveApi.start(Files.createDirectory(home.resolve("cut")), script)) {
      assertThatThrownBy(() -> api.ask(post(stream))).isInstanceOf(IOException.class);
      api.entries(1);
      cut = api.har();
    }
    try (Replay replay = Replay.start(cut, ANYWHERE, true)) {
      for (String body : List.of(stream, "{\"messages\":[{\"content\":\"hi\"}]}")) {
        assertThatThrownBy(() -> ask(replay, post(body)))
            .isInstanceOf(IOException.class)
            .isNotInstanceOf(SocketTimeoutException.class);
      }
    }
  }

  @Test
  void streamsKeepTheirPaceOrComeAtOnce() throws Exception {
    String request = post("{\"stream\":true,\"messages\":[{\"content\":\"hi\"}]}");
    try (Replay replay = Replay.start(har, ANYWHERE, false)) {
      ask(replay, post("{\"a\":\"busy\"}"));
      long began = System.nanoTime();
      ask(replay, request);
      assertThat(System.nanoTime() - began)
          .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS * 9 / 10));
    }
    try (Replay replay = Replay.start(har, ANYWHERE, true)) {
      ask(replay, post("{\"a\":\"busy\"}"));
      long began = System.nanoTime();
      ask(replay, request);
      assertThat(System.nanoTime() - began)
          .isLessThan(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS * 9 / 10));
    }
  }

  @Test
  void aMissSaysWhatIsNearestAndWhatDiffers() throws Exception {
    try (Replay replay = Replay.start(har, ANYWHERE, true)) {
      assertThat(ask(replay, post("{\"stream\":true,\"messages\":[{\"content\":\"ho\"}]}")).text())
          .contains(
              "the nearest is entry 1: messages[0].content is \\\"ho\\\", recorded is \\\"hi\\\"");
      Http.Message other = ask(replay, "GET /v1/models HTTP/1.1\nHost: x\n\n");
      assertThat(other.line()).isEqualTo("HTTP/1.1 404 Not Found");
      assertThat(other.text()).contains("the method is GET, recorded is POST");
      assertThat(ask(replay, post("/v1/chat/completions", "", "{}")).text())
          .startsWith("{\"error\":{\"type\":\"not_found_error\",\"message\":\"tapedeck replay: ")
          .endsWith("\"param\":null,\"code\":null}}");
    }
  }

  @Test
  void whatIsNoHarIsRefusedWithPlaceAndReason() throws Exception {
    Path broken = Files.writeString(home.resolve("broken.har"), "{\"log\":{\"entries\":[{}]}}");
    assertThatThrownBy(() -> Replay.start(broken, ANYWHERE, true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("entry 0")
        .hasMessageContaining("no request");
  }
}
