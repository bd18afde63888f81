package dev.tapedeck.api.replay;

import dev.tapedeck.event.HttpHeader;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Whose client asks: several APIs have the same paths, such as {@code /v1/models}. */
enum Vendor {
  ANTHROPIC,
  OPENAI,
  GEMINI,
  UNKNOWN;

  /** By what their clients send. */
  static Vendor of(List<HttpHeader> headers) {
    if (has(headers, header -> begins(header, "anthropic-") || header.is("x-api-key"))) {
      return ANTHROPIC;
    }
    if (has(headers, header -> begins(header, "x-goog-"))) {
      return GEMINI;
    }
    return has(headers, header -> header.is("authorization") || begins(header, "openai-"))
        ? OPENAI
        : UNKNOWN;
  }

  private static boolean begins(HttpHeader header, String prefix) {
    return header.name().toLowerCase(Locale.ROOT).startsWith(prefix);
  }

  private static boolean has(List<HttpHeader> headers, Predicate<HttpHeader> wanted) {
    return headers.stream().anyMatch(wanted);
  }
}
