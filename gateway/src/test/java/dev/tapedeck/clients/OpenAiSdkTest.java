package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.ObjectMappers;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIServiceException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.Divergence;
import dev.tapedeck.formats.llm.Streams;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * OpenAI's own SDK for Java as a client of the gateway: chat completions and responses. What
 * differs on purpose is {@link Divergence}'s.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class OpenAiSdkTest {

  private static final String KEY = "sk-proj-planted-0123456789";
  private static final int STREAMS = 12;

  @TempDir Path home;

  private static OpenAIClient client(LiveApi api) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(api.url() + "/v1")
        .apiKey(KEY)
        .maxRetries(0)
        .build();
  }

  private static Json json(Object value) throws Exception {
    return Json.parse(ObjectMappers.jsonMapper().writeValueAsString(value));
  }

  private static Json recorded(Obj entry) throws Exception {
    return Json.parse(entry.object("response").object("content").string("text"));
  }

  private interface Answer {
    Script of(int seed);
  }

  private static Script inTurn(Answer answer) {
    Script[] answers = new Script[STREAMS];
    for (int i = 0; i < STREAMS; i++) {
      answers[i] = answer.of(i);
    }
    return ModelApi.inTurn(answers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gzip"})
  void chatCompletionsAreTheSame(String coding) throws Exception {
    ChatCompletionCreateParams ask =
        ChatCompletionCreateParams.builder().model("gpt-test").addUserMessage("Hello").build();
    try (LiveApi api =
        LiveApi.start(
            home,
            inTurn(seed -> (_, line) -> ModelApi.stream(line, Streams.chat(seed), coding, seed)))) {
      OpenAIClient client = client(api);
      for (int i = 0; i < STREAMS; i++) {
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream =
            client.chat().completions().createStreaming(ask)) {
          stream.stream().forEach(accumulator::accumulate);
        }
        Obj entry = api.entries(i + 1).get(i);
        assertThat(recorded(entry))
            .as("stream %d", i)
            .isEqualTo(Divergence.withoutInventedMembers(json(accumulator.chatCompletion())));
        assertThat(entry.string("_end")).isEqualTo("complete");
        assertThat(entry.string("_protocol")).contains("chat");
      }
      assertThat(api.recorded()).doesNotContain(KEY);
      client.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gzip"})
  void responsesAreTheSame(String coding) throws Exception {
    ResponseCreateParams ask =
        ResponseCreateParams.builder().model("gpt-test").input("Hello").build();
    try (LiveApi api =
        LiveApi.start(
            home,
            inTurn(seed ->
                (_, line) -> ModelApi.stream(line, Streams.responses(seed), coding, seed)))) {
      OpenAIClient client = client(api);
      for (int i = 0; i < STREAMS; i++) {
        ResponseAccumulator accumulator = ResponseAccumulator.createWithSnapshots();
        Json[] gathered = {new Obj()};
        try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(ask)) {
          for (ResponseStreamEvent event :
              (Iterable<ResponseStreamEvent>) stream.stream()::iterator) {
            Response before = accumulator.snapshot().orElse(null);
            gathered[0] = before == null ? gathered[0] : doubles(json(before));
            accumulator.accumulate(event);
          }
        }
        Json response = doubles(json(accumulator.response()));
        Obj entry = api.entries(i + 1).get(i);
        assertThat(doubles(recorded(entry)))
            .as("stream %d", i)
            .isEqualTo(Divergence.withGatheredOutput(response, gathered[0]));
        assertThat(entry.string("_end")).isEqualTo("complete");
      }
      client.close();
    }
  }

  private static Json doubles(Json value) {
    return Divergence.numbersAsDoubles(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"400 Bad Request", "401 Unauthorized", "429 Too Many", "503 Unavailable"})
  void errorsReachTheSdkAsTheyAre(String status) throws Exception {
    String body =
        "{\"error\":{\"message\":\"as it is\",\"type\":\"t\",\"param\":null,\"code\":\"c\"}}";
    ChatCompletionCreateParams ask =
        ChatCompletionCreateParams.builder().model("gpt-test").addUserMessage("Hello").build();
    try (LiveApi api = LiveApi.start(home, (_, line) -> ModelApi.answer(line, status, body))) {
      OpenAIClient client = client(api);
      assertThatThrownBy(() -> client.chat().completions().create(ask))
          .isInstanceOfSatisfying(
              OpenAIServiceException.class,
              error -> {
                assertThat(error.statusCode()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
                assertThat(error.getMessage()).contains("as it is");
              });
      Obj response = api.entries(1).getFirst().object("response");
      assertThat(response.object("content").string("text")).isEqualTo(body);
      client.close();
    }
  }
}
