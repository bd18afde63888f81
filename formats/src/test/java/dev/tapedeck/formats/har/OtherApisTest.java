package dev.tapedeck.formats.har;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.har.HarExchange.Answer;
import dev.tapedeck.formats.har.HarExchange.Times;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.StreamEnd;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries of Ollama's own API and of what OpenAI's has beside chats and responses. */
class OtherApisTest {

  private static final String CHAT = "http://127.0.0.1:11434/api/chat";
  private static final String STREAM =
      """
      {"model":"q","created_at":"2026-01-01T00:00:00.1Z","message":{"role":"assistant","content":"","thinking":"Hm"},"done":false}
      {"model":"q","created_at":"2026-01-01T00:00:00.2Z","message":{"role":"assistant","content":"It "},"done":false}
      {"model":"q","created_at":"2026-01-01T00:00:00.3Z","message":{"role":"assistant","content":"rains"},"done":false}
      {"model":"q","created_at":"2026-01-01T00:00:00.4Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":9,"prompt_eval_count":26,"eval_count":282}
      """;
  private static final String WHOLE =
      "{\"model\":\"q\",\"created_at\":\"2026-01-01T00:00:00.4Z\",\"message\":{\"role\":\"assistant\","
          + "\"content\":\"It rains\",\"thinking\":\"Hm\"},\"done\":true,\"done_reason\":\"stop\","
          + "\"total_duration\":9,\"prompt_eval_count\":26,\"eval_count\":282}";

  private static Obj entry(String url, String asked, String body, String type) {
    return HarEntry.of(
        new HarExchange(
            1,
            Instant.EPOCH,
            "u",
            "POST",
            url,
            "HTTP/1.1",
            List.of(new HarField("content-type", "application/json")),
            HarBody.of(asked.getBytes(UTF_8)),
            new Answer(
                200,
                "OK",
                "HTTP/1.1",
                List.of(new HarField("content-type", type)),
                HarBody.of(body.getBytes(UTF_8))),
            new Times(-1, 1, 1, 1, 1),
            StreamEnd.COMPLETE,
            null));
  }

  private static String text(Obj entry) {
    Obj response = entry.object("response");
    Obj content = response == null ? null : response.object("content");
    return content == null ? "" : String.valueOf(content.string("text"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/x-ndjson", "application/json", "text/plain", "text/event-stream"})
  void linesOfOllamasAreItsMessageWhateverTheirLabel(String type) throws Exception {
    Obj entry = entry(CHAT, "{\"model\":\"q\"}", STREAM, type);
    assertThat(Json.parse(text(entry))).isEqualTo(Json.parse(WHOLE));
    assertThat(entry.string("_protocol")).isEqualTo("ollama-chat");
    assertThat(entry.string("_model")).isEqualTo("q");
    assertThat(entry.string("_stop_reason")).isEqualTo("stop");
    assertThat(entry.string("_end")).isEqualTo("complete");
    assertThat(entry.object("_usage")).isEqualTo(new Obj().put("input", 26).put("output", 282));
    assertThat(HarWire.responseBody(entry).bytes()).isEqualTo(STREAM.getBytes(UTF_8));
  }

  @Test
  void ollamasAnswerInOneObjectStaysAsItCame() {
    String spaced = WHOLE.replace(",\"done\"", ", \"done\"") + "\n";
    Obj entry = entry(CHAT, "{\"stream\":false}", spaced, "application/json");
    assertThat(text(entry)).isEqualTo(spaced);
    assertThat(entry.string("_stop_reason")).isEqualTo("stop");
    assertThat(entry.object("_usage")).isEqualTo(new Obj().put("input", 26).put("output", 282));
  }

  @Test
  void linesThatBreakOffAreNotComplete() {
    int third = STREAM.indexOf("00.3Z");
    Obj cut = entry(CHAT, "{}", STREAM.substring(0, third), "application/x-ndjson");
    assertThat(cut.string("_end")).isEqualTo("upstream_eof");
    assertThat(text(cut)).contains("\"It \"", "Hm");
    String first = STREAM.substring(0, STREAM.indexOf('\n'));
    assertThat(entry(CHAT, "{}", first, "").string("_end")).isEqualTo("upstream_eof");
    Obj failed = entry(CHAT, "{}", first + "\n{\"error\":\"out of memory\"}\n", "text/plain");
    assertThat(failed.string("_end")).isEqualTo("error");
    assertThat(failed.integer("_status")).hasValue(500);
    assertThat(text(failed)).contains("\"_error\":\"out of memory\"");
  }

  @Test
  void aCompletionIsGeneratedInLinesToo() {
    Obj entry =
        entry(
            "http://127.0.0.1:11434/api/generate",
            "{\"model\":\"q\",\"prompt\":\"Why?\"}",
            """
            {"model":"q","created_at":"1","response":"Be","done":false}
            {"model":"q","created_at":"2","response":"cause","done":false}
            {"model":"q","created_at":"3","response":"","done":true,"done_reason":"length","context":[1,2,3],"prompt_eval_count":5,"eval_count":7}
            """,
            "application/x-ndjson");
    assertThat(text(entry)).contains("\"response\":\"Because\"", "\"context\":[1,2,3]");
    assertThat(entry.string("_protocol")).isEqualTo("ollama-generate");
    assertThat(entry.string("_stop_reason")).isEqualTo("length");
    assertThat(entry.object("_usage")).isEqualTo(new Obj().put("input", 5).put("output", 7));
  }

  @Test
  void aLegacyCompletionIsRebuilt() {
    Obj entry =
        entry(
            "https://api.openai.com/v1/completions",
            "{\"model\":\"g\",\"prompt\":\"Say\",\"stream\":true}",
            """
            data: {"id":"cmpl-1","object":"text_completion","created":1,"choices":[{"text":"O","index":0,"logprobs":null,"finish_reason":null}],"model":"g-1"}

            data: {"id":"cmpl-1","object":"text_completion","created":1,"choices":[{"text":"K","index":0,"logprobs":null,"finish_reason":"stop"}],"model":"g-1"}

            data: {"id":"cmpl-1","object":"text_completion","created":1,"choices":[],"model":"g-1","usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}

            data: [DONE]

            """,
            "text/event-stream");
    assertThat(text(entry))
        .contains("\"object\":\"text_completion\"", "\"text\":\"OK\"", "\"logprobs\":null");
    assertThat(entry.string("_protocol")).isEqualTo("openai-completions");
    assertThat(entry.string("_model")).isEqualTo("g-1");
    assertThat(entry.string("_stop_reason")).isEqualTo("stop");
    assertThat(entry.string("_end")).isEqualTo("complete");
    assertThat(entry.object("_usage")).isEqualTo(new Obj().put("input", 3).put("output", 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://a/v1/embeddings | {\"model\":\"e\",\"input\":\"x\"} | {\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.5,1]}],\"model\":\"e-3\",\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}} | openai-embeddings | e-3 | {\"input\":8}",
        "http://a/api/embed | {\"model\":\"e\",\"input\":\"x\"} | {\"model\":\"e\",\"embeddings\":[[0.5,1]],\"prompt_eval_count\":8} | ollama-embed | e | {\"input\":8}",
        "http://a/api/embeddings | {\"model\":\"e\",\"prompt\":\"x\"} | {\"embedding\":[0.5,1]} | ollama-embed | e | null",
        "https://a/v1/images/generations | {\"model\":\"i\",\"prompt\":\"A cat\"} | {\"created\":1,\"data\":[{\"b64_json\":\"iVBO\"}],\"usage\":{\"total_tokens\":100,\"input_tokens\":50,\"output_tokens\":50,\"input_tokens_details\":{\"text_tokens\":10,\"image_tokens\":40}}} | openai-images | i | {\"input\":50,\"output\":50}",
        "https://a/v1/moderations | {\"input\":\"x\"} | {\"id\":\"modr-1\",\"model\":\"m\",\"results\":[{\"flagged\":true,\"categories\":{\"violence\":true}}]} | openai-moderations | m | null",
      })
  void whatHasNoMessageHasItsModelAndUsageToo(
      String url, String asked, String answer, String protocol, String model, String usage) {
    Obj entry = entry(url, asked, answer, "application/json");
    assertThat(text(entry)).isEqualTo(answer);
    assertThat(entry.string("_protocol")).isEqualTo(protocol);
    assertThat(entry.string("_model")).isEqualTo(model);
    assertThat(entry.string("_end")).isEqualTo("complete");
    Obj told = entry.object("_usage");
    assertThat(told == null ? "null" : told.text()).isEqualTo(usage);
  }

  @Test
  void aStreamOfImagesIsTheLastOfThem() {
    Obj entry =
        entry(
            "https://a/v1/images/generations",
            "{\"model\":\"i\",\"prompt\":\"A cat\",\"stream\":true,\"partial_images\":1}",
            """
            event: image_generation.partial_image
            data: {"type":"image_generation.partial_image","b64_json":"iVB0","partial_image_index":0,"created_at":5,"size":"auto"}

            event: image_generation.completed
            data: {"type":"image_generation.completed","b64_json":"iVB1","created_at":5,"size":"1024x1024","output_format":"png","usage":{"input_tokens":9,"output_tokens":4}}

            """,
            "text/event-stream");
    assertThat(text(entry)).contains("\"data\":[{\"b64_json\":\"iVB1\"}]").doesNotContain("iVB0");
    assertThat(entry.string("_end")).isEqualTo("complete");
    assertThat(entry.object("_usage")).isEqualTo(new Obj().put("input", 9).put("output", 4));
  }
}
