package dev.tapedeck.api;

import dev.tapedeck.event.HttpHeader;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client calls its conversation. The header of the owner's choice goes before those that
 * known clients send; many proxies drop fields with an underscore, so a dash is the same.
 */
final class ConversationName {

  /** Claude Code; Codex, which at times sends only one of its two; LiteLLM. In this order. */
  private static final List<String> KNOWN =
      List.of("x-claude-code-session-id", "session-id", "conversation-id", "x-litellm-session-id");

  private ConversationName() {}

  /**
   * The name that the headers give, if they give one.
   *
   * @param chosen the owner's own header, or null
   */
  static Optional<String> of(List<HttpHeader> headers, @Nullable String chosen) {
    if (chosen != null) {
      Optional<String> name = value(headers, plain(chosen));
      if (name.isPresent()) {
        return name;
      }
    }
    return KNOWN.stream().flatMap(known -> value(headers, known).stream()).findFirst();
  }

  private static Optional<String> value(List<HttpHeader> headers, String name) {
    return headers.stream()
        .filter(header -> plain(header.name()).equals(name))
        .map(header -> header.value().strip())
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
