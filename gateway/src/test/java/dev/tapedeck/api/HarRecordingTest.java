package dev.tapedeck.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.clients.LiveApi;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HarRecordingTest {

  private static final String[] EVENTS = {
    """
    event: message_start
    data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"usage":{"input_tokens":10,"output_tokens":1}}}

    """,
    """
    event: content_block_start
    data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

    """,
    """
    event: content_block_delta
    data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}

    """,
    """
    event: content_block_stop
    data: {"type":"content_block_stop","index":0}

    event: message_delta
    data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":5}}

    event: message_stop
    data: {"type":"message_stop"}

    """
  };

  private static final String ASK =
      """
      POST /v1/messages?beta=true HTTP/1.1
      Host: x
      X-Api-Key: sk-ant-planted-0123456789
      Content-Type: application/json
      Content-Length: 61

      {"model":"claude-x","stream": true,"messages":[],"n":1.50000}\
      """;

  private static final Script STREAM =
      (_, line) -> {
        line.send(
            """
            HTTP/1.1 200 OK
            Content-Type: text/event-stream; charset=utf-8
            Transfer-Encoding: chunked

            """);
        for (String event : EVENTS) {
          line.chunk(event);
        }
        line.end();
      };

  @TempDir Path home;

  @Test
  void aStreamIsRecordedAsTheMessageThatItStoodFor() throws Exception {
    try (LiveApi api = LiveApi.start(home, STREAM)) {
      assertThat(api.ask(ASK).text()).isEqualTo(String.join("", EVENTS));
      Obj entry = api.entries(1).getFirst();
      Obj request = entry.object("request");
      assertThat(request.string("url")).isEqualTo(api.upstream().url() + "/v1/messages?beta=true");
      assertThat(request.object("postData").string("text"))
          .isEqualTo("{\"model\":\"claude-x\",\"stream\": false,\"messages\":[],\"n\":1.50000}");
      Obj response = entry.object("response");
      assertThat(response.object("content").string("mimeType")).isEqualTo("application/json");
      assertThat(response.object("content").string("text"))
          .contains("\"text\":\"Hello\"", "\"stop_reason\":\"end_turn\"", "\"output_tokens\":5");
      assertThat(entry.string("_end")).isEqualTo("complete");
      assertThat(entry.string("_model")).isEqualTo("claude-x");
      assertThat(entry.object("_usage").text()).isEqualTo("{\"input\":10,\"output\":5}");
      assertThat(entry.object("_wire").object("request").array("stream").text()).isEqualTo("[30]");
      Arr chunks = entry.object("_wire").object("response").array("chunks");
      assertThat(chunks.values()).isNotEmpty();
      assertThat(api.recorded()).doesNotContain("sk-ant-planted").contains("REDACTED-sha256-");
    }
  }

  @Test
  void theTrackIsThereWithItsNumbersWhenTheSessionIsOver() throws Exception {
    LiveApi api = LiveApi.start(home, STREAM);
    try (api) {
      api.ask(ASK);
      api.ask(ASK);
      api.entries(2);
    }
    SessionRecord session = api.session();
    assertThat(session.kind()).isEqualTo("api");
    assertThat(session.status()).isEqualTo(SessionRecord.Status.COMPLETE);
    assertThat(session.tracks()).hasSize(1);
    assertThat(session.tracks().getFirst().file()).isEqualTo("api.har");
    assertThat(session.tracks().getFirst().events()).isEqualTo(2);
    assertThat(session.tracks().getFirst().sha256()).isNotNull();
    assertThat(api.folder().names()).containsExactly("api.har", "session.json");
  }
}
