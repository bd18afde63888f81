package dev.tapedeck.api;

import dev.tapedeck.event.HttpHeader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which upstream a request is for, by its path:
 *
 * <pre>
 *   [/s/TOKEN] /NAME/REST   the upstream of that name, REST being its path
 *   [/s/TOKEN] /PATH        the upstream whose API has such a path or such headers, else the first
 * </pre>
 */
final class Routes {

  /** What clients write before the path that take the gateway for a proxy (RFC 9112, 3.2.2). */
  private static final Pattern ABSOLUTE = Pattern.compile("^https?://[^/?#]*");

  private static final Pattern SESSION = Pattern.compile("/s/([^/?#]+)(.*)", Pattern.DOTALL);
  private static final Pattern NAMED =
      Pattern.compile("/([A-Za-z0-9_-]+)([/?].*|)", Pattern.DOTALL);
  private static final Pattern ANTHROPIC = Pattern.compile("/v1/(messages|complete)\\b.*|/api/.*");
  private static final Pattern OPENAI =
      Pattern.compile(
          "/v1/(chat|responses|completions|embeddings|moderations|images|audio|realtime)\\b.*");
  private static final Pattern GEMINI = Pattern.compile("/v1(alpha|beta)/.*");

  private final Map<String, Upstream> upstreams = new LinkedHashMap<>();
  private final Upstream first;

  Routes(List<Upstream> upstreams) {
    upstreams.forEach(upstream -> this.upstreams.put(upstream.name(), upstream));
    this.first = upstreams.getFirst();
  }

  /**
   * Where a request goes.
   *
   * @param token the session's, or null if the path names none
   * @param target path and query at the upstream
   */
  record Route(@Nullable String token, Upstream upstream, String target) {}

  /**
   * The route of a request.
   *
   * @param uri the request's target as it stood on the request line: path and query
   */
  Route of(String uri, List<HttpHeader> headers) {
    String token = null;
    String path = ABSOLUTE.matcher(uri).replaceFirst("");
    Matcher session = SESSION.matcher(path);
    if (session.matches()) {
      token = session.group(1);
      path = rooted(session.group(2));
    }
    Matcher named = NAMED.matcher(path);
    Upstream upstream = named.matches() ? upstreams.get(named.group(1)) : null;
    if (upstream != null) {
      path = rooted(named.group(2));
    } else {
      upstream = guess(path, headers);
    }
    return new Route(token, upstream, upstream.target(path));
  }

  private static String rooted(String rest) {
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  private Upstream guess(String path, List<HttpHeader> headers) {
    if (GEMINI.matcher(path).matches() || has(headers, h -> h.is("x-goog-api-key"))) {
      return upstreams.getOrDefault("gemini", first);
    }
    if (OPENAI.matcher(path).matches()) {
      return upstreams.getOrDefault("openai", first);
    }
    if (ANTHROPIC.matcher(path).matches()
        || has(headers, h -> h.is("anthropic-version") || h.is("x-api-key"))) {
      return upstreams.getOrDefault("anthropic", first);
    }
    // Both have /v1/models and /v1/files: OpenAI's clients come with a bearer token and nothing
    // that names Anthropic.
    boolean openai =
        path.startsWith("/v1/")
            && has(headers, h -> h.is("authorization"))
            && !has(headers, h -> h.name().regionMatches(true, 0, "anthropic-", 0, 10));
    return openai ? upstreams.getOrDefault("openai", first) : first;
  }

  private static boolean has(List<HttpHeader> headers, Predicate<HttpHeader> wanted) {
    return headers.stream().anyMatch(wanted);
  }
}
