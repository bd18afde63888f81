package dev.tapedeck.api.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.api.Upstream;
import dev.tapedeck.clients.LiveApi;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.storage.AppendFiles;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.ScriptedUpstream;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ollama's own API, through the gateway and out of the recording. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class OllamaReplayTest {

  private static final InetSocketAddress ANYWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final long PAUSE_MILLIS = 400;

  private static final String LINES =
      """
      {"model":"q","created_at":"1","message":{"role":"assistant","content":"It "},"done":false}
      {"model":"q","created_at":"2","message":{"role":"assistant","content":"rains"},"done":false}
      {"model":"q","created_at":"3","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","eval_count":2}
      """;
  private static final String WHOLE =
      "{\"model\":\"q\",\"created_at\":\"3\",\"message\":{\"role\":\"assistant\","
          + "\"content\":\"It rains\"},\"done\":true,\"done_reason\":\"stop\",\"eval_count\":2}";
  private static final int CUT = LINES.indexOf("rains");

  /** A stream that pauses amid a line, or the whole if that is asked for. */
  private static final Script SCRIPT =
      (request, line) -> {
        if (request.text().contains("\"stream\":false")) {
          line.send(
              "HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: %d\n\n%s"
                  .formatted(WHOLE.length(), WHOLE));
          return;
        }
        line.send(
            "HTTP/1.1 200 OK\nContent-Type: application/x-ndjson\nTransfer-Encoding: chunked\n\n");
        line.chunk(LINES.substring(0, CUT));
        // The pause that a replay must keep: there is no condition to wait for, only time.
        new CountDownLatch(1).await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        line.chunk(LINES.substring(CUT)).end();
      };

  @TempDir Path home;
  private Path har;
  private List<Obj> entries;

  @BeforeEach
  void record() throws Exception {
    try (ScriptedUpstream ollama = ScriptedUpstream.start(SCRIPT);
        LiveApi api =
            LiveApi.start(
                home,
                SCRIPT,
                RecordingOptions.DEFAULT,
                AppendFiles.DISK,
                options -> options.with(List.of(new Upstream("ollama", ollama.url(), null))))) {
      assertThat(api.ask(post("/api/chat", "{\"model\":\"q\",\"messages\":[]}")).text())
          .isEqualTo(LINES);
      api.ask(post("/api/chat", "{\"model\":\"whole\",\"stream\":false}"));
      entries = api.entries(2);
      har = api.har();
    }
  }

  private static String post(String target, String body) {
    return "POST %s HTTP/1.1\nHost: x\nContent-Length: %d\n\n%s"
        .formatted(target, body.length(), body);
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
  void aStreamIsRecordedAsItsMessage() throws Exception {
    Obj entry = entries.getFirst();
    assertThat(entry.string("_upstream")).isEqualTo("ollama");
    assertThat(entry.string("_protocol")).isEqualTo("ollama-chat");
    assertThat(entry.string("_model")).isEqualTo("q");
    assertThat(entry.string("_end")).isEqualTo("complete");
    assertThat(Json.parse(entry.object("response").object("content").string("text")))
        .isEqualTo(Json.parse(WHOLE));
  }

  @Test
  void linesComeBackAtTheirPaceAndAsOneMessageToWhoAsksForThat() throws Exception {
    try (Replay replay = Replay.start(har, ANYWHERE, false)) {
      long began = System.nanoTime();
      Http.Message lines = ask(replay, post("/api/chat", "{\"model\":\"q\",\"messages\":[]}"));
      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began))
          .isGreaterThanOrEqualTo(PAUSE_MILLIS - 20);
      assertThat(lines.field("content-type")).isEqualTo("application/x-ndjson");
      assertThat(lines.text()).isEqualTo(LINES);
      Http.Message whole =
          ask(
              replay,
              post("/ollama/api/chat", "{\"model\":\"q\",\"messages\":[],\"stream\":false}"));
      assertThat(whole.field("content-type")).isEqualTo("application/json");
      assertThat(Json.parse(whole.text())).isEqualTo(Json.parse(WHOLE));
    }
  }

  @Test
  void whatWasAskedInOneIsAnsweredInLinesToWhoDoesNotSayOtherwise() throws Exception {
    try (Replay replay = Replay.start(har, ANYWHERE, true)) {
      Http.Message lines = ask(replay, post("/api/chat", "{\"model\":\"whole\"}"));
      assertThat(lines.field("content-type")).isEqualTo("application/x-ndjson");
      assertThat(lines.text().lines()).hasSize(2).last().asString().contains("\"done\":true");
      Http.Message missed = ask(replay, post("/api/chat", "{\"model\":\"other\"}"));
      assertThat(missed.line()).startsWith("HTTP/1.1 404");
      assertThat(((Obj) Json.parse(missed.text())).string("error"))
          .contains("nothing was recorded");
    }
  }
}
