package dev.tapedeck.api;

import dev.tapedeck.event.HttpHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Puts an upstream's key into a request, in the place of whatever its client sent. */
final class CredentialInjector {

  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "x-api-key", "api-key", "x-goog-api-key");

  private CredentialInjector() {}

  static List<HttpHeader> put(Upstream upstream, String key, List<HttpHeader> headers) {
    List<HttpHeader> changed = new ArrayList<>(headers);
    changed.removeIf(CredentialInjector::isCredential);
    changed.add(upstream.provider().credential(key));
    return changed;
  }

  /** Whether a client has sent what only stands for the key that it counts on. */
  static boolean counted(List<HttpHeader> headers) {
    return headers.stream()
        .anyMatch(
            header -> isCredential(header) && header.value().contains(UpstreamKey.PLACEHOLDER));
  }

  private static boolean isCredential(HttpHeader header) {
    return CREDENTIALS.contains(header.name().toLowerCase(Locale.ROOT));
  }
}
