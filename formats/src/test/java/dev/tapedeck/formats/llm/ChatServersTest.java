package dev.tapedeck.formats.llm;

import static dev.tapedeck.formats.llm.Wire.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that call themselves compatible with OpenAI's chat completions, and deviate. */
class ChatServersTest {

  private static AccumulatedMessage rebuilt(String lines) {
    return Wire.rebuilt(Protocol.OPENAI_CHAT, lines);
  }

  private static String chunk(String delta) {
    return "{\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}\n";
  }

  private static Obj message(String... deltas) {
    StringBuilder lines = new StringBuilder();
    for (String delta : deltas) {
      lines.append(chunk(delta));
    }
    AccumulatedMessage rebuilt = rebuilt(lines + "[DONE]\n");
    assertThat(rebuilt.anomalies()).isEmpty();
    return Parts.objects(rebuilt.message().get("choices")).getFirst().object("message");
  }

  private static Json calls(String... calls) {
    String[] each = new String[calls.length];
    for (int i = 0; i < calls.length; i++) {
      each[i] = "{\"tool_calls\":[" + calls[i] + "]}";
    }
    return message(each).get("tool_calls");
  }

  private static String call(String begin, String name, String arguments) {
    return "{%s\"function\":{\"name\":\"%s\",\"arguments\":\"%s\"}}"
        .formatted(begin, name, arguments);
  }

  private static String more(String begin, String arguments) {
    return "{%s\"function\":{\"arguments\":\"%s\"}}".formatted(begin, arguments);
  }

  @Test
  void twoIdsAtOneIndexAreTwoCalls() {
    String at0 = "\"index\":0,";
    assertThat(
            calls(
                call(at0 + "\"id\":\"a\",", "f", "1"),
                more(at0, "2"),
                call(at0 + "\"id\":\"b\",", "g", "3"),
                more(at0, "4"),
                more(at0 + "\"id\":\"a\",", "5"),
                call("\"index\":1,\"id\":\"c\",", "h", "6"),
                more("\"index\":1,", "7")))
        .isEqualTo(
            json(
                """
                [{"id":"a","function":{"name":"f","arguments":"125"}},
                 {"id":"b","function":{"name":"g","arguments":"34"}},
                 {"id":"c","function":{"name":"h","arguments":"67"}}]
                """));
    assertThat(
            calls(
                call(at0 + "\"id\":\"a\",", "f", "{}")
                    + ","
                    + call(at0 + "\"id\":\"b\",", "f", "{}")))
        .isEqualTo(
            json(
                """
                [{"id":"a","function":{"name":"f","arguments":"{}"}},
                 {"id":"b","function":{"name":"f","arguments":"{}"}}]
                """));
  }

  @Test
  void aContinuationWithNeitherIndexNorIdBelongsToTheCallLastBegun() {
    assertThat(
            calls(
                call("\"id\":\"a\",", "f", "1"),
                more("", "2"),
                call("\"id\":\"b\",", "g", "3"),
                more("\"id\":\"\",", "4"),
                more("\"id\":null,", "5")))
        .isEqualTo(
            json(
                """
                [{"id":"a","function":{"name":"f","arguments":"12"}},
                 {"id":"b","function":{"name":"g","arguments":"345"}}]
                """));
  }

  @Test
  void severalCallsInOneChunkWithoutIndexAreSeveral() {
    assertThat(calls(call("", "f", "1") + "," + call("", "g", "2"), more("", "3")))
        .isEqualTo(
            json(
                """
                [{"function":{"name":"f","arguments":"1"}},{"function":{"name":"g","arguments":"23"}}]
                """));
  }

  @Test
  void theCallsOfTwoChoicesAreApart() {
    AccumulatedMessage rebuilt =
        rebuilt(
            """
            {"choices":[{"index":0,"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":""}}]}},{"index":1,"delta":{"tool_calls":[{"id":"b","function":{"name":"g","arguments":""}}]}}]}
            {"choices":[{"index":0,"delta":{"tool_calls":[{"function":{"arguments":"1"}}]}},{"index":1,"delta":{"tool_calls":[{"function":{"arguments":"2"}}]}}]}
            """);
    assertThat(rebuilt.message().get("choices").text())
        .contains("{\"name\":\"f\",\"arguments\":\"1\"}", "{\"name\":\"g\",\"arguments\":\"2\"}");
  }

  @Test
  void lateEmptyMembersOverwriteNothing() {
    AccumulatedMessage rebuilt =
        rebuilt(
            """
            {"id":"c","object":"chat.completion.chunk","created":7,"model":"g","choices":[{"index":0,"delta":{"role":"assistant","content":"x"},"finish_reason":""}]}
            {"id":"c","object":"chat.completion.chunk","created":7,"model":"g","choices":[{"index":0,"delta":{"role":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":5}}
            {"id":"","object":"","created":0,"model":"","system_fingerprint":"","choices":[{"index":0,"delta":{"role":"","content":""},"finish_reason":""}],"usage":{}}
            [DONE]
            """);
    assertThat(rebuilt.message())
        .isEqualTo(
            json(
                """
                {"id":"c","object":"chat.completion","created":7,"model":"g","system_fingerprint":"",
                 "choices":[{"index":0,"message":{"content":"x","role":"assistant"},"finish_reason":"stop"}],
                 "usage":{"prompt_tokens":5}}
                """));
    assertThat(rebuilt.anomalies()).isEmpty();
  }

  @Test
  void contentAsPartsAndAsAStringAreBothKept() {
    String thought =
        "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"%s\"}]}]}";
    Obj message =
        message(
            "{\"role\":\"assistant\",\"content\":\"\"}",
            thought.formatted("Let"),
            thought.formatted(" me"),
            "{\"content\":\"Hel\"}",
            "{\"content\":\"lo\"}",
            "{\"content\":[{\"type\":\"text\",\"text\":\"!\"},{\"type\":\"reference\",\"reference_ids\":[1]}]}");
    assertThat(message.get("content"))
        .isEqualTo(
            json(
                """
                [{"type":"thinking","thinking":[{"type":"text","text":"Let me"}]},
                 {"type":"text","text":"Hello!"},{"type":"reference","reference_ids":[1]}]
                """));
    Obj completion =
        new Obj().put("choices", new Json.Arr().add(new Obj().put("message", message)));
    assertThat(Conversation.answer(Protocol.OPENAI_CHAT, completion))
        .extracting(Part::kind, Part::text)
        .startsWith(
            org.assertj.core.groups.Tuple.tuple(Part.Kind.THINKING, "Let me"),
            org.assertj.core.groups.Tuple.tuple(Part.Kind.TEXT, "Hello!"));
    assertThat(
            message("{\"content\":\"a\"}", "{\"content\":[{\"type\":\"text\",\"text\":\"b\"}]}")
                .get("content"))
        .isEqualTo(json("[{\"type\":\"text\",\"text\":\"ab\"}]"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "error: {\"code\":503,\"message\":\"loading\",\"type\":\"unavailable_error\"}\n\n",
        "error: {\"error\":{\"code\":503,\"message\":\"loading\",\"type\":\"unavailable_error\"}}\n\n",
        "event: error\ndata: {\"code\":503,\"message\":\"loading\",\"type\":\"unavailable_error\"}\n\n"
      })
  void anErrorLineIsAnError(String line) {
    String wire = "data: " + chunk("{\"content\":\"x\"}") + "\n" + line;
    AccumulatedMessage rebuilt =
        Wire.rebuilt(Protocol.OPENAI_CHAT, wire.getBytes(UTF_8), StreamEnd.COMPLETE);
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.ERROR);
    assertThat(rebuilt.status()).isEqualTo(503);
    assertThat(rebuilt.message().get("_error"))
        .isEqualTo(json("{\"code\":503,\"message\":\"loading\",\"type\":\"unavailable_error\"}"));
  }

  @ParameterizedTest
  @MethodSource("dev.tapedeck.formats.llm.Streams#streamed")
  void anErrorLineIsAnErrorOfEveryApi(Protocol protocol) {
    String wire = "error: {\"code\":503,\"message\":\"loading\"}\n\n";
    AccumulatedMessage rebuilt = Wire.rebuilt(protocol, wire.getBytes(UTF_8), StreamEnd.COMPLETE);
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.ERROR);
    assertThat(rebuilt.status()).isEqualTo(503);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[DONE]\n"})
  void aStreamWithoutOneChunkIsNotComplete(String lines) {
    assertThat(rebuilt(lines).end()).isEqualTo(StreamEnd.UPSTREAM_EOF);
    assertThat(rebuilt("").message()).isEqualTo(new Obj());
  }

  @Test
  void withItsReasonForFinishingAMessageIsWhole() {
    String begin =
        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}},{\"index\":1,\"delta\":{\"content\":\"y\"}}]}\n";
    String one = "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n";
    String other = "{\"choices\":[{\"index\":1,\"delta\":{},\"finish_reason\":\"length\"}]}\n";
    assertThat(rebuilt(begin + one).end()).isEqualTo(StreamEnd.UPSTREAM_EOF);
    assertThat(rebuilt(begin + one + other).end()).isEqualTo(StreamEnd.COMPLETE);
    assertThat(rebuilt(begin + one + other + "[DONE]\n").end()).isEqualTo(StreamEnd.COMPLETE);
    assertThat(
            Wire.rebuilt(Protocol.OPENAI_CHAT, begin + one + other, StreamEnd.UPSTREAM_RESET).end())
        .isEqualTo(StreamEnd.UPSTREAM_RESET);
  }
}
