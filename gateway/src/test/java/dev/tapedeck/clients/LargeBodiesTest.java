package dev.tapedeck.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.formats.har.HarFiles;
import dev.tapedeck.formats.har.HarWire;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bodies that are too large for an entry, several at once. The size that is asked of a release is
 * run with {@code -Dtapedeck.large.streams=8 -Dtapedeck.large.mebibytes=60}.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class LargeBodiesTest {

  private static final int STREAMS = Integer.getInteger("tapedeck.large.streams", 3);
  private static final int MEBIBYTES = Integer.getInteger("tapedeck.large.mebibytes", 12);
  private static final String ASK =
      "POST /v1/messages HTTP/1.1\nHost: x\nContent-Length: 15\n\n{\"stream\":true}";

  @TempDir Path home;

  private static byte[] stream() {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    event(
        stream,
        "message_start",
        "\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"big-1\","
            + "\"content\":[],\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}");
    event(
        stream,
        "content_block_start",
        "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}");
    String text = "word ".repeat(180);
    while (stream.size() < MEBIBYTES << 20) {
      event(
          stream,
          "content_block_delta",
          "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}");
    }
    event(stream, "content_block_stop", "\"index\":0");
    event(
        stream,
        "message_delta",
        "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":99}");
    event(stream, "message_stop", "\"x\":0");
    return stream.toByteArray();
  }

  private static void event(ByteArrayOutputStream stream, String name, String members) {
    stream.writeBytes(
        ("event: " + name + "\ndata: {\"type\":\"" + name + "\"," + members + "}\n\n")
            .getBytes(UTF_8));
  }

  private static Script sends(byte[] stream) {
    return (_, line) -> {
      ModelApi.head(line, "");
      for (int at = 0; at < stream.length; at += 64 * 1024) {
        line.chunk(
            java.util.Arrays.copyOfRange(stream, at, Math.min(at + 64 * 1024, stream.length)));
      }
      line.end();
    };
  }

  @Test
  void largeStreamsAtOnceLieInFilesBesideTheHarAndNothingIsMissing() throws Exception {
    byte[] stream = stream();
    LiveApi api = LiveApi.start(home, sends(stream));
    try (api;
        ExecutorService clients = Executors.newFixedThreadPool(STREAMS)) {
      Callable<byte[]> client = () -> api.ask(ASK).body();
      for (Future<byte[]> answer :
          clients.invokeAll(java.util.Collections.nCopies(STREAMS, client))) {
        assertThat(answer.get()).isEqualTo(stream);
      }
      await()
          .atMost(4, TimeUnit.MINUTES)
          .ignoreExceptions()
          .until(() -> api.entries(STREAMS).size() == STREAMS);
    }
    assertThat(api.session().gaps()).isEmpty();
    List<Obj> entries = api.entries(STREAMS);
    assertThat(entries).hasSize(STREAMS);
    Path har = api.folder().path().resolve("api.har");
    for (Obj entry : entries) {
      Obj content = entry.object("response").object("content");
      assertThat(content.string("text")).isNull();
      Path body = har.resolveSibling(content.string("_file"));
      assertThat(Files.mismatch(body, Files.write(home.resolve("wanted"), stream))).isEqualTo(-1);
      assertThat(HarWire.responseBody(HarFiles.whole(entry, har)).bytes()).isEqualTo(stream);
      // What the stream's beginning and its end tell.
      assertThat(entry.string("_model")).isEqualTo("big-1");
      assertThat(entry.string("_stop_reason")).isEqualTo("end_turn");
      assertThat(entry.string("_end")).isEqualTo("complete");
      assertThat(entry.object("_usage").text()).contains("99");
    }
    assertThat(api.session().status()).isEqualTo(Status.COMPLETE);
    HarChecks.valid(api.har(), STREAMS);
  }
}
