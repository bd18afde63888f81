package dev.tapedeck.formats.llm;

import static dev.tapedeck.formats.llm.AnthropicWire.START;
import static dev.tapedeck.formats.llm.AnthropicWire.STOP;
import static dev.tapedeck.formats.llm.AnthropicWire.TEXT;
import static dev.tapedeck.formats.llm.AnthropicWire.block;
import static dev.tapedeck.formats.llm.AnthropicWire.rebuilt;
import static dev.tapedeck.formats.llm.AnthropicWire.text;
import static dev.tapedeck.formats.llm.Wire.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Null;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** FORMATS.md, section 5: the message as a whole, rule by rule. */
class AnthropicAccumulatorTest {

  // Rule 1.

  @Test
  void theStartIsKeptWithEveryUnknownKey() {
    AccumulatedMessage rebuilt =
        rebuilt(
            "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"new\":{\"deep\":[1.50]},\"content\":[]}}\n"
                + STOP);
    assertThat(rebuilt.message())
        .isEqualTo(json("{\"id\":\"m\",\"new\":{\"deep\":[1.50]},\"content\":[]}"));
    assertThat(rebuilt.anomalies()).isEmpty();
  }

  @Test
  void aSecondStartIsIgnoredAndNoted() {
    AccumulatedMessage rebuilt =
        rebuilt(START + "{\"type\":\"message_start\",\"message\":{\"id\":\"other\"}}\n" + STOP);
    assertThat(rebuilt.message().string("id")).isEqualTo("m");
    assertThat(rebuilt.anomalies()).containsExactly("event 2: a second message_start: ignored");
    assertThat(rebuilt.message().get("_anomalies"))
        .isEqualTo(json("[\"event 2: a second message_start: ignored\"]"));
  }

  // Rule 6.

  @Test
  void aMessageDeltaSetsWhatIsPresentAndNullToo() {
    AccumulatedMessage rebuilt =
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
    AccumulatedMessage rebuilt =
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
    AccumulatedMessage rebuilt =
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

  @Test
  void aFigureThatALaterZeroReplacesIsKeptBesideTheMessage() {
    AccumulatedMessage rebuilt =
        rebuilt(
            """
            {"type":"message_start","message":{"usage":{"input_tokens":25,"output_tokens":1,"cache_read_input_tokens":0}}}
            {"type":"message_delta","delta":{},"usage":{"input_tokens":0,"output_tokens":12,"cache_read_input_tokens":0}}
            """
                + STOP);
    assertThat(rebuilt.message().get("usage"))
        .isEqualTo(json("{\"input_tokens\":0,\"output_tokens\":12,\"cache_read_input_tokens\":0}"));
    assertThat(rebuilt.keptUsage()).isEqualTo(json("{\"input_tokens\":25}"));
    assertThat(LlmCall.of("/v1/messages", null, rebuilt.message(), rebuilt.keptUsage()).usage())
        .isEqualTo(new Usage(25L, 12L, 0L, null));
    assertThat(rebuilt.anomalies()).isEmpty();
  }

  // Rule 7.

  @Test
  void usageIsCumulativeAndNullKeepsWhatWas() {
    AccumulatedMessage rebuilt =
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
    AccumulatedMessage rebuilt = rebuilt(START + STOP, StreamEnd.CLIENT_ABORT);
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.COMPLETE);
    assertThat(rebuilt.status()).isEqualTo(200);
    assertThat(rebuilt.error()).isNull();
  }

  @Test
  void eventsAfterTheStopAreIgnoredAndNoted() {
    AccumulatedMessage rebuilt = rebuilt(START + STOP + block(0, TEXT, text("x")));
    assertThat(rebuilt.message().get("content")).isEqualTo(new Arr());
    assertThat(rebuilt.anomalies())
        .containsExactly("event 3: after the end of the message: ignored (3 times)");
  }

  @Test
  void thereIsNoDone() {
    AccumulatedMessage rebuilt = rebuilt(START + "[DONE]\n");
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
    AccumulatedMessage rebuilt =
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
    AccumulatedMessage rebuilt = rebuilt(error);
    assertThat(rebuilt.message()).isEqualTo(json(error));
    assertThat(rebuilt.status()).isEqualTo(529);
  }

  // Rule 10.

  @ParameterizedTest
  @EnumSource(
      value = StreamEnd.class,
      names = {"UPSTREAM_EOF", "UPSTREAM_RESET", "CLIENT_ABORT", "TIMEOUT"})
  void withoutAStopTheTransportSaysHowItEnded(StreamEnd transport) {
    AccumulatedMessage rebuilt = rebuilt(START + block(0, TEXT, text("part")), transport);
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
}
