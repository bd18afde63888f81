package dev.tapedeck.formats.llm;

import static dev.tapedeck.formats.llm.Wire.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** FORMATS.md, section 6: chat completions. */
class ChatAccumulatorTest {

  private static AccumulatedMessage rebuilt(String lines) {
    return Wire.rebuilt(Protocol.OPENAI_CHAT, lines);
  }

  /** The choices of a stream of one choice with these deltas. */
  private static Json message(String... deltas) {
    StringBuilder lines = new StringBuilder();
    for (String delta : deltas) {
      lines.append("{\"choices\":[{\"index\":0,\"delta\":").append(delta).append("}]}\n");
    }
    AccumulatedMessage rebuilt = rebuilt(lines + "[DONE]\n");
    assertThat(rebuilt.anomalies()).isEmpty();
    return ((Obj) rebuilt.message().array("choices").values().getFirst()).get("message");
  }

  @Test
  void aCompletionIsPutTogether() {
    AccumulatedMessage rebuilt =
        rebuilt(
            """
            {"id":"c","object":"chat.completion.chunk","created":1,"model":"g","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"xx"}
            {"id":"c","object":"chat.completion.chunk","created":1,"model":"g","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}],"usage":null,"obfuscation":"xx"}
            {"id":"c","object":"chat.completion.chunk","created":1,"model":"g","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":null}],"usage":null}
            {"id":"c","object":"chat.completion.chunk","created":1,"model":"g","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}
            {"id":"c","object":"chat.completion.chunk","created":1,"model":"g","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}}
            [DONE]
            """);
    assertThat(rebuilt.message())
        .isEqualTo(
            json(
                """
                {"id":"c","object":"chat.completion","created":1,"model":"g",
                 "choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"logprobs":null,"finish_reason":"stop"}],
                 "usage":{"prompt_tokens":5,"completion_tokens":2}}
                """));
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.COMPLETE);
    assertThat(rebuilt.firstTokenNanos()).hasValue(2);
    assertThat(rebuilt.anomalies()).isEmpty();
  }

  @Test
  void refusalFunctionCallAndUnknownStringsAppend() {
    assertThat(
            message(
                "{\"refusal\":\"I\",\"reasoning_content\":\"h\"}",
                "{\"refusal\":\" can't\",\"reasoning_content\":\"m\"}",
                "{\"function_call\":{\"name\":\"f\",\"arguments\":\"{\"}}",
                "{\"function_call\":{\"arguments\":\"}\"}}"))
        .isEqualTo(
            json(
                "{\"content\":null,\"refusal\":\"I can't\",\"reasoning_content\":\"hm\","
                    + "\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}}"));
  }

  @Test
  void roleIsOverwrittenAndUnknownArraysConcatenate() {
    assertThat(
            message(
                "{\"role\":\"assistant\",\"annotations\":[1],\"x\":1}",
                "{\"role\":\"tool\",\"annotations\":[2],\"x\":2}",
                "{\"role\":null}"))
        .isEqualTo(json("{\"content\":null,\"role\":\"tool\",\"annotations\":[1,2],\"x\":2}"));
  }

  @Test
  void toolCallsGrowByTheirIndexAndLoseIt() {
    assertThat(
            message(
                "{\"tool_calls\":[{\"index\":1,\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"\"}}]}",
                "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\"\"}}]}",
                "{\"tool_calls\":[{\"index\":0,\"id\":\"\",\"function\":{\"name\":null,\"arguments\":\":1}\"}},{\"index\":1,\"function\":{\"arguments\":\"{}\"}}]}"))
        .isEqualTo(
            json(
                """
                {"content":null,"tool_calls":[
                  {"id":"a","type":"function","function":{"name":"f","arguments":"{\\"x\\":1}"}},
                  {"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]}
                """));
  }

  @Test
  void callsWithoutAnIndexAreToldApartByTheirIds() {
    assertThat(
            message(
                "{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"arguments\":\"1\"}},{\"id\":\"b\",\"function\":{\"arguments\":\"2\"}}]}",
                "{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"arguments\":\"3\"}}]}"))
        .isEqualTo(
            json(
                "{\"content\":null,\"tool_calls\":[{\"id\":\"a\",\"function\":{\"arguments\":\"13\"}},"
                    + "{\"id\":\"b\",\"function\":{\"arguments\":\"2\"}}]}"));
  }

  @Test
  void audioGrows() {
    assertThat(
            message(
                "{\"audio\":{\"id\":\"a\",\"data\":\"AA\",\"transcript\":\"he\"}}",
                "{\"audio\":{\"data\":\"BB\",\"transcript\":\"y\",\"expires_at\":9}}"))
        .isEqualTo(
            json(
                "{\"content\":null,\"audio\":{\"id\":\"a\",\"data\":\"AABB\",\"transcript\":\"hey\",\"expires_at\":9}}"));
  }

  @Test
  void severalChoicesSurviveAndLogprobsConcatenate() {
    AccumulatedMessage rebuilt =
        rebuilt(
            """
            {"choices":[{"index":1,"delta":{"content":"b"},"logprobs":{"content":[{"token":"b"}]}}]}
            {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"length"}]}
            {"choices":[{"index":1,"delta":{"content":"B"},"logprobs":{"content":[{"token":"B"}],"refusal":[]},"finish_reason":"stop"}]}
            [DONE]
            """);
    assertThat(rebuilt.message().get("choices"))
        .isEqualTo(
            json(
                """
                [{"index":0,"message":{"content":"a"},"finish_reason":"length"},
                 {"index":1,"message":{"content":"bB"},"finish_reason":"stop",
                  "logprobs":{"content":[{"token":"b"},{"token":"B"}],"refusal":[]}}]
                """));
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"type\":\"server_error\"}', 500",
    "'{\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}', 429",
    "'{\"type\":\"invalid_request_error\",\"code\":\"context_length_exceeded\"}', 400",
    "'{\"code\":502,\"message\":\"bad gateway\"}', 502",
    "'{\"code\":\"503\"}', 503",
    "'\"overloaded_error\"', 529",
    "'{\"code\":7}', 500"
  })
  void anErrorInTheDataEndsTheStream(String error, int status) {
    AccumulatedMessage rebuilt =
        rebuilt(
            "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n"
                + "{\"error\":"
                + error
                + "}\n[DONE]\n");
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.ERROR);
    assertThat(rebuilt.status()).isEqualTo(status);
    assertThat(rebuilt.message().get("_error")).isEqualTo(json(error));
    assertThat(rebuilt.message().string("id")).isEqualTo("c");
    assertThat(rebuilt.anomalies()).isEmpty();
  }

  @Test
  void withoutDoneItIsNotComplete() {
    assertThat(rebuilt("{\"id\":\"c\",\"choices\":[]}\n").end()).isEqualTo(StreamEnd.UPSTREAM_EOF);
  }
}
