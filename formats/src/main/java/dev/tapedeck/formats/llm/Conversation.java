package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was said, in any API's notation: for search, and for screens. Takes whatever comes: what it
 * does not understand is a part of kind {@link Part.Kind#OTHER}, or no part.
 */
public final class Conversation {

  private Conversation() {}

  /** What a request's body says, oldest first; nothing for {@link Protocol#UNKNOWN}. */
  public static List<Part> request(Protocol protocol, @Nullable Json body) {
    Parts parts = new Parts();
    if (body instanceof Obj request) {
      switch (protocol) {
        case ANTHROPIC_MESSAGES -> AnthropicParts.request(request, parts);
        case OPENAI_CHAT -> ChatParts.request(request, parts);
        case OPENAI_RESPONSES -> ResponsesParts.request(request, parts);
        case GEMINI -> GeminiParts.request(request, parts);
        case OLLAMA_CHAT, OLLAMA_GENERATE -> OllamaParts.request(request, parts);
        case OPENAI_COMPLETIONS,
            OPENAI_EMBEDDINGS,
            OPENAI_IMAGES,
            OPENAI_MODERATIONS,
            OLLAMA_EMBED ->
            PromptParts.request(request, parts);
        case UNKNOWN -> {}
      }
    }
    return parts.all();
  }

  /**
   * What an answer says.
   *
   * @param message a whole answer, an error, or {@link MessageAccumulator#snapshot what there is so
   *     far}
   */
  public static List<Part> answer(Protocol protocol, @Nullable Json message) {
    Parts parts = new Parts();
    if (message instanceof Obj answer) {
      switch (protocol) {
        case ANTHROPIC_MESSAGES -> AnthropicParts.answer(answer, parts);
        case OPENAI_CHAT -> ChatParts.answer(answer, parts);
        case OPENAI_RESPONSES -> ResponsesParts.answer(answer, parts);
        case GEMINI -> GeminiParts.answer(answer, parts);
        case OLLAMA_CHAT, OLLAMA_GENERATE -> OllamaParts.answer(answer, parts);
        case OPENAI_COMPLETIONS -> PromptParts.completion(answer, parts);
        case OPENAI_EMBEDDINGS, OLLAMA_EMBED -> PromptParts.embeddings(answer, parts);
        case OPENAI_IMAGES -> PromptParts.images(answer, parts);
        case OPENAI_MODERATIONS -> PromptParts.moderation(answer, parts);
        case UNKNOWN -> {}
      }
      parts.error(answer);
    }
    return parts.all();
  }
}
