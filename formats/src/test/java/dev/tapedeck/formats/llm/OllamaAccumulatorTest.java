package dev.tapedeck.formats.llm;

import static dev.tapedeck.formats.llm.Wire.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.llm.Part.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OllamaAccumulatorTest {

  private static final String CALLS =
      """
      {"model":"q","created_at":"1","message":{"role":"assistant","content":"","thinking":"Let "},"done":false}
      {"model":"q","created_at":"2","message":{"role":"assistant","content":"","thinking":"me"},"done":false}
      {"model":"q","created_at":"3","message":{"role":"assistant","content":"","tool_calls":[{"id":"c1","function":{"index":0,"name":"look","arguments":{"at":"}\\n{"}}}]},"done":false}
      {"model":"q","created_at":"4","message":{"role":"assistant","content":"","tool_calls":[{"id":"c2","function":{"index":1,"name":"run","arguments":{"n":1.50}}}]},"done":false}
      {"model":"q","created_at":"5","done":true,"done_reason":"stop","prompt_eval_count":26,"eval_count":282}
      """;

  private static AccumulatedMessage rebuilt(String wire) {
    return Wire.rebuilt(Protocol.OLLAMA_CHAT, wire.getBytes(UTF_8), StreamEnd.COMPLETE);
  }

  @Test
  void callsAndThinkingAreGathered() {
    AccumulatedMessage rebuilt = rebuilt(CALLS);
    assertThat(rebuilt.message())
        .isEqualTo(
            json(
                """
                {"model":"q","created_at":"5","done":true,"done_reason":"stop","prompt_eval_count":26,"eval_count":282,
                 "message":{"role":"assistant","content":"","thinking":"Let me","tool_calls":[
                  {"id":"c1","function":{"index":0,"name":"look","arguments":{"at":"}\\n{"}}},
                  {"id":"c2","function":{"index":1,"name":"run","arguments":{"n":1.50}}}]}}
                """));
    assertThat(rebuilt.anomalies()).isEmpty();
    assertThat(Conversation.answer(Protocol.OLLAMA_CHAT, rebuilt.message()))
        .containsExactly(
            new Part("assistant", Kind.THINKING, "Let me", null, null),
            new Part("assistant", Kind.TOOL_CALL, "{\"at\":\"}\\n{\"}", "look", "c1"),
            new Part("assistant", Kind.TOOL_CALL, "{\"n\":1.50}", "run", "c2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n", "", "\n\n \n"})
  void whatSeparatesTheLinesDoesNotMatter(String between) {
    assertThat(rebuilt("\ufeff " + CALLS.replace("}\n{\"model", "}" + between + "{\"model")))
        .isEqualTo(rebuilt(CALLS));
  }

  @Test
  void aBrokenLineCostsThatLine() {
    AccumulatedMessage rebuilt =
        rebuilt(CALLS.replace("\"thinking\":\"me\"}", "\"thinking\":\"me"));
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.COMPLETE);
    assertThat(rebuilt.message().object("message").string("thinking")).isEqualTo("Let ");
    assertThat(rebuilt.message().object("message").array("tool_calls").values()).hasSize(2);
    assertThat(rebuilt.anomalies()).containsExactly("event 2: not JSON: ignored");
  }

  @Test
  void anErrorInALineEndsTheMessageAndIsSeenAtOnce() {
    MessageStream stream = MessageStream.of(Protocol.OLLAMA_CHAT).orElseThrow();
    Wire.feed(stream, CALLS.lines().findFirst().orElseThrow() + "\n", 1);
    Wire.feed(stream, "{\"error\":\"llama runner has terminated\"}\n", 2);
    assertThat(Conversation.answer(Protocol.OLLAMA_CHAT, stream.snapshot()))
        .containsExactly(
            new Part("assistant", Kind.THINKING, "Let ", null, null),
            new Part("assistant", Kind.ERROR, "llama runner has terminated", null, null));
    AccumulatedMessage rebuilt = stream.finish(StreamEnd.COMPLETE);
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.ERROR);
    assertThat(rebuilt.status()).isEqualTo(500);
  }

  @Test
  void eventsWithTheSameObjectsAreTheSameMessage() {
    StringBuilder events = new StringBuilder();
    CALLS.lines().forEach(line -> events.append("data: ").append(line).append("\n\n"));
    assertThat(rebuilt(events.toString()).message()).isEqualTo(rebuilt(CALLS).message());
  }

  @Test
  void aRequestIsReadWithoutItsImagesBytes() {
    assertThat(
            Conversation.request(
                Protocol.OLLAMA_CHAT,
                json(
                    """
                    {"model":"q","messages":[
                      {"role":"system","content":"Be kind"},
                      {"role":"user","content":"What is it?","images":["iVBORw0KGgo","AAAA"]},
                      {"role":"assistant","content":"","tool_calls":[{"function":{"name":"look","arguments":{"at":"it"}}}]},
                      {"role":"tool","tool_name":"look","content":"a cat"}]}
                    """)))
        .containsExactly(
            new Part("system", Kind.SYSTEM, "Be kind", null, null),
            new Part("user", Kind.TEXT, "What is it?", null, null),
            new Part("user", Kind.IMAGE, "image/png", null, null),
            new Part("user", Kind.IMAGE, "image", null, null),
            new Part("assistant", Kind.TOOL_CALL, "{\"at\":\"it\"}", "look", null),
            new Part("tool", Kind.TOOL_RESULT, "a cat", "look", null));
    assertThat(
            Conversation.request(
                Protocol.OLLAMA_GENERATE,
                json("{\"system\":\"Be kind\",\"prompt\":\"Why?\",\"images\":[\"/9j/4AAQ\"]}")))
        .containsExactly(
            new Part("system", Kind.SYSTEM, "Be kind", null, null),
            new Part("user", Kind.TEXT, "Why?", null, null),
            new Part("user", Kind.IMAGE, "image/jpeg", null, null));
    assertThat(
            Conversation.answer(
                Protocol.OLLAMA_GENERATE, json("{\"thinking\":\"Hm\",\"response\":\"So\"}")))
        .containsExactly(
            new Part("assistant", Kind.THINKING, "Hm", null, null),
            new Part("assistant", Kind.TEXT, "So", null, null));
  }
}
