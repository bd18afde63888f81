package dev.tapedeck.formats.llm;

import static dev.tapedeck.formats.llm.Wire.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlmCallTest {

  @ParameterizedTest
  @CsvSource({
    "/v1/messages, ANTHROPIC_MESSAGES",
    "/v1/messages?beta=true, ANTHROPIC_MESSAGES",
    "/anthropic/v1/messages/, ANTHROPIC_MESSAGES",
    "/s/tok/anthropic/v1/messages, ANTHROPIC_MESSAGES",
    "/v1/projects/p/locations/l/publishers/anthropic/models/c:streamRawPredict, ANTHROPIC_MESSAGES",
    "/v1/messages/count_tokens, UNKNOWN",
    "/v1/messages/batches, UNKNOWN",
    "/v1/threads/t/messages, UNKNOWN",
    "/v1/chat/completions, OPENAI_CHAT",
    "/openai/deployments/d/chat/completions?api-version=1, OPENAI_CHAT",
    "/v1/responses, OPENAI_RESPONSES",
    "/s/tok/openai/v1/responses, OPENAI_RESPONSES",
    "/v1/responses/resp_1, OPENAI_RESPONSES",
    "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse, GEMINI",
    "/v1beta/models/gemini-2.5-pro:generateContent, GEMINI",
    "/v1/completions, OPENAI_COMPLETIONS",
    "/openai/deployments/d/completions?api-version=1, OPENAI_COMPLETIONS",
    "/v1/embeddings, OPENAI_EMBEDDINGS",
    "/v1/images/generations, OPENAI_IMAGES",
    "/v1/images/edits, OPENAI_IMAGES",
    "/v1/moderations, OPENAI_MODERATIONS",
    "/api/chat, OLLAMA_CHAT",
    "/s/tok/ollama/api/generate, OLLAMA_GENERATE",
    "/api/embed, OLLAMA_EMBED",
    "/api/embeddings, OLLAMA_EMBED",
    "/api/chat/completions, OPENAI_CHAT",
    "/api/tags, UNKNOWN",
    "/v1/audio/speech, UNKNOWN",
    "/api/hello, UNKNOWN",
    "/, UNKNOWN",
    "'', UNKNOWN"
  })
  void theProtocolIsInThePath(String path, Protocol protocol) {
    assertThat(Protocol.of(path)).isEqualTo(protocol);
  }

  @Test
  void anthropicCountsTheCacheApart() {
    LlmCall call =
        LlmCall.of(
            "/v1/messages",
            json("{\"model\":\"claude\",\"stream\":true}"),
            json(
                """
                {"id":"m","model":"claude-1","stop_reason":"end_turn","usage":{"input_tokens":3,
                 "cache_creation_input_tokens":20,"cache_read_input_tokens":100,"output_tokens":7}}
                """));
    assertThat(call)
        .isEqualTo(
            new LlmCall(
                Protocol.ANTHROPIC_MESSAGES,
                "claude-1",
                true,
                new Usage(3L, 7L, 100L, 20L),
                "end_turn",
                "m"));
    assertThat(call.usage().totalInput()).isEqualTo(123);
  }

  @Test
  void openAiCountsTheCacheAsInput() {
    LlmCall chat =
        LlmCall.of(
            "/v1/chat/completions",
            json("{\"model\":\"g\"}"),
            json(
                """
                {"id":"c","choices":[{"finish_reason":"length"}],"usage":{"prompt_tokens":100,
                 "completion_tokens":7,"prompt_tokens_details":{"cached_tokens":64}}}
                """));
    assertThat(chat)
        .isEqualTo(
            new LlmCall(
                Protocol.OPENAI_CHAT, "g", false, new Usage(36L, 7L, 64L, null), "length", "c"));
    assertThat(chat.usage().totalInput()).isEqualTo(100);
    LlmCall responses =
        LlmCall.of(
            "/v1/responses",
            null,
            json(
                """
                {"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"usage":{"input_tokens":100,
                 "output_tokens":7,"input_tokens_details":{"cached_tokens":10,"cache_write_tokens":5}}}
                """));
    assertThat(responses.usage()).isEqualTo(new Usage(85L, 7L, 10L, 5L));
    assertThat(responses.stopReason()).isEqualTo("max_output_tokens");
    assertThat(responses.model()).isNull();
  }

  @Test
  void geminiNamesTheModelInThePathAndThinkingIsOutput() {
    LlmCall call =
        LlmCall.of(
            "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse",
            json("{}"),
            json(
                """
                {"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":10,
                 "cachedContentTokenCount":4,"candidatesTokenCount":5,"thoughtsTokenCount":2}}
                """));
    assertThat(call)
        .isEqualTo(
            new LlmCall(
                Protocol.GEMINI,
                "gemini-2.5-pro",
                true,
                new Usage(6L, 7L, 4L, null),
                "STOP",
                null));
  }

  @Test
  void whatIsNotToldIsNull() {
    LlmCall call =
        LlmCall.of("/v1/messages", json("[1]"), json("{\"usage\":{\"output_tokens\":1}}"));
    assertThat(call.usage()).isEqualTo(new Usage(null, 1L, null, null));
    assertThat(call.usage().totalInput()).isNull();
    assertThat(call.usage().json()).isEqualTo(json("{\"output\":1}"));
    assertThat(call.model()).isNull();
    assertThat(LlmCall.of("/v1/messages", null, null).usage()).isNull();
    assertThat(LlmCall.of("/v1/messages", null, json("{\"usage\":\"x\"}")).usage()).isNull();
  }

  @Test
  void ofWhatIsUnknownOnlyTheModelIsRead() {
    assertThat(LlmCall.of("/v1/audio/speech", json("{\"model\":\"e\"}"), json("{\"usage\":{}}")))
        .isEqualTo(new LlmCall(Protocol.UNKNOWN, "e", false, null, null, null));
  }

  @Test
  void ollamaStreamsUnlessItIsToldNotTo() {
    assertThat(LlmCall.of("/api/chat", json("{}"), null).streamed()).isTrue();
    assertThat(LlmCall.of("/api/chat", json("{\"stream\":true}"), null).streamed()).isTrue();
    assertThat(LlmCall.of("/api/chat", json("{\"stream\":false}"), null).streamed()).isFalse();
    assertThat(LlmCall.of("/v1/completions", json("{}"), null).streamed()).isFalse();
    assertThat(LlmCall.of("/api/embed", json("{}"), null).streamed()).isFalse();
  }

  @Test
  void factsOfAStreamAreThoseOfItsMessage() {
    AccumulatedMessage rebuilt =
        Wire.rebuilt(
            Protocol.ANTHROPIC_MESSAGES, Streams.wire(Streams.anthropic(1)), StreamEnd.COMPLETE);
    LlmCall call = LlmCall.of("/v1/messages", null, rebuilt.message());
    assertThat(call.usage().input()).isPositive();
    assertThat(call.usage().output()).isGreaterThanOrEqualTo(20);
    assertThat(call.model()).isEqualTo("claude-sonnet-4-5-20250929");
  }
}
