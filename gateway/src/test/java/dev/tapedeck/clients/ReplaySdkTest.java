package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.ObjectMappers;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import dev.tapedeck.cli.Run;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.Divergence;
import dev.tapedeck.formats.llm.Streams;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The official SDKs talk to {@code replay} as they talked to the API that was recorded. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ReplaySdkTest {

  private static final int STREAMS = 4;

  private static final String MESSAGE =
      """
      {"id":"msg_1","type":"message","role":"assistant","model":"claude-test-1","content":\
      [{"type":"text","text":"Sunny \u2600"},{"type":"tool_use","id":"toolu_1","name":"look",\
      "input":{"at":"Zürich","days":[1,2]}}],"stop_reason":"tool_use","stop_sequence":null,\
      "usage":{"input_tokens":12,"output_tokens":5,"cache_read_input_tokens":7}}\
      """;

  private static final String COMPLETION =
      """
      {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-test","choices":\
      [{"index":0,"message":{"role":"assistant","content":"Sunny \u2600"},"logprobs":null,\
      "finish_reason":"stop"}]}\
      """;

  private static final String RESPONSE =
      """
      {"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"gpt-test",\
      "output":[{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":\
      [{"type":"output_text","text":"Sunny \u2600","annotations":[]}]}]}\
      """;

  @TempDir Path home;

  private final List<Runnable> closing = new ArrayList<>();

  @AfterEach
  void closeClients() {
    closing.forEach(Runnable::run);
  }

  private interface Answer {
    Script of(int seed);
  }

  /** Some streams, some of them coded, and then an answer that is none. */
  private static Script inTurn(Answer answer, String whole) {
    List<Script> answers = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      answers.add(answer.of(i));
    }
    answers.add((_, line) -> ModelApi.answer(line, "200 OK", whole));
    return ModelApi.inTurn(answers.toArray(Script[]::new));
  }

  private static String coding(int seed) {
    return seed % 2 == 0 ? "gzip" : "";
  }

  /** The recording, or what {@code export --wire} makes of it. */
  private Path recording(LiveApi api, boolean wire) throws Exception {
    if (!wire) {
      return api.har();
    }
    Path file = home.resolve("wire.har");
    assertThat(Run.of(home, "export", "latest", "--wire", "-o", file.toString()).status()).isZero();
    return file;
  }

  private static Json doubles(Json value) {
    return Divergence.numbersAsDoubles(value);
  }

  private AnthropicClient anthropic(String url, String name) {
    AnthropicClient client =
        AnthropicOkHttpClient.builder()
            .baseUrl(url)
            .apiKey("sk-ant-planted-" + name)
            .putHeader("Idempotency-Key", name)
            .maxRetries(1)
            .build();
    closing.add(client::close);
    return client;
  }

  private static MessageCreateParams ask(int question) {
    return MessageCreateParams.builder()
        .model("claude-test-1")
        .maxTokens(1024)
        .addUserMessage("Question " + question)
        .build();
  }

  private static Json json(Object value) throws Exception {
    return doubles(
        Json.parse(com.anthropic.core.ObjectMappers.jsonMapper().writeValueAsString(value)));
  }

  private static Json streamed(AnthropicClient client, int question) throws Exception {
    MessageAccumulator accumulator = MessageAccumulator.create();
    try (var stream = client.messages().createStreaming(ask(question))) {
      stream.stream().forEach(accumulator::accumulate);
    }
    return json(accumulator.message());
  }

  /** An SDK's client at an address, with a key and an idempotency key of its own. */
  private interface Sdk {
    Asks at(String url, String name);
  }

  /** What one question got: the message, as JSON. */
  private interface Asks {
    Json streamed(int question) throws Exception;

    Json whole(int question) throws Exception;
  }

  /** Records streams and a whole answer, and asks the recording the same in both ways. */
  private void getsWhatWasRecorded(Sdk sdk, String prefix, Script script, boolean wire)
      throws Exception {
    List<Json> told = new ArrayList<>();
    Path har;
    try (LiveApi api = LiveApi.start(home, script)) {
      Asks asks = sdk.at(api.url(), "one");
      for (int i = 0; i < STREAMS; i++) {
        told.add(asks.streamed(i));
      }
      told.add(asks.whole(STREAMS));
      api.entries(STREAMS + 1);
      har = recording(api, wire);
    }
    try (Player player = Player.start(home, har)) {
      Asks asks = sdk.at(player.url() + prefix, "two");
      for (int i = 0; i <= STREAMS; i++) {
        assertThat(asks.streamed(i)).isEqualTo(told.get(i));
        assertThat(asks.whole(i)).isEqualTo(told.get(i));
      }
      assertThatThrownBy(() -> asks.whole(77))
          .hasMessageContaining("404")
          .hasMessageContaining("the nearest is entry 0:")
          .hasMessageContaining("Question 77")
          .hasMessageContaining("Question 0");
    }
  }

  private record AnthropicAsks(AnthropicClient client) implements Asks {

    @Override
    public Json streamed(int question) throws Exception {
      return ReplaySdkTest.streamed(client, question);
    }

    @Override
    public Json whole(int question) throws Exception {
      return json(client.messages().create(ask(question)));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anthropicsSdkGetsTheRecordedMessages(boolean wire) throws Exception {
    Answer answer =
        seed -> (_, line) -> ModelApi.stream(line, Streams.anthropic(seed), coding(seed), seed);
    getsWhatWasRecorded(
        (url, name) -> new AnthropicAsks(anthropic(url, name)),
        "/anthropic",
        inTurn(answer, MESSAGE),
        wire);
  }

  @Test
  void aRetryGetsWhatTheRetryGot() throws Exception {
    Json told;
    Path har;
    try (LiveApi api =
        LiveApi.start(
            home,
            ModelApi.inTurn(
                (_, line) -> ModelApi.answer(line, "529 Overloaded", "{}", "retry-after-ms: 10"),
                (_, line) -> ModelApi.stream(line, Streams.anthropic(5), "gzip", 5)))) {
      AnthropicClient client = anthropic(api.url(), "one");
      told = streamed(client, 1);
      api.entries(2);
      har = api.har();
    }
    try (Player player = Player.start(home, har)) {
      AnthropicClient client = anthropic(player.url(), "two");
      assertThat(streamed(client, 1)).isEqualTo(told);
    }
  }

  private OpenAIClient openAi(String url, String name) {
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .baseUrl(url + "/v1")
            .apiKey("sk-proj-planted-" + name)
            .putHeader("Idempotency-Key", name)
            .maxRetries(1)
            .build();
    closing.add(client::close);
    return client;
  }

  private static ChatCompletionCreateParams chat(int question) {
    return ChatCompletionCreateParams.builder()
        .model("gpt-test")
        .addUserMessage("Question " + question)
        .build();
  }

  private static Json openAiJson(Object value) throws Exception {
    return doubles(Json.parse(ObjectMappers.jsonMapper().writeValueAsString(value)));
  }

  private record ChatAsks(OpenAIClient client) implements Asks {

    @Override
    public Json streamed(int question) throws Exception {
      ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
      try (var stream = client.chat().completions().createStreaming(chat(question))) {
        stream.stream().forEach(accumulator::accumulate);
      }
      return Divergence.withoutInventedMembers(openAiJson(accumulator.chatCompletion()));
    }

    @Override
    public Json whole(int question) throws Exception {
      return openAiJson(client.chat().completions().create(chat(question)));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void openAisSdkGetsTheRecordedCompletions(boolean wire) throws Exception {
    Answer answer =
        seed -> (_, line) -> ModelApi.stream(line, Streams.chat(seed), coding(seed), seed);
    getsWhatWasRecorded(
        (url, name) -> new ChatAsks(openAi(url, name)), "", inTurn(answer, COMPLETION), wire);
  }

  private static ResponseCreateParams respond(int question) {
    return ResponseCreateParams.builder().model("gpt-test").input("Question " + question).build();
  }

  private record ResponseAsks(OpenAIClient client) implements Asks {

    @Override
    public Json streamed(int question) throws Exception {
      ResponseAccumulator accumulator = ResponseAccumulator.create();
      try (var stream = client.responses().createStreaming(respond(question))) {
        stream.stream().forEach(accumulator::accumulate);
      }
      return openAiJson(accumulator.response());
    }

    @Override
    public Json whole(int question) throws Exception {
      return openAiJson(client.responses().create(respond(question)));
    }
  }

  @Test
  void openAisSdkGetsTheRecordedResponses() throws Exception {
    Answer answer =
        seed -> (_, line) -> ModelApi.stream(line, Streams.responses(seed), coding(seed), seed);
    getsWhatWasRecorded(
        (url, name) -> new ResponseAsks(openAi(url, name)),
        "",
        inTurn(answer, RESPONSE),
        /* wire= */ false);
  }

  private static List<Streams.Event> events(String kind, int seed) {
    return switch (kind) {
      case "messages" -> Streams.anthropic(seed);
      case "chat" -> Streams.chat(seed);
      default -> Streams.responses(seed);
    };
  }

  /** They put the same question each time: the answers come in turn. */
  @ParameterizedTest
  @CsvSource({"anthropic.mjs, messages", "openai.mjs, chat", "openai.mjs, responses"})
  void theSdksForJavaScriptGetTheRecordedMessages(String script, String kind) throws Exception {
    JavaScript.install();
    Path har;
    List<Obj> told;
    try (LiveApi api =
        LiveApi.start(
            home,
            inTurn(
                seed -> (_, line) -> ModelApi.stream(line, events(kind, seed), "br", seed),
                MESSAGE))) {
      told = JavaScript.run(script, api.url(), "" + STREAMS, kind);
      api.entries(STREAMS);
      har = api.har();
    }
    try (Player player = Player.start(home, har)) {
      assertThat(told)
          .hasSize(STREAMS)
          .allSatisfy(line -> assertThat(line.object("message")).isNotNull());
      assertThat(JavaScript.run(script, player.url(), "" + STREAMS, kind)).isEqualTo(told);
    }
  }

  @Test
  void whatWasNotRecordedIsAnErrorForTheSdksForJavaScriptToo() throws Exception {
    JavaScript.install();
    Path har;
    try (LiveApi api =
        LiveApi.start(home, (_, line) -> ModelApi.answer(line, "200 OK", COMPLETION))) {
      new ChatAsks(openAi(api.url(), "one")).whole(1);
      api.entries(1);
      har = api.har();
    }
    try (Player player = Player.start(home, har)) {
      Obj changed = error("openai.mjs", player);
      assertThat(changed.string("text"))
          .contains("the nearest is entry 0: messages[0].content is \"Hello\"");
      Obj elsewhere = error("anthropic.mjs", player);
      assertThat(elsewhere.string("text"))
          .contains("the nearest is entry 0: the address is /v1/messages");
    }
  }

  private static Obj error(String script, Player player) throws Exception {
    Obj error = JavaScript.run(script, player.url(), "1", "chat").getFirst().object("error");
    assertThat(error.integer("status")).hasValue(404);
    return error;
  }
}
