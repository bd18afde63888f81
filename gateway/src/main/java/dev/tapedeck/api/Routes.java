package dev.tapedeck.api;

import dev.tapedeck.event.HttpHeader;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which upstream a request is for. A key that is sent to another vendor is given away, so nothing
 * is guessed:
 *
 * <pre>
 *   [/s/TOKEN] /NAME/REST   the upstream of that name, REST being its path
 *   [/s/TOKEN] /PATH        the upstream whose API alone has such a path, whatever the headers say;
 *                           where several have it or none is known to, the one that the headers
 *                           name, if they name one and no other; else it is refused
 * </pre>
 */
final class Routes {

  private static final Pattern SESSION = Pattern.compile("/+s/([^/?]+)(.*)", Pattern.DOTALL);
  private static final Pattern NAMED =
      Pattern.compile("/+([A-Za-z0-9_-]+)([/?].*|)", Pattern.DOTALL);
  private static final Pattern SLASHES = Pattern.compile("/{2,}");

  /** Paths that one API has and no other, without the query. */
  private static final Map<String, Pattern> OWN = new LinkedHashMap<>();

  static {
    OWN.put(
        "anthropic",
        whole(
            "/v1/(messages|complete|oauth|organizations)(/.*)?"
                + "|/api/(hello|(claude[_-]|oauth/|event_logging|organizations?/|web/domain).*)"));
    OWN.put("gemini", whole("(/upload|/download)?/v1(alpha|beta)/.*|/v1/models/[^/]+:[A-Za-z]+"));
    // With and without /v1, which clients take for a part of the base address.
    OWN.put(
        "openai",
        whole(
            "(/v1)?/(chat/completions|responses|completions|embeddings|moderations|images|audio"
                + "|realtime)(/.*)?"
                + "|/v1/(chat|assistants|batches|chatkit|containers|conversations|edits|engines"
                + "|evals|fine_tuning|fine-tunes|organization|threads|uploads|vector_stores"
                + "|videos)(/.*)?"));
    OWN.put("chatgpt", whole("/backend-api/.*"));
    OWN.put(
        "ollama",
        whole(
            "/api/(chat|generate|tags|show|ps|version|embed|embeddings|pull|push|create|copy|delete"
                + "|blobs/.*)"));
  }

  /**
   * Azure's paths begin with the word by which OpenAI's upstream is called. What they name, a
   * deployment or a version in the query, OpenAI has not.
   */
  private static final Pattern AZURE =
      whole("/+openai/(deployments/.*|[^?]*\\?(.*&)?api-version=.*)");

  /** Paths of several APIs, where also a credential tells which is meant. */
  private static final Pattern SHARED = whole("(/v1)?/(models|files|skills)(/.*)?");

  /** Whatever of a field's name tells of a credential in it. */
  private static final Pattern CREDENTIAL =
      Pattern.compile(".*(auth|key|token|secret|credential|cookie|jwt|password).*");

  private static final Pattern GOOGLE_KEY = Pattern.compile("[^?]*\\?(.*&)?key=.*", Pattern.DOTALL);

  private final Map<String, Upstream> upstreams = new LinkedHashMap<>();

  Routes(List<Upstream> upstreams) {
    upstreams.forEach(upstream -> this.upstreams.put(upstream.name(), upstream));
  }

  private static Pattern whole(String path) {
    return Pattern.compile(path, Pattern.DOTALL);
  }

  /**
   * Where a request goes.
   *
   * @param token the session's, or null if the path names none
   * @param upstream the gateway itself if the request is refused
   * @param path path and query without those of the upstream's address
   * @param target path and query at the upstream
   * @param api whose errors the client understands
   * @param keyed whether it is of a session that is given the owner's keys
   * @param refusal why it goes nowhere, or null
   */
  record Route(
      @Nullable String token,
      Upstream upstream,
      String path,
      String target,
      Provider api,
      boolean keyed,
      @Nullable Refusal refusal) {

    /** The same of a session that is given the owner's keys. */
    Route withKeys() {
      return new Route(token, upstream, path, target, api, true, refusal);
    }

    /** The key that the gateway adds; null for what is of no session, or not for models. */
    @Nullable UpstreamKey key(String method) {
      return keyed && upstream.isKeyFor(method, path) ? upstream.key() : null;
    }

    /**
     * Why the request goes nowhere, or null: also where it counts on a key that it is not given.
     */
    @Nullable Refusal refusal(String method, List<HttpHeader> headers) {
      boolean keyless = keyed && upstream.key() != null && key(method) == null;
      return refusal == null && keyless && CredentialInjector.counted(headers)
          ? Refusal.noKeyForThis(upstream, method)
          : refusal;
    }

    private static Route to(@Nullable String token, Upstream upstream, String path) {
      return new Route(
          token, upstream, path, upstream.target(path), upstream.provider(), false, null);
    }
  }

  /**
   * The route of a request.
   *
   * @param target path and query as they stood on the request line
   * @param self the gateway itself
   */
  Route of(String target, List<HttpHeader> headers, Supplier<Upstream> self) {
    String token = null;
    String path = target;
    Matcher session = SESSION.matcher(path);
    if (session.matches()) {
      token = session.group(1);
      path = rooted(session.group(2));
    }
    boolean azure = AZURE.matcher(path).matches();
    Matcher named = NAMED.matcher(path);
    Upstream upstream = named.matches() && !azure ? upstreams.get(named.group(1)) : null;
    if (upstream != null) {
      return Route.to(token, upstream, rooted(named.group(2)));
    }
    Set<String> meant = azure ? Set.of("azure") : meant(path, headers);
    String name = meant.size() == 1 ? meant.iterator().next() : null;
    upstream = name == null ? null : upstreams.get(name);
    if (upstream != null) {
      return Route.to(token, upstream, path);
    }
    return name == null
        ? new Route(token, self.get(), path, path, Provider.OTHER, false, Refusal.undecided())
        : new Route(
            token,
            self.get(),
            path,
            path,
            Provider.of(name).orElse(Provider.OTHER),
            false,
            Refusal.noUpstream(name));
  }

  private static String rooted(String rest) {
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  /** The names of the APIs that it may be for. */
  private static Set<String> meant(String target, List<HttpHeader> headers) {
    int query = target.indexOf('?');
    String path = SLASHES.matcher(query < 0 ? target : target.substring(0, query)).replaceAll("/");
    for (Map.Entry<String, Pattern> own : OWN.entrySet()) {
      if (own.getValue().matcher(path).matches()) {
        return Set.of(own.getKey());
      }
    }
    Set<String> meant = named(headers);
    boolean shared = SHARED.matcher(path).matches();
    if (!shared) {
      return meant;
    }
    if (GOOGLE_KEY.matcher(target).matches()) {
      meant.add("gemini");
    }
    if (has(headers, "x-api-key")) {
      meant.add("anthropic");
    }
    // A bearer is of OpenAI's kind where nothing else is named: all others send one now and then.
    if (meant.isEmpty() && has(headers, "authorization")) {
      meant.add("openai");
    }
    // Without a key nothing is given away: the vendor says what it misses.
    if (meant.isEmpty() && headers.stream().noneMatch(Routes::isCredential)) {
      meant.add("anthropic");
    }
    return meant;
  }

  /** Those that header fields of their own name. */
  private static Set<String> named(List<HttpHeader> headers) {
    Set<String> names = new LinkedHashSet<>();
    for (HttpHeader header : headers) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (name.startsWith("anthropic-")) {
        names.add("anthropic");
      } else if (name.startsWith("x-goog-")) {
        names.add("gemini");
      } else if (name.startsWith("openai-")) {
        names.add("openai");
      }
    }
    return names;
  }

  private static boolean isCredential(HttpHeader header) {
    return CREDENTIAL.matcher(header.name().toLowerCase(Locale.ROOT)).matches();
  }

  private static boolean has(List<HttpHeader> headers, String name) {
    return headers.stream().anyMatch(header -> header.is(name));
  }
}
