package dev.tapedeck.formats.llm;

import static dev.tapedeck.formats.llm.Wire.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.openai.core.ObjectMappers;
import com.openai.models.completions.Completion;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.images.ImagesResponse;
import com.openai.models.moderations.ModerationCreateResponse;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.llm.Part.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What OpenAI has beside chats; its official SDK reads the same answers as a second opinion. */
class PromptPartsTest {

  private static final JsonMapper MAPPER = ObjectMappers.jsonMapper();
  private static final int SEEDS = 100;

  private static Part said(Kind kind, String text) {
    return new Part("assistant", kind, text, null, null);
  }

  private static Part asked(String text) {
    return new Part("user", Kind.TEXT, text, null, null);
  }

  @Test
  void theSdkSeesTheSameCompletion() throws JsonProcessingException {
    for (int seed = 0; seed < SEEDS; seed++) {
      List<Streams.Event> events = Streams.of(Protocol.OPENAI_COMPLETIONS, seed);
      StringBuilder first = new StringBuilder();
      for (Streams.Event each : events) {
        if (!each.data().equals("[DONE]")) {
          MAPPER.readValue(each.data(), Completion.class).choices().stream()
              .filter(choice -> choice.index() == 0)
              .forEach(choice -> first.append(choice.text()));
        }
      }
      Json.Obj message =
          Wire.rebuilt(Protocol.OPENAI_COMPLETIONS, Streams.wire(events), StreamEnd.COMPLETE)
              .message();
      Completion whole = MAPPER.readValue(message.text(), Completion.class).validate();
      assertThat(whole.choices().getFirst().text()).as("seed %d", seed).isEqualTo(first.toString());
      assertThat(whole.choices().getFirst().finishReason()).hasToString("stop");
      LlmCall call = LlmCall.of("/v1/completions", null, message);
      assertThat(call.usage().output()).isEqualTo(whole.usage().orElseThrow().completionTokens());
      assertThat(call.answerId()).isEqualTo(whole.id());
      assertThat(Conversation.answer(Protocol.OPENAI_COMPLETIONS, message).getFirst())
          .isEqualTo(said(Kind.TEXT, first.toString()));
    }
    assertThat(
            Conversation.request(
                Protocol.OPENAI_COMPLETIONS,
                json("{\"prompt\":[\"One\",\"Two\",[1,2]],\"suffix\":\"End\"}")))
        .containsExactly(asked("One"), asked("Two"), asked("End"));
  }

  @Test
  void ofEmbeddingsTheInputIsToldAndHowManyVectors() throws JsonProcessingException {
    Json answer =
        json(
            """
            {"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,1]},{"object":"embedding","index":1,"embedding":[0.5,1]}],
             "model":"text-embedding-3-small","usage":{"prompt_tokens":8,"total_tokens":8}}
            """);
    CreateEmbeddingResponse sdk =
        MAPPER.readValue(answer.text(), CreateEmbeddingResponse.class).validate();
    LlmCall call = LlmCall.of("/v1/embeddings", null, answer);
    assertThat(call.model()).isEqualTo(sdk.model());
    assertThat(call.usage()).isEqualTo(new Usage(sdk.usage().promptTokens(), null, null, null));
    assertThat(Conversation.answer(Protocol.OPENAI_EMBEDDINGS, answer))
        .containsExactly(new Part("assistant", Kind.OTHER, "2 vectors", "embedding", null));
    assertThat(
            Conversation.request(
                Protocol.OPENAI_EMBEDDINGS, json("{\"input\":[\"cats\",\"dogs\"]}")))
        .containsExactly(asked("cats"), asked("dogs"));
    assertThat(Conversation.request(Protocol.OLLAMA_EMBED, json("{\"prompt\":\"cats\"}")))
        .containsExactly(asked("cats"));
    assertThat(Conversation.answer(Protocol.OLLAMA_EMBED, json("{\"embeddings\":[[1],[2]]}")))
        .containsExactly(new Part("assistant", Kind.OTHER, "2 vectors", "embedding", null));
    assertThat(Conversation.answer(Protocol.OLLAMA_EMBED, json("{\"embedding\":[1]}")))
        .containsExactly(new Part("assistant", Kind.OTHER, "1 vector", "embedding", null));
  }

  @Test
  void ofImagesTheirBytesAreNotSaid() throws JsonProcessingException {
    Json answer =
        json(
            """
            {"created":1,"data":[{"b64_json":"iVBORw0KGgoAAAA"},{"url":"https://i.example/1.png","revised_prompt":"A grey cat"}],
             "usage":{"total_tokens":100,"input_tokens":50,"output_tokens":50,"input_tokens_details":{"text_tokens":10,"image_tokens":40}}}
            """);
    ImagesResponse sdk = MAPPER.readValue(answer.text(), ImagesResponse.class).validate();
    ImagesResponse.Usage usage = sdk.usage().orElseThrow();
    assertThat(LlmCall.of("/v1/images/generations", null, answer).usage())
        .isEqualTo(new Usage(usage.inputTokens(), usage.outputTokens(), null, null));
    assertThat(Conversation.answer(Protocol.OPENAI_IMAGES, answer))
        .containsExactly(
            said(Kind.IMAGE, "image/png"),
            said(Kind.TEXT, "A grey cat"),
            said(Kind.IMAGE, "https://i.example/1.png"));
    assertThat(Conversation.request(Protocol.OPENAI_IMAGES, json("{\"prompt\":\"A cat\"}")))
        .containsExactly(asked("A cat"));
  }

  @Test
  void ofModerationsTheVerdictIsSaid() throws JsonProcessingException {
    Json answer =
        json(
            """
            {"id":"modr-1","model":"omni-moderation-latest","results":[
              {"flagged":true,"categories":{"violence":true,"hate":true,"sexual":false}},{"flagged":false,"categories":{}}]}
            """);
    ModerationCreateResponse sdk = MAPPER.readValue(answer.text(), ModerationCreateResponse.class);
    LlmCall call = LlmCall.of("/v1/moderations", null, answer);
    assertThat(call.model()).isEqualTo(sdk.model());
    assertThat(call.answerId()).isEqualTo(sdk.id());
    assertThat(sdk.results().getFirst().flagged()).isTrue();
    assertThat(Conversation.answer(Protocol.OPENAI_MODERATIONS, answer))
        .containsExactly(
            new Part("assistant", Kind.OTHER, "flagged: violence, hate", "moderation", null),
            new Part("assistant", Kind.OTHER, "not flagged", "moderation", null));
    assertThat(
            Conversation.request(
                Protocol.OPENAI_MODERATIONS,
                json(
                    """
                    {"input":[{"type":"text","text":"Hm"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}}]}
                    """)))
        .containsExactly(asked("Hm"), new Part("user", Kind.IMAGE, "image/png;base64", null, null));
  }
}
