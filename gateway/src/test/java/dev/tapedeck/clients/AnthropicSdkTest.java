package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.ObjectMappers;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.Divergence;
import dev.tapedeck.formats.llm.Streams;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Anthropic's own SDK for Java as a client of the gateway: it notices nothing, and the message that
 * it puts together is the one that is recorded. What differs on purpose is {@link Divergence}'s.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AnthropicSdkTest {

  private static final String KEY = "sk-ant-planted-0123456789";
  private static final int STREAMS = 12;

  @TempDir Path home;

  private final List<AnthropicClient> clients = new ArrayList<>();

  private AnthropicClient client(LiveApi api, int retries) {
    AnthropicClient client =
        AnthropicOkHttpClient.builder().baseUrl(api.url()).apiKey(KEY).maxRetries(retries).build();
    clients.add(client);
    return client;
  }

  @AfterEach
  void closeClients() {
    clients.forEach(AnthropicClient::close);
  }

  private static MessageCreateParams ask() {
    return MessageCreateParams.builder()
        .model("claude-test-1")
        .maxTokens(1024)
        .system("Be brief.")
        .addUserMessage("What is the weather in Zürich?")
        .build();
  }

  private static Json json(Object value) throws Exception {
    return Divergence.numbersAsDoubles(
        Json.parse(ObjectMappers.jsonMapper().writeValueAsString(value)));
  }

  static Json recorded(Obj entry) throws Exception {
    return Divergence.numbersAsDoubles(
        Json.parse(entry.object("response").object("content").string("text")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gzip"})
  void streamsAreTheSameMessageForTheSdkAndInTheRecording(String coding) throws Exception {
    Script[] answers = new Script[STREAMS];
    for (int i = 0; i < STREAMS; i++) {
      int seed = i;
      answers[i] = (_, line) -> ModelApi.stream(line, Streams.anthropic(seed), coding, seed);
    }
    try (LiveApi api = LiveApi.start(home, ModelApi.inTurn(answers))) {
      AnthropicClient client = client(api, 0);
      for (int i = 0; i < STREAMS; i++) {
        MessageAccumulator accumulator = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> stream =
            client.messages().createStreaming(ask())) {
          stream.stream().forEach(accumulator::accumulate);
        }
        Obj entry = api.entries(i + 1).get(i);
        assertThat(recorded(entry)).as("stream %d", i).isEqualTo(json(accumulator.message()));
        assertThat(entry.string("_end")).isEqualTo("complete");
        assertThat(entry.string("_model")).isEqualTo(accumulator.message().model().asString());
        assertThat(entry.object("request").object("postData").string("text"))
            .contains("Zürich")
            .doesNotContain("\"stream\":true");
      }
      assertThat(api.recorded()).doesNotContain(KEY);
    }
  }

  @Test
  void aWholeAnswerIsTheSameMessage() throws Exception {
    String body =
        """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude-test-1","content":\
        [{"type":"text","text":"Sunny \u2600"}],"stop_reason":"end_turn","stop_sequence":null,\
        "usage":{"input_tokens":12,"output_tokens":5,"cache_read_input_tokens":7}}\
        """;
    try (LiveApi api = LiveApi.start(home, (_, line) -> ModelApi.answer(line, "200 OK", body))) {
      AnthropicClient client = client(api, 0);
      Message message = client.messages().create(ask());
      Obj entry = api.entries(1).getFirst();
      assertThat(entry.object("response").object("content").string("text")).isEqualTo(body);
      assertThat(recorded(entry)).isEqualTo(json(message));
      assertThat(entry.object("_usage").text())
          .isEqualTo("{\"input\":12,\"output\":5,\"cache_read\":7}");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, Bad Request, invalid_request_error",
    "401, Unauthorized, authentication_error",
    "403, Forbidden, permission_error",
    "404, Not Found, not_found_error",
    "413, Payload Too Large, request_too_large",
    "429, Too Many Requests, rate_limit_error",
    "500, Internal Server Error, api_error",
    "529, Overloaded, overloaded_error"
  })
  void errorsReachTheSdkAsTheyAre(int status, String reason, String type) throws Exception {
    String body =
        "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"as it is\"},\"request_id\":\"r\"}"
            .formatted(type);
    try (LiveApi api =
        LiveApi.start(
            home, (_, line) -> ModelApi.answer(line, status + " " + reason, body, "x-a: b"))) {
      AnthropicClient client = client(api, 0);
      assertThatThrownBy(() -> client.messages().create(ask()))
          .isInstanceOfSatisfying(
              AnthropicServiceException.class,
              error -> {
                assertThat(error.statusCode()).isEqualTo(status);
                assertThat(error.getMessage()).contains("as it is");
                assertThat(error.headers().values("x-a")).containsExactly("b");
              });
      Obj response = api.entries(1).getFirst().object("response");
      assertThat(response.integer("status")).hasValue(status);
      assertThat(response.string("statusText")).isEqualTo(reason);
      assertThat(response.object("content").string("text")).isEqualTo(body);
    }
  }

  @Test
  void aRetryIsAnExchangeOfItsOwnWithTheSameBody() throws Exception {
    String overloaded = "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}";
    try (LiveApi api =
        LiveApi.start(
            home,
            ModelApi.inTurn(
                // On a new connection: on a kept one the gateway itself would ask once more.
                (_, line) -> line.reset(),
                (_, line) ->
                    ModelApi.answer(line, "529 Overloaded", overloaded, "retry-after-ms: 10"),
                (_, line) -> ModelApi.stream(line, Streams.anthropic(5), "", 5)))) {
      AnthropicClient client = client(api, 3);
      MessageAccumulator accumulator = MessageAccumulator.create();
      try (StreamResponse<RawMessageStreamEvent> stream =
          client.messages().createStreaming(ask())) {
        stream.stream().forEach(accumulator::accumulate);
      }
      List<Obj> entries = api.entries(3);
      assertThat(entries)
          .extracting(entry -> entry.object("response").integer("status").orElseThrow())
          .containsExactly(502L, 529L, 200L);
      // The last one was streamed, and is shown as if it had not been.
      assertThat(entries)
          .extracting(entry -> entry.object("_wire").object("request").string("sha256"))
          .containsOnly(entries.getFirst().object("_wire").object("request").string("sha256"));
      assertThat(recorded(entries.getLast())).isEqualTo(json(accumulator.message()));
    }
  }

  @Test
  void anErrorAmidAStreamIsOneForTheSdkAndInTheRecording() throws Exception {
    List<Streams.Event> events = Streams.overloaded(Streams.anthropic(3), 3);
    try (LiveApi api = LiveApi.start(home, (_, line) -> ModelApi.stream(line, events, "gzip", 3))) {
      AnthropicClient client = client(api, 0);
      assertThatThrownBy(
              () -> {
                try (StreamResponse<RawMessageStreamEvent> stream =
                    client.messages().createStreaming(ask())) {
                  stream.stream().forEach(_ -> {});
                }
              })
          .isInstanceOf(AnthropicException.class)
          .hasMessageContaining("Overloaded");
      Obj entry = api.entries(1).getFirst();
      assertThat(entry.string("_end")).isEqualTo("error");
      assertThat(entry.integer("_status")).hasValue(529);
      assertThat(entry.object("response").integer("status")).hasValue(200);
    }
  }

  @Test
  void aStreamThatBreaksOffIsAnErrorForTheSdkAndKeptAsFarAsItCame() throws Exception {
    List<Streams.Event> events = Streams.cut(Streams.anthropic(4), 4);
    Script script =
        (_, line) -> {
          ModelApi.head(line, "");
          line.chunk(Streams.wire(events));
          line.close();
        };
    try (LiveApi api = LiveApi.start(home, script)) {
      AnthropicClient client = client(api, 0);
      assertThatThrownBy(
              () -> {
                try (StreamResponse<RawMessageStreamEvent> stream =
                    client.messages().createStreaming(ask())) {
                  stream.stream().forEach(_ -> {});
                }
              })
          .isInstanceOf(RuntimeException.class);
      Obj entry = api.entries(1).getFirst();
      assertThat(entry.string("_end")).isEqualTo("upstream_eof");
      assertThat(entry.object("_wire").object("response").integer("bytes"))
          .hasValue(Streams.wire(events).length);
    }
  }

  @Test
  void aStreamThatTheSdkClosesIsAClientAbort() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    List<Streams.Event> events = Streams.anthropic(6);
    Script script =
        (_, line) -> {
          ModelApi.head(line, "");
          line.chunk(Streams.wire(events.subList(0, 1)));
          closed.await();
          // The gateway hangs up when its client has.
          assertThat(line.in().read()).isNegative();
          line.close();
        };
    try (LiveApi api = LiveApi.start(home, script)) {
      AnthropicClient client = client(api, 0);
      try (StreamResponse<RawMessageStreamEvent> stream =
          client.messages().createStreaming(ask())) {
        assertThat(stream.stream().findFirst()).isPresent();
      }
      closed.countDown();
      Obj entry = api.entries(1).getFirst();
      assertThat(entry.string("_end")).isEqualTo("client_abort");
      assertThat(((Obj) recorded(entry)).string("role")).isEqualTo("assistant");
    }
  }

  @Test
  void anUpstreamThatIsNotThereIsAnErrorInTheApisShape() throws Exception {
    try (LiveApi api = LiveApi.start(home, (_, line) -> line.close())) {
      AnthropicClient client = client(api, 0);
      api.upstream().close();
      assertThatThrownBy(() -> client.messages().create(ask()))
          .isInstanceOfSatisfying(
              AnthropicServiceException.class,
              error -> {
                assertThat(error.statusCode()).isEqualTo(502);
                assertThat(error.getMessage()).contains("tapedeck cannot reach anthropic");
              });
      assertThat(api.entries(1).getFirst().string("_end")).isEqualTo("error");
    }
  }
}
