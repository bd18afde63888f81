package dev.tapedeck.api;

import dev.tapedeck.event.HttpHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Puts an upstream's key into a request, in the place of whatever its client sent. */
final class Keys {

  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "x-api-key", "api-key", "x-goog-api-key");

  /** How Anthropic's OAuth tokens begin: they are no API keys and go into another field. */
  private static final String ANTHROPIC_OAUTH = "sk-ant-oat";

  private Keys() {}

  static List<HttpHeader> put(Upstream upstream, String key, List<HttpHeader> headers) {
    List<HttpHeader> changed = new ArrayList<>(headers);
    changed.removeIf(header -> CREDENTIALS.contains(header.name().toLowerCase(Locale.ROOT)));
    boolean azure = upstream.name().equals("azure") || upstream.host().endsWith(".azure.com");
    boolean anthropic = upstream.name().equals("anthropic");
    if (upstream.name().equals("gemini")) {
      changed.add(new HttpHeader("x-goog-api-key", key));
    } else if (anthropic && !key.startsWith(ANTHROPIC_OAUTH)) {
      changed.add(new HttpHeader("x-api-key", key));
    } else if (azure) {
      changed.add(new HttpHeader("api-key", key));
    } else {
      changed.add(new HttpHeader("authorization", "Bearer " + key));
    }
    return changed;
  }
}
