package dev.tapedeck.api.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.clients.LiveApi;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** Answers the first request with a 529, and later ones with a stream that pauses once. */
  private static final Script SCRIPT =
      (request, line) -> {
        if (request.text().contains("busy")) {
          line.send("HTTP/1.1 529 Overloaded\nretry-after: 7\nContent-Length: 2\n\nno");
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
      api.entries(2);
      har = api.har();
    }
  }

  private static String post(String body) {
    return "POST /v1/messages?beta=true HTTP/1.1\nHost: x\nContent-Length: "
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
