package dev.tapedeck.formats.llm;

import static dev.tapedeck.formats.llm.Wire.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Obj;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FORMATS.md, section 5, rule by rule. */
class AnthropicRebuildTest {

  private static final String START =
      """
      {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"c",\
      "content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}}
      """;
  private static final String STOP = "{\"type\":\"message_stop\"}\n";

  private static Rebuilt rebuilt(String lines) {
    return Wire.rebuilt(Protocol.ANTHROPIC_MESSAGES, lines);
  }

  private static Rebuilt rebuilt(String lines, StreamEnd transport) {
    return Wire.rebuilt(Protocol.ANTHROPIC_MESSAGES, lines, transport);
  }

  /** The content of a whole message that consists of these events. */
  private static Json content(String lines) {
    return at(rebuilt(START + lines + STOP).message(), "content");
  }

  private static Json at(Obj object, String name) {
    Json value = object.get(name);
    assertThat(value).as(name).isNotNull();
    return value;
  }

  private static String block(int index, String block, String... deltas) {
    StringBuilder lines = new StringBuilder();
    lines.append(
        "{\"type\":\"content_block_start\",\"index\":%d,\"content_block\":%s}\n"
            .formatted(index, block));
    for (String delta : deltas) {
      lines.append(delta(index, delta));
    }
    return lines.append(stop(index)).toString();
  }

  private static String delta(int index, String delta) {
    return "{\"type\":\"content_block_delta\",\"index\":%d,\"delta\":%s}\n".formatted(index, delta);
  }

  private static String stop(int index) {
    return "{\"type\":\"content_block_stop\",\"index\":%d}\n".formatted(index);
  }

  private static String text(String text) {
    return "{\"type\":\"text_delta\",\"text\":\"" + text + "\"}";
  }

  private static String input(String json) {
    return new Obj().put("type", "input_json_delta").put("partial_json", json).text();
  }

  private static final String TEXT = "{\"type\":\"text\",\"text\":\"\"}";
  private static final String THINKING =
      "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}";
  private static final String TOOL =
      "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"Bash\",\"input\":{}}";

  // Rule 1.

  @Test
  void theStartIsKeptWithEveryUnknownKey() {
    Rebuilt rebuilt =
        rebuilt(
            "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"new\":{\"deep\":[1.50]},\"content\":[]}}\n"
                + STOP);
    assertThat(rebuilt.message())
        .isEqualTo(json("{\"id\":\"m\",\"new\":{\"deep\":[1.50]},\"content\":[]}"));
    assertThat(rebuilt.anomalies()).isEmpty();
  }

  @Test
  void aSecondStartIsIgnoredAndNoted() {
    Rebuilt rebuilt =
        rebuilt(START + "{\"type\":\"message_start\",\"message\":{\"id\":\"other\"}}\n" + STOP);
    assertThat(rebuilt.message().string("id")).isEqualTo("m");
    assertThat(rebuilt.anomalies()).containsExactly("event 2: a second message_start: ignored");
    assertThat(rebuilt.message().get("_anomalies"))
        .isEqualTo(json("[\"event 2: a second message_start: ignored\"]"));
  }

  // Rule 2.

  @Test
  void nonEmptyFieldsOfABlocksStartAreKept() {
    assertThat(
            content(
                block(0, "{\"type\":\"text\",\"text\":\"He\",\"new\":1}", text("llo"), text("!"))))
        .isEqualTo(json("[{\"type\":\"text\",\"text\":\"Hello!\",\"new\":1}]"));
  }

  @Test
  void blocksAreSortedByIndexAndGapsClosed() {
    assertThat(content(block(7, TEXT, text("b")) + block(2, TEXT, text("a"))))
        .isEqualTo(json("[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]"));
  }

  @Test
  void blocksMayOverlap() {
    String begin = "{\"type\":\"content_block_start\",\"index\":%d,\"content_block\":%s}\n";
    assertThat(
            content(
                begin.formatted(0, TEXT)
                    + begin.formatted(1, TOOL)
                    + delta(1, input("{\"a\""))
                    + delta(0, text("x"))
                    + delta(1, input(":1}"))
                    + stop(1)
                    + delta(0, text("y"))
                    + stop(0)))
        .isEqualTo(
            json(
                "[{\"type\":\"text\",\"text\":\"xy\"},"
                    + "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"Bash\",\"input\":{\"a\":1}}]"));
  }

  @Test
  void aSecondBlockForAnIndexReplacesTheFirstAndIsNoted() {
    Rebuilt rebuilt = rebuilt(START + block(0, TEXT, text("a")) + block(0, TEXT, text("b")) + STOP);
    assertThat(rebuilt.message().get("content"))
        .isEqualTo(json("[{\"type\":\"text\",\"text\":\"b\"}]"));
    assertThat(rebuilt.anomalies()).singleElement().asString().contains("replaces the first");
  }

  // Rule 3.

  @Test
  void citationsArePushed() {
    assertThat(
            content(
                block(
                    0,
                    TEXT,
                    "{\"type\":\"citations_delta\",\"citation\":{\"a\":1}}",
                    text("x"),
                    "{\"type\":\"citations_delta\",\"citation\":{\"a\":2}}")))
        .isEqualTo(
            json("[{\"type\":\"text\",\"text\":\"x\",\"citations\":[{\"a\":1},{\"a\":2}]}]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tool_use", "server_tool_use", "mcp_tool_use"})
  void inputIsGatheredAndReadAtTheStop(String type) {
    assertThat(
            content(
                block(
                    0,
                    "{\"type\":\"" + type + "\",\"name\":\"n\",\"input\":{}}",
                    input(""),
                    input("{\"q\": \"a\\"),
                    input("nb\"}"))))
        .isEqualTo(
            json("[{\"type\":\"" + type + "\",\"name\":\"n\",\"input\":{\"q\":\"a\\nb\"}}]"));
  }

  @Test
  void thinkingIsAppendedAndItsSignatureAssigned() {
    assertThat(
            content(
                block(
                    0,
                    THINKING,
                    "{\"type\":\"thinking_delta\",\"thinking\":\"Let\"}",
                    "{\"type\":\"thinking_delta\",\"thinking\":\" me\"}",
                    "{\"type\":\"signature_delta\",\"signature\":\"one\"}",
                    "{\"type\":\"signature_delta\",\"signature\":\"two\"}")))
        .isEqualTo(json("[{\"type\":\"thinking\",\"thinking\":\"Let me\",\"signature\":\"two\"}]"));
  }

  @Test
  void compactionIsAssignedAndItsEncryptedContentOnlyIfPresent() {
    String compaction = "{\"type\":\"compaction\",\"content\":null,\"encrypted_content\":\"old\"}";
    assertThat(
            content(
                block(0, compaction, "{\"type\":\"compaction_delta\",\"content\":\"short\"}")
                    + block(
                        1,
                        compaction,
                        "{\"type\":\"compaction_delta\",\"content\":null,\"encrypted_content\":\"e\"}")))
        .isEqualTo(
            json(
                "[{\"type\":\"compaction\",\"content\":\"short\",\"encrypted_content\":\"old\"},"
                    + "{\"type\":\"compaction\",\"content\":null,\"encrypted_content\":\"e\"}]"));
  }

  @Test
  void anUnknownDeltaIsKeptRaw() {
    String delta = "{\"type\":\"sound_delta\",\"sound\":[1.0]}";
    Rebuilt rebuilt = rebuilt(START + block(0, TEXT, delta, delta) + STOP);
    assertThat(rebuilt.message().get("content"))
        .isEqualTo(
            json("[{\"type\":\"text\",\"text\":\"\",\"_deltas\":[" + delta + "," + delta + "]}]"));
    assertThat(rebuilt.anomalies())
        .containsExactly("event 3: unknown delta \"sound_delta\": kept in _deltas (2 times)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"text_delta\",\"text\":\"x\"}|{\"type\":\"thinking\"}",
        "{\"type\":\"text_delta\",\"text\":\"x\"}|{\"type\":\"new_text\",\"text\":\"\"}",
        "{\"type\":\"text_delta\",\"text\":7}|{\"type\":\"text\"}",
        "{\"type\":\"text_delta\"}|{\"type\":\"text\"}",
        "{\"type\":\"thinking_delta\",\"thinking\":\"x\"}|{\"type\":\"text\",\"text\":\"\"}",
        "{\"type\":\"input_json_delta\",\"partial_json\":\"{\"}|{\"type\":\"text\",\"text\":\"\"}",
        "{\"type\":\"signature_delta\",\"signature\":\"x\"}|{\"type\":\"text\",\"text\":\"\"}",
        "{\"type\":\"citations_delta\",\"citation\":{}}|{\"type\":\"thinking\"}",
        "{\"type\":\"compaction_delta\",\"content\":\"x\"}|{\"type\":\"text\",\"text\":\"\"}",
      })
  void aDeltaThatDoesNotFitItsBlockIsKeptRaw(String delta, String block) {
    Rebuilt rebuilt = rebuilt(START + block(0, block, delta) + STOP);
    Obj expected = ((Obj) json(block)).put("_deltas", new Arr().add(json(delta)));
    assertThat(rebuilt.message().get("content")).isEqualTo(new Arr().add(expected));
    assertThat(rebuilt.anomalies()).singleElement().asString().contains("does not fit");
  }

  @Test
  void aDeltaWithoutItsBlockIsKeptWithItsIndex() {
    String stray = delta(4, text("x")).strip();
    Rebuilt rebuilt = rebuilt(START + stray + "\n" + STOP);
    assertThat(rebuilt.message().get("_deltas")).isEqualTo(json("[" + stray + "]"));
    assertThat(rebuilt.anomalies()).singleElement().asString().contains("without its block");
  }

  // Rule 4.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"redacted_thinking\",\"data\":\"E==\"}",
        "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"s\",\"content\":[{\"url\":\"u\"}]}",
        "{\"type\":\"bash_code_execution_tool_result\",\"content\":{\"stdout\":\"1\",\"return_code\":0}}",
        "{\"type\":\"mcp_tool_result\",\"is_error\":false,\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}",
        "{\"type\":\"container_upload\",\"file_id\":\"f\"}",
        "{\"type\":\"of_tomorrow\",\"x\":{\"y\":null}}"
      })
  void blocksThatComeWholeAreKeptVerbatim(String block) {
    Rebuilt rebuilt = rebuilt(START + block(0, block) + STOP);
    assertThat(rebuilt.message().get("content")).isEqualTo(json("[" + block + "]"));
    assertThat(rebuilt.anomalies()).isEmpty();
  }

  // Rule 5.

  @Test
  void withoutDeltasTheInputIsTheStarts() {
    String tool = "{\"type\":\"tool_use\",\"input\":{\"a\":1}}";
    assertThat(content(block(0, tool, input("")))).isEqualTo(json("[" + tool + "]"));
  }

  @Test
  void withoutAnyInputItIsEmpty() {
    assertThat(content(block(0, "{\"type\":\"tool_use\",\"name\":\"n\"}")))
        .isEqualTo(json("[{\"type\":\"tool_use\",\"name\":\"n\",\"input\":{}}]"));
  }

  @Test
  void inputThatIsCutIsKeptRaw() {
    Rebuilt rebuilt = rebuilt(START + block(0, TOOL, input("{\"command\": \"ls")) + STOP);
    assertThat(rebuilt.message().get("content"))
        .isEqualTo(
            json(
                "[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"Bash\",\"input\":{},"
                    + "\"_input_raw\":\"{\\\"command\\\": \\\"ls\"}]"));
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.COMPLETE);
    assertThat(rebuilt.anomalies()).singleElement().asString().contains("_input_raw, not JSON at");
  }

  @Test
  void numbersKeepTheirText() {
    String numbers = "{\"a\":1.0,\"b\":1e400,\"c\":12345678901234567890.10,\"d\":-0}";
    Json content = content(block(0, TOOL, input(numbers)));
    assertThat(content.text()).contains("\"input\":" + numbers);
  }

  @Test
  void aBlockThatIsNotStoppedIsSettledAtTheEnd() {
    String lines = START + block(0, TOOL, input("{\"a\":1}")).replace(stop(0), "");
    Rebuilt cut = rebuilt(lines, StreamEnd.UPSTREAM_RESET);
    assertThat(cut.message().get("content").text()).contains("\"input\":{\"a\":1}}");
    assertThat(cut.anomalies()).isEmpty();
    assertThat(rebuilt(lines + STOP).anomalies())
        .containsExactly("event 4: message_stop before content_block_stop");
  }

  // Rule 6.

  @Test
  void aMessageDeltaSetsWhatIsPresentAndNullToo() {
    Rebuilt rebuilt =
        rebuilt(
            START
                + """
                {"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":"x","stop_details":{"a":1}}}
                {"type":"message_delta","delta":{"stop_sequence":null}}
                """
                + STOP);
    assertThat(rebuilt.message().string("stop_reason")).isEqualTo("refusal");
    assertThat(rebuilt.message().get("stop_sequence")).isEqualTo(Null.NULL);
    assertThat(rebuilt.message().get("stop_details")).isEqualTo(json("{\"a\":1}"));
  }

  @Test
  void containerAndContextManagementOverwriteWhereNotNull() {
    Rebuilt rebuilt =
        rebuilt(
            START
                + """
                {"type":"message_delta","delta":{"container":{"id":"c"}},"context_management":{"e":[]}}
                {"type":"message_delta","delta":{"container":null},"context_management":null}
                """
                + STOP);
    assertThat(rebuilt.message().get("container")).isEqualTo(json("{\"id\":\"c\"}"));
    assertThat(rebuilt.message().get("context_management")).isEqualTo(json("{\"e\":[]}"));
  }

  @Test
  void unknownMembersOfAMessageDeltaAreTakenButNotTheMessagesBones() {
    Rebuilt rebuilt =
        rebuilt(
            START
                + "{\"type\":\"message_delta\",\"delta\":{\"new\":1,\"content\":[],\"id\":\"x\"},\"also\":2}\n"
                + STOP);
    assertThat(rebuilt.message().integer("new")).hasValue(1);
    assertThat(rebuilt.message().integer("also")).hasValue(2);
    assertThat(rebuilt.message().string("id")).isEqualTo("m");
    assertThat(rebuilt.message().get("_deltas"))
        .isEqualTo(json("[{\"content\":[]},{\"id\":\"x\"}]"));
    assertThat(rebuilt.anomalies()).hasSize(2);
  }

  // Rule 7.

  @Test
  void usageIsCumulativeAndNullKeepsWhatWas() {
    Rebuilt rebuilt =
        rebuilt(
            """
            {"type":"message_start","message":{"usage":{"input_tokens":3,"output_tokens":1,"cache_read_input_tokens":9,"server_tool_use":null}}}
            {"type":"message_delta","delta":{},"usage":{"output_tokens":10,"input_tokens":null}}
            {"type":"message_delta","delta":{},"usage":{"output_tokens":12,"server_tool_use":{"web_search_requests":1}}}
            """
                + STOP);
    assertThat(rebuilt.message().get("usage"))
        .isEqualTo(
            json(
                "{\"input_tokens\":3,\"output_tokens\":12,\"cache_read_input_tokens\":9,"
                    + "\"server_tool_use\":{\"web_search_requests\":1}}"));
  }

  // Rule 8.

  @Test
  void theStopCompletesWhateverTheTransportSaysThen() {
    Rebuilt rebuilt = rebuilt(START + STOP, StreamEnd.CLIENT_ABORT);
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.COMPLETE);
    assertThat(rebuilt.status()).isEqualTo(200);
    assertThat(rebuilt.error()).isNull();
  }

  @Test
  void eventsAfterTheStopAreIgnoredAndNoted() {
    Rebuilt rebuilt = rebuilt(START + STOP + block(0, TEXT, text("x")));
    assertThat(rebuilt.message().get("content")).isEqualTo(new Arr());
    assertThat(rebuilt.anomalies())
        .containsExactly("event 3: after the end of the message: ignored (3 times)");
  }

  @Test
  void thereIsNoDone() {
    Rebuilt rebuilt = rebuilt(START + "[DONE]\n");
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.UPSTREAM_EOF);
    assertThat(rebuilt.anomalies()).singleElement().asString().contains("not JSON");
  }

  // Rule 9.

  @ParameterizedTest
  @CsvSource({
    "invalid_request_error,400",
    "authentication_error,401",
    "billing_error,402",
    "permission_error,403",
    "not_found_error,404",
    "request_too_large,413",
    "rate_limit_error,429",
    "api_error,500",
    "timeout_error,504",
    "overloaded_error,529",
    "of_tomorrow_error,500"
  })
  void anErrorKeepsThePartialMessageAndHasAStatus(String type, int status) {
    String error = "{\"type\":\"" + type + "\",\"message\":\"Overloaded\"}";
    Rebuilt rebuilt =
        rebuilt(
            START + block(0, TEXT, text("part")) + "{\"type\":\"error\",\"error\":" + error + "}\n",
            StreamEnd.UPSTREAM_RESET);
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.ERROR);
    assertThat(rebuilt.status()).isEqualTo(status);
    assertThat(rebuilt.error()).isEqualTo(json(error));
    assertThat(rebuilt.message().get("_error")).isEqualTo(json(error));
    assertThat(rebuilt.message().get("content").text()).contains("part");
  }

  @Test
  void anErrorWithoutAMessageIsTheAnswerItself() {
    String error =
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"},\"request_id\":\"r\"}";
    Rebuilt rebuilt = rebuilt(error);
    assertThat(rebuilt.message()).isEqualTo(json(error));
    assertThat(rebuilt.status()).isEqualTo(529);
  }

  // Rule 10.

  @ParameterizedTest
  @EnumSource(
      value = StreamEnd.class,
      names = {"UPSTREAM_EOF", "UPSTREAM_RESET", "CLIENT_ABORT", "TIMEOUT"})
  void withoutAStopTheTransportSaysHowItEnded(StreamEnd transport) {
    Rebuilt rebuilt = rebuilt(START + block(0, TEXT, text("part")), transport);
    assertThat(rebuilt.end()).isEqualTo(transport);
    assertThat(rebuilt.message().get("content").text()).contains("part");
  }

  @Test
  void aBodyThatEndsWithoutAStopIsNotComplete() {
    assertThat(rebuilt(START, StreamEnd.COMPLETE).end()).isEqualTo(StreamEnd.UPSTREAM_EOF);
  }

  @Test
  void endsHaveTheirLabels() {
    assertThat(StreamEnd.values())
        .extracting(StreamEnd::label)
        .containsExactly(
            "complete", "error", "upstream_eof", "upstream_reset", "client_abort", "timeout");
  }

  // Beside the rules.

  @Test
  void pingsAreNothing() {
    Rebuilt rebuilt = rebuilt(START + "{\"type\": \"ping\"}\n" + STOP);
    assertThat(rebuilt.anomalies()).isEmpty();
    assertThat(rebuilt.events()).isEqualTo(3);
  }

  @Test
  void unknownEventsAreKept() {
    String event = "{\"type\":\"message_weather\",\"sun\":true}";
    Rebuilt rebuilt = rebuilt(START + event + "\n" + STOP);
    assertThat(rebuilt.message().get("_events")).isEqualTo(json("[" + event + "]"));
    assertThat(rebuilt.anomalies())
        .containsExactly("event 2: unknown event \"message_weather\": kept in _events");
  }

  @Test
  void nothingIsAnEmptyMessage() {
    Rebuilt rebuilt = rebuilt("", StreamEnd.UPSTREAM_EOF);
    assertThat(rebuilt.message().text()).isEqualTo("{\"_anomalies\":[\"no message_start\"]}");
    assertThat(rebuilt.firstTokenNanos()).isEmpty();
  }

  @Test
  void theFirstTokenIsTheFirstDeltaWithSomethingInIt() {
    String begin = "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":%s}\n";
    assertThat(
            rebuilt(START + begin.formatted(TEXT) + delta(0, text("")) + delta(0, text("x")))
                .firstTokenNanos())
        .isEqualTo(OptionalLong.of(4));
    assertThat(rebuilt(START + begin.formatted(TOOL)).firstTokenNanos())
        .as("a tool's name is a token")
        .isEqualTo(OptionalLong.of(2));
    assertThat(rebuilt(START + begin.formatted(THINKING)).firstTokenNanos()).isEmpty();
  }

  @Test
  void aSnapshotIsTheMessageSoFarAndDoesNotChange() {
    MessageStream stream = MessageStream.of(Protocol.ANTHROPIC_MESSAGES).orElseThrow();
    String events = START + block(0, TEXT, text("a"), text("b")) + block(1, TOOL, input("{\"x"));
    events.lines().forEach(each -> Wire.feed(stream, "data: " + each + "\n\n", 1));
    Obj snapshot = stream.snapshot();
    String then = snapshot.text();
    assertThat(then).contains("\"text\":\"ab\"").contains("\"_input_raw\":\"{\\\"x\"");
    Wire.feed(stream, "data: " + delta(0, text("c")) + "\n", 1);
    assertThat(snapshot.text()).isEqualTo(then);
    assertThat(stream.snapshot().text()).contains("\"text\":\"abc\"");
    assertThat(stream.snapshot().array("content").values().get(1))
        .as("what did not change is not made again")
        .isSameAs(snapshot.array("content").values().get(1));
  }

  @Test
  void brokenUtf8CostsTheCharacterOnly() {
    byte[] wire =
        ("data: "
                + START.replace("\n", "\n\n")
                + "data: "
                + block(0, TEXT, text("a?b"), text("\u00e4")).replace("\n", "\n\ndata: ")
                + STOP
                + "\n\n")
            .getBytes(UTF_8);
    for (int i = 0; i < wire.length; i++) {
      wire[i] = wire[i] == '?' ? (byte) 0xFF : wire[i];
    }
    Rebuilt rebuilt = Wire.rebuilt(Protocol.ANTHROPIC_MESSAGES, wire, StreamEnd.COMPLETE);
    assertThat(rebuilt.message().get("content").text()).contains("a\ufffdb\u00e4");
    assertThat(rebuilt.anomalies()).containsExactly("event 3: not UTF-8: replaced");
  }

  @Test
  void halvesOfASurrogatePairInTwoDeltasBecomeOneCharacter() {
    assertThat(content(block(0, TEXT, text("\\ud83d"), text("\\ude80"))))
        .isEqualTo(json("[{\"type\":\"text\",\"text\":\"\ud83d\ude80\"}]"));
  }

  @Test
  void aMessageOverItsLimitIsCutAndItsEndIsNot() {
    MessageStream stream =
        MessageStream.of(Protocol.ANTHROPIC_MESSAGES, 10_000, 5000).orElseThrow();
    Wire.feed(stream, "data: " + START + "\n", 1);
    Wire.feed(stream, "data: " + block(0, TEXT).replace(stop(0), "\n"), 1);
    for (int i = 0; i < 1000; i++) {
      Wire.feed(stream, "data: " + delta(0, text("x".repeat(100))) + "\n", 1);
      Wire.feed(stream, "data: " + delta(0, "{\"type\":\"new_delta\",\"x\":[1,2,3]}") + "\n", 1);
    }
    Wire.feed(
        stream,
        "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n",
        1);
    Wire.feed(stream, "data: " + STOP + "\n", 1);
    Rebuilt rebuilt = stream.finish(StreamEnd.COMPLETE);
    assertThat(rebuilt.message().text().length()).isBetween(1000, 6000);
    assertThat(rebuilt.message().string("stop_reason")).isEqualTo("end_turn");
    assertThat(rebuilt.anomalies())
        .last()
        .asString()
        .isEqualTo("the message is longer than 5000 bytes: the rest is left out");
  }

  @Test
  void anomaliesHaveALimit() {
    StringBuilder lines = new StringBuilder(START);
    for (int i = 0; i < 1000; i++) {
      lines.append("{\"type\":\"").append("x".repeat(200 * (i % 2))).append(i).append("\"}\n");
    }
    Rebuilt rebuilt = rebuilt(lines + STOP);
    assertThat(rebuilt.anomalies()).hasSizeLessThanOrEqualTo(MessageRebuild.MAX_ANOMALIES);
    assertThat(rebuilt.anomalies().getLast()).matches("and \\d+ more");
    assertThat(rebuilt.anomalies()).allMatch(each -> each.length() < 200);
  }

  @Test
  void anEventOverTheFrameLimitIsNoted() {
    MessageStream stream = MessageStream.of(Protocol.ANTHROPIC_MESSAGES, 1000, 5000).orElseThrow();
    Wire.feed(
        stream, "data: " + START + "\ndata: " + "x".repeat(2000) + "\n\ndata: " + STOP + "\nda", 1);
    assertThat(stream.finish(StreamEnd.COMPLETE).anomalies())
        .containsExactly(
            "the stream ends within an event, which is left out",
            "1 events over 1000 bytes left out, 2006 bytes in all");
  }
}
