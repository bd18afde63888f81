package dev.tapedeck.formats.har;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.har.HarExchange.Answer;
import dev.tapedeck.formats.har.HarExchange.Times;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.StreamEnd;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class HarEntryTest {

  private static final String STREAM =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"m","model":"c","content":[],"usage":{"input_tokens":3}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hi"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  private static final String ASKED = "{\"stream\": true, \"n\": 1.0, \"stream\" :true}";

  private static HarBody body(String text) {
    return HarBody.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static HarBody inChunks(byte[] wire) {
    long half = wire.length / 2;
    return new HarBody(
        wire,
        new byte[0],
        wire.length,
        0,
        null,
        new long[] {1000, half, 2_500_000, wire.length - half});
  }

  private static HarExchange exchange(
      HarBody asked, List<HarField> headers, HarBody answered, String url) {
    return new HarExchange(
        7,
        Instant.parse("2026-11-21T10:00:00.123Z"),
        "anthropic",
        "POST",
        url,
        "HTTP/1.1",
        List.of(new HarField("Cookie", "a=1; b=x=y"), new HarField("content-length", "44")),
        asked,
        new Answer(200, "OK", "HTTP/1.1", headers, answered),
        new Times(-1, 2_000_000, 1_000_000, 3_000_000, 4_500_000),
        StreamEnd.COMPLETE,
        null);
  }

  private static byte[] gzip(String text) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  @Test
  void everyMemberThatTheFormatWantsIsThere() {
    HarExchange plain =
        exchange(
            HarBody.NONE,
            List.of(
                new HarField("Set-Cookie", "s=1; Path=/; HttpOnly; Secure; SameSite=Lax"),
                new HarField("Content-Type", "text/plain")),
            body("h\u00e9"),
            "https://api.example/v1/x?a=1&b=%20c&d");
    Obj entry = HarEntry.of(plain);
    assertThat(entry.text())
        .startsWith(
            "{\"startedDateTime\":\"2026-11-21T10:00:00.123Z\",\"time\":10.5,\"request\":{\"method\":\"POST\","
                + "\"url\":\"https://api.example/v1/x?a=1&b=%20c&d\",\"httpVersion\":\"HTTP/1.1\","
                + "\"cookies\":[{\"name\":\"a\",\"value\":\"1\"},{\"name\":\"b\",\"value\":\"x=y\"}],")
        .contains(
            "\"queryString\":[{\"name\":\"a\",\"value\":\"1\"},{\"name\":\"b\",\"value\":\" c\"},"
                + "{\"name\":\"d\",\"value\":\"\"}]",
            "\"content\":{\"size\":3,\"mimeType\":\"text/plain\",\"text\":\"h\u00e9\"}",
            "\"cookies\":[{\"name\":\"s\",\"value\":\"1\",\"path\":\"/\",\"httpOnly\":true,"
                + "\"secure\":true,\"sameSite\":\"Lax\"}]",
            "\"cache\":{},\"timings\":{\"blocked\":-1,\"dns\":-1,\"connect\":2,\"send\":1,"
                + "\"wait\":3,\"receive\":4.5,\"ssl\":-1}");
    assertThat(entry.object("request").get("postData")).isNull();
  }

  @Test
  void aStreamIsShownAsItsMessageAndKeptAsItWas() throws Exception {
    byte[] wire = gzip(STREAM);
    HarExchange streamed =
        exchange(
            body(ASKED),
            List.of(
                new HarField("Content-Type", "text/event-stream"),
                new HarField("Content-Encoding", "gzip")),
            inChunks(wire),
            "https://api.example/v1/messages");
    Obj entry = (Obj) Json.parse(HarEntry.of(streamed).text());
    assertThat(entry.object("request").object("postData").string("text"))
        .isEqualTo("{\"stream\": false, \"n\": 1.0, \"stream\" :false}");
    Obj content = entry.object("response").object("content");
    assertThat(content.string("mimeType")).isEqualTo("application/json");
    assertThat(content.string("text")).contains("\"text\":\"Hi\"");
    assertThat(entry.string("_end")).isEqualTo("complete");
    assertThat(entry.object("_wire").object("response").string("sha256"))
        .isEqualTo(WireFacts.sha256(wire));
    assertThat(HarWire.responseBody(entry).bytes()).isEqualTo(wire);

    Obj expanded = HarWire.expand(entry);
    assertThat(expanded.get("_wire")).isNull();
    assertThat(expanded.object("request").object("postData").string("text")).isEqualTo(ASKED);
    Obj real = expanded.object("response").object("content");
    assertThat(real.string("mimeType")).isEqualTo("text/event-stream");
    assertThat(real.string("text")).isEqualTo(STREAM);
    assertThat(real.integer("compression")).hasValue(STREAM.length() - wire.length);
    assertThat(expanded.object("response").array("headers").text()).contains("gzip");
    assertThat(expanded.array("_eventSourceMessages").values())
        .hasSize(4)
        .last()
        .extracting(Json::text)
        .asString()
        .isEqualTo(
            "{\"time\":1795255202.623000,\"eventName\":\"message_stop\",\"eventId\":\"\","
                + "\"data\":\"{\\\"type\\\":\\\"message_stop\\\"}\"}");
  }

  @Test
  void bytesThatAreNoTextAreBase64() {
    byte[] noText = {(byte) 0xff, 0, 1};
    HarExchange binary =
        exchange(HarBody.of(noText), List.of(), HarBody.of(noText), "https://api.example/x");
    Obj entry = HarEntry.of(binary);
    assertThat(entry.object("response").object("content").text())
        .isEqualTo(
            "{\"size\":3,\"mimeType\":\"x-unknown\",\"text\":\"/wAB\",\"encoding\":\"base64\"}");
    assertThat(
            HarWire.requestBody(entry.object("request"), entry.object("_wire").object("request"))
                .bytes())
        .isEqualTo(noText);
  }

  @Test
  void whatWasNeverAnsweredIsAnEntryAllTheSame() {
    HarExchange alone =
        new HarExchange(
            1,
            Instant.EPOCH,
            "openai",
            "GET",
            "https://api.example/v1/models",
            "HTTP/2",
            List.of(),
            HarBody.NONE,
            null,
            new Times(-1, -1, 0, 0, 0),
            StreamEnd.ERROR,
            "refused");
    Obj entry = HarEntry.of(alone);
    assertThat(entry.object("response").text())
        .isEqualTo(
            "{\"status\":0,\"statusText\":\"\",\"httpVersion\":\"\",\"cookies\":[],\"headers\":[],"
                + "\"content\":{\"size\":0,\"mimeType\":\"x-unknown\"},\"redirectURL\":\"\","
                + "\"headersSize\":-1,\"bodySize\":-1}");
    assertThat(entry.string("_error")).isEqualTo("refused");
  }

  @Test
  void bodiesWithoutTheirSecretsSaySo() {
    HarBody cleaned =
        new HarBody(
            "data: ".getBytes(StandardCharsets.UTF_8),
            "[redacted]\n\n".getBytes(StandardCharsets.UTF_8),
            40,
            0,
            null,
            new long[0]);
    HarExchange redacted =
        exchange(
            HarBody.NONE,
            List.of(new HarField("Content-Type", "text/event-stream")),
            cleaned,
            "https://api.example/v1/other");
    Obj entry = HarEntry.of(redacted);
    assertThat(entry.object("response").object("content").string("text"))
        .isEqualTo("data: [redacted]\n\n");
    assertThat(entry.object("_wire").object("response").text())
        .isEqualTo("{\"bytes\":40,\"redacted\":true}");
  }
}
