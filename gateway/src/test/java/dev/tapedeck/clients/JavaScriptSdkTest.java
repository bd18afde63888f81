package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.Divergence;
import dev.tapedeck.formats.llm.Streams;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The official SDKs for JavaScript as clients of the gateway, and har-validator as a reader of what
 * it records. They differ from us, on purpose, in this:
 *
 * <ul>
 *   <li>they add members of their own: what they have parsed ({@code parsed_output} and the like),
 *       {@code null}s and empty lists that no server sent, and {@code null} for empty text;
 *   <li>of a completion they keep {@code obfuscation}, which we leave out, and have the first
 *       {@code logprobs} twice;
 *   <li>where the last event of a response leaves the output out, so do they: {@link
 *       Divergence#withGatheredOutput};
 *   <li>numbers are doubles there: {@link Divergence#numbersAsDoubles}.
 * </ul>
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class JavaScriptSdkTest {

  private static final int STREAMS = 12;

  private static final Set<String> ADDED =
      Set.of(
          "parsed_output",
          "output_parsed",
          "parsed",
          "parsed_arguments",
          "output_text",
          "obfuscation",
          "logprobs");

  @TempDir Path home;

  @BeforeAll
  static void install() throws Exception {
    JavaScript.install();
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

  /** Without what the SDKs add, and without what is empty, wherever it stands. */
  private static Json bare(Json value) {
    return switch (value) {
      case Obj object -> {
        Obj bare = new Obj();
        object
            .members()
            .forEach((name, each) -> {
              boolean added =
                  ADDED.contains(name)
                      || each == Json.Null.NULL
                      || each.equals(new Arr())
                      || each.equals(new Json.Str(""));
              if (!added) {
                bare.put(name, bare(each));
              }
            });
        yield bare;
      }
      case Arr array -> {
        Arr bare = new Arr();
        array.values().forEach(each -> bare.add(bare(each)));
        yield bare;
      }
      case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> value;
    };
  }

  private static void same(LiveApi api, List<Obj> answers) throws Exception {
    assertThat(answers).hasSize(STREAMS);
    List<Obj> entries = api.entries(STREAMS);
    for (int i = 0; i < STREAMS; i++) {
      Json recorded =
          Json.parse(entries.get(i).object("response").object("content").string("text"));
      Obj message = answers.get(i).object("message");
      assertThat(message).as("%s", answers.get(i)).isNotNull();
      assertThat(Divergence.numbersAsDoubles(bare(recorded)))
          .as("stream %d", i)
          .isEqualTo(
              Divergence.numbersAsDoubles(bare(Divergence.withGatheredOutput(message, recorded))));
      assertThat(entries.get(i).string("_end")).isEqualTo("complete");
    }
    assertThat(api.recorded()).doesNotContain("planted-0123456789");
    assertThat(JavaScript.text("validate.mjs", api.har().toString())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gzip", "deflate", "br"})
  void anthropicsFinalMessageIsTheRecordedOne(String coding) throws Exception {
    try (LiveApi api =
        LiveApi.start(
            home,
            inTurn(seed ->
                (_, line) -> ModelApi.stream(line, Streams.anthropic(seed), coding, seed)))) {
      same(api, JavaScript.run("anthropic.mjs", api.url(), "" + STREAMS));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "br"})
  void openAisFinalCompletionIsTheRecordedOne(String coding) throws Exception {
    try (LiveApi api =
        LiveApi.start(
            home,
            inTurn(seed -> (_, line) -> ModelApi.stream(line, Streams.chat(seed), coding, seed)))) {
      same(api, JavaScript.run("openai.mjs", api.url(), "" + STREAMS, "chat"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gzip"})
  void openAisFinalResponseIsTheRecordedOne(String coding) throws Exception {
    try (LiveApi api =
        LiveApi.start(
            home,
            inTurn(seed ->
                (_, line) -> ModelApi.stream(line, Streams.responses(seed), coding, seed)))) {
      same(api, JavaScript.run("openai.mjs", api.url(), "" + STREAMS, "responses"));
    }
  }

  @Test
  void errorsAreTheUpstreamsOwnAndTheHarIsValid() throws Exception {
    Script script =
        ModelApi.inTurn(
            (_, line) ->
                ModelApi.answer(
                    line,
                    "529 Overloaded",
                    "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Busy\"}}"),
            (_, line) ->
                ModelApi.stream(line, Streams.overloaded(Streams.anthropic(3), 3), "gzip", 3),
            (_, line) -> line.reset());
    try (LiveApi api = LiveApi.start(home, script)) {
      List<Obj> errors = JavaScript.run("anthropic.mjs", api.url(), "3");
      assertThat(errors)
          .extracting(line -> line.object("error").string("text"))
          .satisfiesExactly(
              first -> assertThat(first).contains("529", "Busy"),
              amid -> assertThat(amid).contains("Overloaded"),
              none -> assertThat(none).contains("502", "gave no valid answer"));
      assertThat(api.entries(3))
          .extracting(entry -> entry.string("_end"))
          .containsExactlyInAnyOrder("complete", "error", "upstream_reset");
      assertThat(JavaScript.text("validate.mjs", api.har().toString())).isEmpty();
    }
  }
}
