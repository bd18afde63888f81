package dev.tapedeck.api;

import dev.tapedeck.event.HttpHeader;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whose API an upstream speaks: in which field its key goes, which requests are for its models, and
 * how it writes errors.
 *
 * <p>The requests are those that answer from a model, and those that list models. What an account
 * keeps (files, batches, vector stores, keys, members) is not among them: whoever holds a session's
 * address would see and change what belongs to others.
 */
public enum Provider {
  ANTHROPIC("POST /v1/messages(/count_tokens)?", "POST /v1/complete", "GET /v1/models(/SEGMENT)?"),
  OPENAI(
      "POST (/v1)?/(chat/completions|completions|embeddings|moderations)",
      "POST (/v1)?/responses(/compact|/input_tokens|/SEGMENT/cancel)?",
      "GET (/v1)?/responses/SEGMENT(/input_items)?",
      "POST (/v1)?/images/(generations|edits|variations)",
      "POST (/v1)?/audio/(speech|transcriptions|translations)",
      "GET (/v1)?/models(/SEGMENT)?"),
  GEMINI(
      "POST /v1(alpha|beta)?/models/[\\w.-]+:(generateContent|streamGenerateContent|countTokens"
          + "|embedContent|batchEmbedContents|predict|generateAnswer)",
      "POST /v1(alpha|beta)?/openai/(chat/completions|embeddings|images/generations)",
      "GET /v1(alpha|beta)?/(openai/)?models(/[\\w.-]+)?"),
  AZURE(
      "POST /openai/deployments/SEGMENT/(chat/completions|completions|embeddings"
          + "|images/(generations|edits)|audio/(speech|transcriptions|translations))",
      "POST /openai(/v1)?/(chat/completions|completions|embeddings|responses(/SEGMENT/cancel)?)",
      "GET /openai(/v1)?/(responses/SEGMENT(/input_items)?|models(/SEGMENT)?)"),
  OLLAMA(
      "POST /api/(chat|generate|embed|embeddings|show)",
      "GET /api/(tags|ps|version)",
      "POST /v1/(chat/completions|completions|embeddings|messages|responses)",
      "GET /v1/models(/SEGMENT)?"),

  /** An API of any kind, or one that speaks another's: OpenAI's or Anthropic's. */
  OTHER(
      "POST (/api)?(/openai|/anthropic)?(/v\\d\\w*)?/(chat/completions|completions|embeddings"
          + "|moderations|responses|rerank|messages|messages/count_tokens)",
      "GET (/api)?(/openai|/anthropic)?(/v\\d\\w*)?/models(/SEGMENT){0,2}");

  /** How Anthropic's OAuth tokens begin: they are no API keys and go into another field. */
  private static final String ANTHROPIC_OAUTH = "sk-ant-oat";

  @SuppressWarnings("ImmutableEnumChecker") // as made by toList(), and never changed
  private final List<Pattern> models;

  /**
   * @param models method and path, in which SEGMENT stands for one part of it: nothing is escaped
   *     there that a server could take for a slash
   */
  Provider(String... models) {
    this.models =
        Arrays.stream(models)
            .map(line -> Pattern.compile(line.replace("SEGMENT", "[\\w.~@+:-]+")))
            .toList();
  }

  /** How it is called in a configuration. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All words, for people. */
  public static String words() {
    return Arrays.stream(values()).map(Provider::word).collect(Collectors.joining(", "));
  }

  /** The one of that word. */
  public static Optional<Provider> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }

  /** Which one an upstream is if nobody says: by its name, or else by its host. */
  public static Provider of(String name, URI url) {
    String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
    return of(name)
        .orElseGet(() -> {
          if (host.equals("api.anthropic.com")) {
            return ANTHROPIC;
          }
          if (host.equals("api.openai.com")) {
            return OPENAI;
          }
          if (host.equals("generativelanguage.googleapis.com")) {
            return GEMINI;
          }
          return host.endsWith(".azure.com") ? AZURE : OTHER;
        });
  }

  /**
   * Whether a request is for its models.
   *
   * @param path without a query, and with single slashes
   */
  boolean asksModels(String method, String path) {
    String line = method + " " + path;
    return models.stream().anyMatch(each -> each.matcher(line).matches());
  }

  /** The header field that a key goes into. */
  HttpHeader credential(String key) {
    return switch (this) {
      case GEMINI -> new HttpHeader("x-goog-api-key", key);
      case AZURE -> new HttpHeader("api-key", key);
      case ANTHROPIC ->
          key.startsWith(ANTHROPIC_OAUTH) ? bearer(key) : new HttpHeader("x-api-key", key);
      case OPENAI, OLLAMA, OTHER -> bearer(key);
    };
  }

  private static HttpHeader bearer(String key) {
    return new HttpHeader("authorization", "Bearer " + key);
  }
}
