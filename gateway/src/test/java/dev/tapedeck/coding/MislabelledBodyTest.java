package dev.tapedeck.coding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.coding.Compression;
import dev.tapedeck.formats.har.HarBody;
import dev.tapedeck.formats.har.HarEntry;
import dev.tapedeck.formats.har.HarExchange;
import dev.tapedeck.formats.har.HarExchange.Answer;
import dev.tapedeck.formats.har.HarExchange.Times;
import dev.tapedeck.formats.har.HarField;
import dev.tapedeck.formats.har.HarWire;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.StreamEnd;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are not what their header fields say: the body decides. */
class MislabelledBodyTest {

  private static final String CHAT = "https://api.openai.com/v1/chat/completions";
  private static final String STREAM =
      """
      data: {"id":"c","object":"chat.completion.chunk","model":"g","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}

      data: [DONE]

      """;
  private static final String WHOLE =
      "{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\"g\",\"choices\":"
          + "[{\"index\":0,\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}";

  private static Obj entry(String url, byte[] body, String type, String coding) {
    List<HarField> headers = new ArrayList<>();
    if (!type.isEmpty()) {
      headers.add(new HarField("content-type", type));
    }
    if (!coding.isEmpty()) {
      headers.add(new HarField("content-encoding", coding));
    }
    return HarEntry.of(
        new HarExchange(
            1,
            Instant.EPOCH,
            "u",
            "POST",
            url,
            "HTTP/1.1",
            List.of(),
            HarBody.NONE,
            new Answer(200, "OK", "HTTP/1.1", headers, HarBody.of(body)),
            new Times(-1, 1, 1, 1, 1),
            StreamEnd.COMPLETE,
            null));
  }

  private static String text(Obj entry) {
    return String.valueOf(content(entry).string("text"));
  }

  private static Obj content(Obj entry) {
    Obj response = entry.object("response");
    Obj content = response == null ? null : response.object("content");
    return content == null ? new Obj() : content;
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/event-stream", "application/json", "text/plain", ""})
  void anEventStreamIsOneWhateverItsLabel(String type) {
    Obj entry = entry(CHAT, STREAM.getBytes(UTF_8), type, "");
    assertThat(text(entry)).contains("\"object\":\"chat.completion\"", "\"content\":\"Hi\"");
    assertThat(entry.string("_model")).isEqualTo("g");
    assertThat(entry.string("_stop_reason")).isEqualTo("stop");
    assertThat(entry.string("_end")).isEqualTo("complete");
    assertThat(HarWire.responseBody(entry).bytes()).isEqualTo(STREAM.getBytes(UTF_8));
  }

  @Test
  void onTheWireToTheBodyDecidesWhetherThereAreEvents() {
    Obj stream = HarWire.expand(entry(CHAT, STREAM.getBytes(UTF_8), "application/json", ""));
    assertThat(stream.array("_eventSourceMessages").values()).hasSize(2);
    assertThat(content(stream).string("mimeType")).isEqualTo("text/event-stream");
    Obj whole = HarWire.expand(entry(CHAT, WHOLE.getBytes(UTF_8), "text/event-stream", ""));
    assertThat(whole.get("_eventSourceMessages")).isNull();
    String data = "data: a table\n\n";
    Obj table = HarWire.expand(entry("https://a.example/f", data.getBytes(UTF_8), "text/csv", ""));
    assertThat(table.get("_eventSourceMessages")).isNull();
    assertThat(content(table).string("mimeType")).isEqualTo("text/csv");
  }

  @Test
  void jsonLabelledAsAStreamIsTheAnswer() {
    Obj entry = entry(CHAT, WHOLE.getBytes(UTF_8), "text/event-stream", "");
    assertThat(text(entry)).isEqualTo(WHOLE);
    assertThat(entry.string("_model")).isEqualTo("g");
    assertThat(entry.string("_end")).isEqualTo("complete");
  }

  @Test
  void geminisStreamAsOneArrayIsAStream() {
    String array =
        """
        [{"candidates":[{"content":{"parts":[{"text":"H}\\"{"}],"role":"model"}}],"modelVersion":"g"}
        ,
        {"candidates":[{"content":{"parts":[{"text":"i"}],"role":"model"},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":5},"modelVersion":"g"}
        ]
        """;
    String url = "https://g.example/v1beta/models/g:streamGenerateContent";
    for (String type : new String[] {"application/json", "text/event-stream"}) {
      Obj entry = entry(url, array.getBytes(UTF_8), type, "");
      assertThat(text(entry)).contains("[{\"text\":\"H}\\\"{i\"}]");
      assertThat(entry.string("_model")).isEqualTo("g");
      assertThat(entry.string("_end")).isEqualTo("complete");
      assertThat(entry.object("_usage")).isEqualTo(new Obj().put("input", 5));
    }
    Obj cut = entry(url, array.substring(0, array.indexOf("finishReason")).getBytes(UTF_8), "", "");
    assertThat(cut.string("_end")).isEqualTo("upstream_eof");
    assertThat(text(cut)).contains("H}");
  }

  @Test
  void compressedBodiesAreSeenWithoutAContentEncoding() {
    for (byte[] body :
        List.of(Compression.gzip(STREAM.getBytes(UTF_8)), Bodies.zstd(STREAM.getBytes(UTF_8)))) {
      Obj entry = entry(CHAT, body, "text/event-stream", "");
      assertThat(text(entry)).contains("\"content\":\"Hi\"");
      assertThat(HarWire.responseBody(entry).bytes()).isEqualTo(body);
    }
    byte[] body = Compression.gzip(WHOLE.getBytes(UTF_8));
    Obj entry = entry(CHAT, body, "application/json", "");
    assertThat(text(entry)).isEqualTo(WHOLE);
    assertThat(HarWire.responseBody(entry).bytes()).isEqualTo(body);
    assertThat(text(entry(CHAT, body, "application/json", "zstd"))).isEqualTo(WHOLE);
  }

  @Test
  void anArchiveStaysOne() {
    byte[] archive = Compression.gzip(WHOLE.getBytes(UTF_8));
    Obj entry = entry("https://a.example/f.tgz", archive, "application/gzip", "");
    assertThat(content(entry).string("encoding")).isEqualTo("base64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "x-gzip", "zstd"})
  void plainTextLabelledAsCompressedIsText(String coding) {
    Obj whole = entry(CHAT, WHOLE.getBytes(UTF_8), "application/json", coding);
    assertThat(text(whole)).isEqualTo(WHOLE);
    assertThat(HarWire.responseBody(whole).bytes()).isEqualTo(WHOLE.getBytes(UTF_8));
    Obj stream = entry(CHAT, STREAM.getBytes(UTF_8), "text/event-stream", coding);
    assertThat(text(stream)).contains("\"content\":\"Hi\"");
    assertThat(stream.string("_model")).isEqualTo("g");
  }
}
