package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one call, for tables and screens.
 *
 * @param model the model that answered, else the one that was asked; null if neither is told
 * @param streamed whether a stream was asked for
 * @param usage the tokens; null if the answer does not tell
 * @param stopReason why the model stopped, in the API's own word; null if not told
 * @param answerId the answer's id; null if it has none
 */
public record LlmCall(
    Protocol protocol,
    @Nullable String model,
    boolean streamed,
    @Nullable Usage usage,
    @Nullable String stopReason,
    @Nullable String answerId) {

  /**
   * Reads a call.
   *
   * @param path of the URL, with or without query
   * @param request the request's body; null if it is none or no JSON
   * @param answer the whole answer, as it came or rebuilt from a stream; null if there is none
   */
  public static LlmCall of(String path, @Nullable Json request, @Nullable Json answer) {
    return of(path, request, answer, new Obj());
  }

  /**
   * As {@link #of(String, Json, Json)}, of a stream.
   *
   * @param keptUsage see {@link AccumulatedMessage#keptUsage}
   */
  public static LlmCall of(
      String path, @Nullable Json request, @Nullable Json answer, Obj keptUsage) {
    Protocol protocol = Protocol.of(path);
    Obj asked = request instanceof Obj object ? object : new Obj();
    Obj told = answer instanceof Obj object ? object : new Obj();
    return new LlmCall(
        protocol,
        model(protocol, path, asked, told),
        protocol.wantsStream(asked) || isStream(path),
        Usage.of(protocol, told, keptUsage),
        stopReason(protocol, told),
        told.string(protocol == Protocol.GEMINI ? "responseId" : "id"));
  }

  /** Some requests name their streams in their addresses. */
  private static boolean isStream(String path) {
    int query = path.indexOf('?');
    return path.contains(":stream")
        || (query >= 0 && ("&" + path.substring(query + 1) + "&").contains("&stream=true&"));
  }

  private static @Nullable String model(Protocol protocol, String path, Obj asked, Obj told) {
    String answered = told.string(protocol == Protocol.GEMINI ? "modelVersion" : "model");
    if (answered != null && !answered.isEmpty()) {
      return answered;
    }
    String wanted = asked.string("model");
    return wanted != null ? wanted : modelInPath(path);
  }

  /** Google names the model in the path: {@code .../models/NAME:streamGenerateContent}. */
  private static @Nullable String modelInPath(String path) {
    int begin = path.lastIndexOf("/models/");
    int end = begin < 0 ? -1 : path.indexOf(':', begin);
    return end < 0 ? null : path.substring(begin + "/models/".length(), end);
  }

  private static @Nullable String stopReason(Protocol protocol, Obj told) {
    return switch (protocol) {
      case ANTHROPIC_MESSAGES -> told.string("stop_reason");
      case OPENAI_CHAT, OPENAI_COMPLETIONS -> ofFirst(told.array("choices"), "finish_reason");
      case OPENAI_RESPONSES -> {
        Obj details = told.object("incomplete_details");
        String reason = details == null ? null : details.string("reason");
        yield reason == null ? told.string("status") : reason;
      }
      case GEMINI -> ofFirst(told.array("candidates"), "finishReason");
      case OLLAMA_CHAT, OLLAMA_GENERATE -> told.string("done_reason");
      case OPENAI_EMBEDDINGS, OPENAI_IMAGES, OPENAI_MODERATIONS, OLLAMA_EMBED, UNKNOWN -> null;
    };
  }

  private static @Nullable String ofFirst(@Nullable Arr array, String name) {
    return array instanceof Arr(List<Json> values)
            && !values.isEmpty()
            && values.getFirst() instanceof Obj first
        ? first.string(name)
        : null;
  }
}
