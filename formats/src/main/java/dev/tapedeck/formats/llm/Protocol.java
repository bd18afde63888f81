package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Bool;
import dev.tapedeck.formats.json.Json.Obj;
import java.util.LinkedHashMap;
import java.util.Map;

/** The APIs whose streams and messages are understood. */
public enum Protocol {
  /** Anthropic's {@code POST /v1/messages}, also as Google's Vertex serves it. */
  ANTHROPIC_MESSAGES("anthropic-messages"),
  /** OpenAI's {@code POST /v1/chat/completions} and the many that are compatible with it. */
  OPENAI_CHAT("openai-chat"),
  /** OpenAI's {@code POST /v1/responses} and {@code GET /v1/responses/ID}. */
  OPENAI_RESPONSES("openai-responses"),
  /** Google's {@code :generateContent} and {@code :streamGenerateContent}. */
  GEMINI("gemini"),
  /** OpenAI's older {@code POST /v1/completions}, which many servers still have. */
  OPENAI_COMPLETIONS("openai-completions"),
  /** OpenAI's {@code POST /v1/embeddings}. */
  OPENAI_EMBEDDINGS("openai-embeddings"),
  /** OpenAI's {@code POST /v1/images/generations}, {@code edits} and {@code variations}. */
  OPENAI_IMAGES("openai-images"),
  /** OpenAI's {@code POST /v1/moderations}. */
  OPENAI_MODERATIONS("openai-moderations"),
  /** Ollama's own {@code POST /api/chat}. */
  OLLAMA_CHAT("ollama-chat"),
  /** Ollama's {@code POST /api/generate}. */
  OLLAMA_GENERATE("ollama-generate"),
  /** Ollama's {@code POST /api/embed}, and {@code /api/embeddings}, which was before it. */
  OLLAMA_EMBED("ollama-embed"),
  /** Anything else. */
  UNKNOWN("unknown");

  /** How the paths of those end that are told by it; longer ones come first. */
  private static final Map<String, Protocol> ENDS = new LinkedHashMap<>();

  static {
    ENDS.put("/api/chat", OLLAMA_CHAT);
    ENDS.put("/api/generate", OLLAMA_GENERATE);
    ENDS.put("/api/embed", OLLAMA_EMBED);
    ENDS.put("/api/embeddings", OLLAMA_EMBED);
    ENDS.put("/completions", OPENAI_COMPLETIONS);
    ENDS.put("/embeddings", OPENAI_EMBEDDINGS);
    ENDS.put("/images/generations", OPENAI_IMAGES);
    ENDS.put("/images/edits", OPENAI_IMAGES);
    ENDS.put("/images/variations", OPENAI_IMAGES);
    ENDS.put("/moderations", OPENAI_MODERATIONS);
  }

  private final String label;

  Protocol(String label) {
    this.label = label;
  }

  /** As tables and screens show it. */
  public String label() {
    return label;
  }

  /** Whether its streams are lines of JSON, and not server-sent events. */
  public boolean isLines() {
    return this == OLLAMA_CHAT || this == OLLAMA_GENERATE;
  }

  /** Whether a request's body asks for a stream. Ollama streams unless it is told not to. */
  public boolean wantsStream(Obj request) {
    Json stream = request.get("stream");
    return new Bool(true).equals(stream) || (isLines() && !new Bool(false).equals(stream));
  }

  /**
   * The protocol of a request.
   *
   * @param path of the URL, with or without query, whatever prefix a gateway put before it
   */
  public static Protocol of(String path) {
    int query = path.indexOf('?');
    String plain = query < 0 ? path : path.substring(0, query);
    if (plain.endsWith("/")) {
      plain = plain.substring(0, plain.length() - 1);
    }
    if (plain.endsWith("/v1/messages")
        || (plain.contains("/publishers/anthropic/")
            && (plain.endsWith(":rawPredict") || plain.endsWith(":streamRawPredict")))) {
      return ANTHROPIC_MESSAGES;
    }
    if (plain.endsWith("/chat/completions")) {
      return OPENAI_CHAT;
    }
    if (plain.endsWith("/responses") || isOneResponse(plain)) {
      return OPENAI_RESPONSES;
    }
    if (plain.endsWith(":generateContent") || plain.endsWith(":streamGenerateContent")) {
      return GEMINI;
    }
    for (Map.Entry<String, Protocol> each : ENDS.entrySet()) {
      if (plain.endsWith(each.getKey())) {
        return each.getValue();
      }
    }
    return UNKNOWN;
  }

  /** {@code /responses/ID}, which is polled and resumed, and {@code /responses/ID/cancel}. */
  private static boolean isOneResponse(String plain) {
    int begin = plain.lastIndexOf("/responses/");
    if (begin < 0) {
      return false;
    }
    String id = plain.substring(begin + "/responses/".length());
    String bare = id.endsWith("/cancel") ? id.substring(0, id.indexOf('/')) : id;
    return !bare.isEmpty() && bare.indexOf('/') < 0 && !bare.equals("input_tokens");
  }
}
