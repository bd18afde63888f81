package dev.tapedeck.formats.har;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.tapedeck.formats.har.HarExchange.Answer;
import dev.tapedeck.formats.har.HarExchange.Times;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.StreamEnd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we write, as others read it. */
class HarSchemaTest {

  private static final String STREAM =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"m","model":"c","content":[]}}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void writeEveryKindOfEntry() throws IOException {
    List<HarField> type = List.of(new HarField("Content-Type", "text/event-stream"));
    List<HarField> cookie =
        List.of(new HarField("Set-Cookie", "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT"));
    Obj streamed =
        HarEntry.of(
            exchange(
                HarBody.of("{\"stream\":true}".getBytes(UTF_8)),
                type,
                HarBody.of(STREAM.getBytes(UTF_8))));
    Obj binary =
        HarEntry.of(
            exchange(
                HarBody.of(new byte[] {0, (byte) 0xff}),
                cookie,
                HarBody.of(new byte[] {(byte) 0xfe})));
    Obj refused = HarEntry.of(exchange(HarBody.NONE, null, HarBody.NONE));
    ByteArrayOutputStream har = new ByteArrayOutputStream();
    har.writeBytes(HarLayout.head("1"));
    har.writeBytes(HarLayout.entry(streamed, true));
    for (Obj entry : List.of(HarWire.expand(streamed), binary, HarWire.expand(binary), refused)) {
      har.writeBytes(HarLayout.entry(entry, false));
    }
    har.writeBytes(
        HarLayout.foot(new Json.Arr().add(new Obj().put("reason", "the disk was full"))));
    file = Files.write(folder.resolve("api.har"), har.toByteArray());
  }

  private static HarExchange exchange(
      HarBody asked, @Nullable List<HarField> headers, HarBody answered) {
    return new HarExchange(
        1,
        Instant.parse("2026-11-21T10:00:00.123Z"),
        "anthropic",
        "POST",
        "https://api.example/v1/messages?beta=true",
        "HTTP/1.1",
        List.of(new HarField("Content-Type", "application/json")),
        asked,
        headers == null ? null : new Answer(200, "OK", "HTTP/1.1", headers, answered),
        new Times(-1, 1_000_000, 2_000, 245_588_000, 3_000_000),
        headers == null ? StreamEnd.ERROR : StreamEnd.COMPLETE,
        headers == null ? "refused" : null);
  }

  private static List<String> faults(String har) throws IOException {
    String text;
    try (var in = HarSchemaTest.class.getResourceAsStream("har-1.2.schema.json")) {
      text = new String(in.readAllBytes(), UTF_8);
    }
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(text, InputFormat.JSON);
    return schema
        .validate(
            har,
            InputFormat.JSON,
            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
        .stream()
        .map(fault -> fault.getInstanceLocation() + ": " + fault.getMessage())
        .toList();
  }

  @Test
  void theSchemaAcceptsWhatWeWrite() throws IOException {
    assertThat(faults(Files.readString(file))).isEmpty();
  }

  @Test
  void theSchemaRefusesWhatReadersRefuse() throws IOException {
    String har = Files.readString(file);
    for (List<String> change :
        List.of(
            List.of("\"pages\":[],", ""),
            List.of("\"time\":249.59", "\"time\":null"),
            List.of("2026-11-21T10:00:00.123Z", "2026-11-21 10:00"),
            List.of("\"cache\":{},", ""),
            List.of("\"wait\":245.588", "\"wait\":\"245.588\""),
            List.of("\"headersSize\":-1", "\"headersSize\":210.5"),
            List.of("{\"size\":0,\"mimeType\":\"x-unknown\"}", "{}"),
            List.of("\"redirectURL\":\"\"", "\"redirectURL\":null"),
            List.of("?beta=true", "?key=[redacted sha256:0123456789ab]"),
            List.of("?beta=true", "?key=a b"),
            List.of("https://api.example/v1", "/v1"))) {
      assertThat(har).contains(change.getFirst());
      assertThat(faults(har.replace(change.getFirst(), change.getLast())))
          .as("%s", change)
          .isNotEmpty();
    }
  }

  @Test
  void aRedactedAddressIsAnAddress() throws IOException {
    String har = Files.readString(file);
    for (String change :
        List.of(
            "https://api.example/v1/messages?key=REDACTED-sha256-0123456789ab",
            "https://REDACTED-sha256-0123456789ab@api.example/v1/messages#t=REDACTED-sha256-01")) {
      assertThat(faults(har.replace("https://api.example/v1/messages?beta=true", change)))
          .isEmpty();
    }
  }

  /** Chrome's importer fills the EventStream tab for this type and no other. */
  @Test
  void theWireOfAStreamHasTheTypeThatBrowsersLookFor() {
    for (String type :
        List.of(
            "text/event-stream",
            "text/event-stream; charset=utf-8",
            "text/event-stream;charset=UTF-8",
            "Text/Event-Stream")) {
      Obj entry =
          HarEntry.of(
              exchange(
                  HarBody.NONE,
                  List.of(new HarField("Content-Type", type)),
                  HarBody.of(STREAM.getBytes(UTF_8))));
      Obj wire = HarWire.expand(entry);
      assertThat(wire.object("response").object("content").string("mimeType"))
          .as(type)
          .isEqualTo("text/event-stream");
      assertThat(wire.object("response").array("headers").text()).contains(type);
      assertThat(wire.array("_eventSourceMessages").values()).hasSize(2);
    }
  }

  @Test
  void harReaderReadsWhatWeWrite() throws Exception {
    var log = new de.sstoehr.harreader.HarReader().readFromFile(file.toFile()).log();
    assertThat(log.version()).isEqualTo("1.2");
    assertThat(log.entries()).hasSize(5);
    var shown = log.entries().getFirst();
    assertThat(shown.startedDateTime().toInstant()).isEqualTo("2026-11-21T10:00:00.123Z");
    assertThat(shown.request().postData().text()).isEqualTo("{\"stream\":false}");
    assertThat(log.entries().get(1).response().content().text()).isEqualTo(STREAM);
    assertThat(log.entries().get(2).response().cookies()).hasSize(1);
  }

  @Test
  void ourOwnReaderReadsItToo() throws Exception {
    try (HarReader reader = HarReader.of(Files.newInputStream(file))) {
      int count = 0;
      while (reader.next() != null) {
        count++;
      }
      assertThat(count).isEqualTo(5);
    }
  }
}
