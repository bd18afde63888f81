package dev.tapedeck.formats.llm;

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
  /** Anything else. */
  UNKNOWN("unknown");

  private final String label;

  Protocol(String label) {
    this.label = label;
  }

  /** As tables and screens show it. */
  public String label() {
    return label;
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
    return plain.endsWith(":generateContent") || plain.endsWith(":streamGenerateContent")
        ? GEMINI
        : UNKNOWN;
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
