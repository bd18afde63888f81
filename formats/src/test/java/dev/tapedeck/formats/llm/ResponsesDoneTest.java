package dev.tapedeck.formats.llm;

import static dev.tapedeck.formats.llm.Wire.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers whose last events say less than the deltas before them. */
class ResponsesDoneTest {

  private static final String HELLO =
      """
      {"type":"response.created","response":{"id":"r","status":"in_progress","output":[]}}
      {"type":"response.output_item.added","output_index":0,"item":{"id":"m","type":"message","role":"assistant","content":[]}}
      {"type":"response.content_part.added","item_id":"m","output_index":0,"content_index":0,"part":{"type":"output_text","text":""}}
      {"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"Hello"}
      """;

  private static final String HELLO_MESSAGE =
      "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\","
          + "\"content\":[{\"type\":\"output_text\",\"text\":\"Hello\"}]}";

  private static AccumulatedMessage rebuilt(String lines) {
    return Wire.rebuilt(Protocol.OPENAI_RESPONSES, lines);
  }

  private static String completed(String output) {
    return "{\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"status\":\"completed\",\"output\":["
        + output
        + "]}}\n";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"response.output_text.done\",\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,\"text\":\"\"}",
        "{\"type\":\"response.output_text.done\",\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,\"text\":null}",
        "{\"type\":\"response.content_part.done\",\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,\"part\":{\"type\":\"output_text\",\"text\":\"\"}}",
        "{\"type\":\"response.content_part.done\",\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,\"part\":{\"type\":\"output_text\"}}",
        "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[]}}",
        "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\"}}",
        "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"content\":null}}",
        "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"\"}]}}",
        "{\"type\":\"response.in_progress\",\"response\":{\"id\":\"r\",\"output\":[]}}"
      })
  void anEmptyEventTakesNoTextAway(String done) {
    for (String end :
        new String[] {
          "",
          "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[]}",
          "{\"type\":\"message\",\"id\":\"other\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"\"}]}"
        }) {
      AccumulatedMessage rebuilt = rebuilt(HELLO + done + "\n" + completed(end));
      assertThat(rebuilt.end()).isEqualTo(StreamEnd.COMPLETE);
      assertThat(Conversation.answer(Protocol.OPENAI_RESPONSES, rebuilt.message()))
          .as(end)
          .extracting(Part::text)
          .containsExactly("Hello");
      assertThat(rebuilt.anomalies()).isEmpty();
    }
  }

  @Test
  void itemsAndPartsThatTheEndLeavesOutStayInTheirPlace() {
    String call =
        """
        {"type":"response.output_item.added","output_index":1,"item":{"id":"f","type":"function_call","call_id":"c","name":"ls","arguments":""}}
        {"type":"response.function_call_arguments.delta","item_id":"f","output_index":1,"delta":"{}"}
        {"type":"response.function_call_arguments.done","item_id":"f","output_index":1,"arguments":""}
        """;
    assertThat(
            rebuilt(
                    HELLO
                        + call
                        + completed(
                            "{\"id\":\"f\",\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"ls\",\"arguments\":\"\"}"))
                .message()
                .get("output"))
        .isEqualTo(
            json(
                "["
                    + HELLO_MESSAGE
                    + ",{\"id\":\"f\",\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"ls\",\"arguments\":\"{}\"}]"));
    String part =
        """
        {"type":"response.content_part.added","item_id":"m","output_index":0,"content_index":1,"part":{"type":"refusal","refusal":""}}
        {"type":"response.refusal.delta","item_id":"m","output_index":0,"content_index":1,"delta":"No"}
        """;
    assertThat(rebuilt(HELLO + part + completed(HELLO_MESSAGE)).message().get("output").text())
        .contains("\"Hello\"", "{\"type\":\"refusal\",\"refusal\":\"No\"}");
  }

  @Test
  void theEndsOwnTextWins() {
    String end = HELLO_MESSAGE.replace("Hello", "Hi");
    assertThat(rebuilt(HELLO + completed(end)).message().get("output"))
        .isEqualTo(json("[" + end + "]"));
  }

  @Test
  void twoItemsAtOneIndexAreTwo() {
    String second =
        """
        {"type":"response.output_item.added","output_index":0,"item":{"id":"f","type":"function_call","call_id":"c","name":"ls","arguments":""}}
        {"type":"response.function_call_arguments.delta","item_id":"f","output_index":0,"delta":"{}"}
        {"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"!"}
        """;
    assertThat(rebuilt(HELLO + second + completed("")).message().get("output"))
        .isEqualTo(
            json(
                "["
                    + HELLO_MESSAGE.replace("Hello", "Hello!")
                    + ",{\"id\":\"f\",\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"ls\",\"arguments\":\"{}\"}]"));
  }

  @Test
  void aServerThatGivesAnItemAnotherIdEachTimeIsUnderstood() {
    String more =
        """
        {"type":"response.output_text.delta","item_id":"m2","output_index":0,"content_index":0,"delta":"!"}
        {"type":"response.output_item.done","output_index":0,"item":{"id":"m3","type":"message","role":"assistant","content":[]}}
        """;
    assertThat(
            rebuilt(
                    HELLO
                        + more
                        + completed(
                            "{\"id\":\"m4\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[]}"))
                .message()
                .get("output"))
        .isEqualTo(
            json("[" + HELLO_MESSAGE.replace("Hello", "Hello!").replace("\"m\"", "\"m4\"") + "]"));
  }

  @Test
  void aResumedStreamMakesWhatItIsAbout() {
    AccumulatedMessage rebuilt =
        rebuilt(
            """
            {"type":"response.output_text.delta","item_id":"m","output_index":1,"content_index":0,"delta":"lo","sequence_number":6}
            {"type":"response.reasoning_summary_text.delta","item_id":"t","output_index":0,"summary_index":0,"delta":"hm"}
            {"type":"response.function_call_arguments.delta","item_id":"f","output_index":2,"delta":"{}"}
            """);
    assertThat(rebuilt.message().get("output"))
        .isEqualTo(
            json(
                """
                [{"id":"t","type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},
                 {"id":"m","type":"message","role":"assistant","content":[{"type":"output_text","text":"lo"}]},
                 {"id":"f","type":"function_call","arguments":"{}"}]
                """));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/responses/resp_1",
        "/v1/responses/resp_1?stream=true&starting_after=5",
        "/openai/v1/responses/resp_1/cancel",
        "/v1/responses/resp_1/"
      })
  void aResponsePolledOrResumedIsThatApis(String path) {
    assertThat(Protocol.of(path)).isEqualTo(Protocol.OPENAI_RESPONSES);
    assertThat(LlmCall.of(path, null, null).streamed()).isEqualTo(path.contains("stream=true"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/responses/resp_1/input_items", "/v1/responses/input_tokens"})
  void listsAndCountsAreNot(String path) {
    assertThat(Protocol.of(path)).isEqualTo(Protocol.UNKNOWN);
  }
}
