package dev.tapedeck.formats.llm;

import static dev.tapedeck.formats.llm.Wire.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** FORMATS.md, section 6: Responses. */
class ResponsesAccumulatorTest {

  private static final String CREATED =
      "{\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"status\":\"in_progress\",\"output\":[]}}\n";
  private static final String COMPLETED =
      "{\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"status\":\"completed\",\"output\":[]}}\n";

  private static AccumulatedMessage rebuilt(String lines) {
    return Wire.rebuilt(Protocol.OPENAI_RESPONSES, lines);
  }

  private static String added(int index, String item) {
    return "{\"type\":\"response.output_item.added\",\"output_index\":%d,\"item\":%s}\n"
        .formatted(index, item);
  }

  private static Json output(String lines) {
    AccumulatedMessage rebuilt = rebuilt(CREATED + lines + COMPLETED);
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.COMPLETE);
    assertThat(rebuilt.anomalies()).isEmpty();
    return rebuilt.message().get("output");
  }

  @Test
  void lifecycleEventsReplaceTheSnapshot() {
    AccumulatedMessage rebuilt =
        rebuilt(
            CREATED
                + "{\"type\":\"response.queued\",\"response\":{\"id\":\"r\",\"status\":\"queued\",\"x\":1}}\n"
                + "{\"type\":\"response.incomplete\",\"response\":{\"id\":\"r\",\"status\":\"incomplete\",\"y\":2,\"output\":[]}}\n");
    assertThat(rebuilt.message())
        .isEqualTo(json("{\"id\":\"r\",\"status\":\"incomplete\",\"y\":2,\"output\":[]}"));
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.COMPLETE);
  }

  @Test
  void theGatheredOutputStaysWhereTheTerminalOneIsEmpty() {
    assertThat(output(added(1, "{\"type\":\"b\"}") + added(0, "{\"type\":\"a\"}")))
        .isEqualTo(json("[{\"type\":\"a\"},{\"type\":\"b\"}]"));
  }

  @Test
  void theTerminalOutputWinsWhereThereIsOne() {
    AccumulatedMessage rebuilt =
        rebuilt(
            CREATED
                + added(0, "{\"type\":\"a\",\"x\":1}")
                + added(1, "{\"type\":\"b\",\"x\":1}")
                + "{\"type\":\"response.completed\",\"response\":{\"output\":[{\"type\":\"a\",\"x\":2},{\"type\":\"b\",\"y\":2}]}}\n");
    assertThat(rebuilt.message())
        .isEqualTo(json("{\"output\":[{\"type\":\"a\",\"x\":2},{\"type\":\"b\",\"y\":2}]}"));
  }

  @Test
  void deltasAppendAndDoneAssigns() {
    assertThat(
            output(
                added(0, "{\"id\":\"i\",\"type\":\"message\",\"content\":[]}")
                    + """
                    {"type":"response.content_part.added","item_id":"i","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}
                    {"type":"response.output_text.delta","item_id":"i","output_index":0,"content_index":0,"delta":"Hel","logprobs":[],"obfuscation":"x"}
                    {"type":"response.output_text.delta","item_id":"i","output_index":0,"content_index":0,"delta":"lo"}
                    {"type":"response.output_text.annotation.added","item_id":"i","output_index":0,"content_index":0,"annotation_index":0,"annotation":{"type":"url_citation"}}
                    {"type":"response.content_part.added","item_id":"i","output_index":0,"content_index":1,"part":{"type":"refusal","refusal":""}}
                    {"type":"response.refusal.delta","item_id":"i","output_index":0,"content_index":1,"delta":"No"}
                    {"type":"response.refusal.done","item_id":"i","output_index":0,"content_index":1,"refusal":"No."}
                    """))
        .isEqualTo(
            json(
                """
                [{"id":"i","type":"message","content":[
                  {"type":"output_text","text":"Hello","annotations":[{"type":"url_citation"}]},
                  {"type":"refusal","refusal":"No."}]}]
                """));
  }

  @Test
  void whatIsDoneReplacesWhatWasAdded() {
    assertThat(
            output(
                added(
                        0,
                        "{\"id\":\"i\",\"type\":\"message\",\"status\":\"in_progress\",\"content\":[]}")
                    + """
                    {"type":"response.content_part.added","output_index":0,"content_index":0,"part":{"type":"output_text","text":""}}
                    {"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"Hel"}
                    {"type":"response.content_part.done","output_index":0,"content_index":0,"part":{"type":"output_text","text":"Hello","new":1}}
                    """))
        .isEqualTo(
            json(
                "[{\"id\":\"i\",\"type\":\"message\",\"status\":\"in_progress\","
                    + "\"content\":[{\"type\":\"output_text\",\"text\":\"Hello\",\"new\":1}]}]"));
    assertThat(
            output(
                added(0, "{\"id\":\"i\",\"x\":1}")
                    + "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"id\":\"i\",\"y\":2}}\n"))
        .isEqualTo(json("[{\"id\":\"i\",\"y\":2}]"));
  }

  @Test
  void reasoningGrowsInSummaryAndContent() {
    assertThat(
            output(
                added(0, "{\"type\":\"reasoning\",\"summary\":[]}")
                    + """
                    {"type":"response.reasoning_summary_part.added","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}
                    {"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"Thi"}
                    {"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"nk"}
                    {"type":"response.content_part.added","output_index":0,"content_index":0,"part":{"type":"reasoning_text","text":""}}
                    {"type":"response.reasoning_text.delta","output_index":0,"content_index":0,"delta":"raw"}
                    """))
        .isEqualTo(
            json(
                """
                [{"type":"reasoning","summary":[{"type":"summary_text","text":"Think"}],
                  "content":[{"type":"reasoning_text","text":"raw"}]}]
                """));
  }

  @ParameterizedTest
  @CsvSource({
    "function_call_arguments, arguments",
    "mcp_call_arguments, arguments",
    "custom_tool_call_input, input",
    "code_interpreter_call_code, code"
  })
  void callsGrowAndAreAssigned(String event, String field) {
    String begin = "{\"output_index\":0,\"type\":\"response." + event;
    String delta = begin + ".delta\",\"delta\":\"x\"}\n";
    String done = begin + ".done\",\"" + field + "\":\"xyz\"}\n";
    String item = added(0, "{\"type\":\"call\",\"" + field + "\":\"\"}");
    assertThat(output(item + delta + delta))
        .isEqualTo(json("[{\"type\":\"call\",\"" + field + "\":\"xx\"}]"));
    assertThat(output(item + delta + done))
        .isEqualTo(json("[{\"type\":\"call\",\"" + field + "\":\"xyz\"}]"));
  }

  @ParameterizedTest
  @CsvSource({
    "web_search_call.searching, searching",
    "file_search_call.completed, completed",
    "code_interpreter_call.interpreting, interpreting",
    "image_generation_call.generating, generating",
    "mcp_call.failed, failed",
    "mcp_list_tools.in_progress, in_progress"
  })
  void aCallsStateIsItsStatus(String event, String status) {
    assertThat(
            output(
                added(0, "{\"type\":\"call\"}")
                    + "{\"type\":\"response."
                    + event
                    + "\",\"output_index\":0,\"item_id\":\"i\"}\n"))
        .isEqualTo(json("[{\"type\":\"call\",\"status\":\"" + status + "\"}]"));
  }

  @Test
  void anItemIsFoundByItsIdWhereTheIndexIsMissing() {
    assertThat(
            output(
                added(0, "{\"id\":\"a\"}")
                    + added(1, "{\"id\":\"b\",\"arguments\":\"\"}")
                    + "{\"type\":\"response.function_call_arguments.delta\",\"item_id\":\"b\",\"delta\":\"x\"}\n"
                    + "{\"type\":\"response.output_item.done\",\"item\":{\"id\":\"a\",\"new\":1}}\n"))
        .isEqualTo(json("[{\"id\":\"a\",\"new\":1},{\"id\":\"b\",\"arguments\":\"x\"}]"));
  }

  @Test
  void aTextWhosePartWasNotAddedIsKept() {
    AccumulatedMessage rebuilt =
        rebuilt(
            CREATED
                + added(0, "{\"type\":\"message\"}")
                + "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"content_index\":0,\"delta\":\"x\"}\n");
    assertThat(rebuilt.message().get("output"))
        .isEqualTo(
            json(
                "[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"x\"}]}]"));
    assertThat(rebuilt.anomalies()).singleElement().asString().contains("not added");
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.UPSTREAM_EOF);
  }

  @Test
  void unknownEventsAreKeptWithTheirItemUntilItIsDone() {
    String unknown =
        "{\"type\":\"response.shell_call_command.delta\",\"output_index\":0,\"delta\":\"ls\"}\n";
    AccumulatedMessage cut = rebuilt(CREATED + added(0, "{\"type\":\"shell_call\"}") + unknown);
    assertThat(cut.message().get("output"))
        .isEqualTo(json("[{\"type\":\"shell_call\",\"_deltas\":[" + unknown.strip() + "]}]"));
    assertThat(cut.anomalies()).hasSize(1);
    assertThat(
            rebuilt(
                    CREATED
                        + added(0, "{\"type\":\"shell_call\"}")
                        + unknown
                        + "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"z\":1}}\n"
                        + "{\"type\":\"response.tomorrow\",\"q\":1}\n"
                        + COMPLETED)
                .message())
        .satisfies(message -> {
          assertThat(message.get("output")).isEqualTo(json("[{\"z\":1}]"));
          assertThat(message.get("_deltas"))
              .isEqualTo(json("[{\"type\":\"response.tomorrow\",\"q\":1}]"));
        });
  }

  @Test
  void anErrorIsTerminal() {
    String error =
        "{\"type\":\"error\",\"code\":\"rate_limit_exceeded\",\"message\":\"slow\",\"param\":null}";
    AccumulatedMessage rebuilt = rebuilt(CREATED + error + "\n" + COMPLETED);
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.ERROR);
    assertThat(rebuilt.status()).isEqualTo(429);
    assertThat(rebuilt.message().get("_error")).isEqualTo(json(error));
    assertThat(rebuilt.message().string("status")).isEqualTo("in_progress");
    assertThat(rebuilt.anomalies()).singleElement().asString().contains("after the end");
  }

  @Test
  void aFailedResponseIsAnError() {
    AccumulatedMessage rebuilt =
        rebuilt(
            CREATED
                + "{\"type\":\"response.failed\",\"response\":{\"id\":\"r\",\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"m\"}}}\n");
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.ERROR);
    assertThat(rebuilt.status()).isEqualTo(500);
    assertThat(rebuilt.message().string("status")).isEqualTo("failed");
  }
}
