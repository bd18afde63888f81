package dev.tapedeck.api;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model API.
 *
 * @param name how it is called in configuration and in paths: {@code /NAME/...}
 * @param provider whose API it speaks
 * @param url where it is: scheme, host, perhaps a port and a path before the API's own
 * @param key what clients without a key of their own are given, or null
 * @param keyedToo requests that the key is for beside those for models
 * @param trusted who vouches for it, or null for the authorities that the system knows
 */
public record Upstream(
    String name,
    Provider provider,
    URI url,
    @Nullable UpstreamKey key,
    List<PathRule> keyedToo,
    @Nullable TrustedCertificates trusted) {

  private static final Pattern SLASHES = Pattern.compile("/{2,}");
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /**
   * @throws IllegalArgumentException if the address has no host, or is not http or https
   */
  public Upstream {
    keyedToo = List.copyOf(keyedToo);
    String scheme = url.getScheme();
    if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "upstream " + name + ": the address must be https://HOST or http://HOST");
    }
  }

  /**
   * One of the provider that its name or host tells of, whose certificate is held against the
   * authorities that the system knows.
   */
  public Upstream(String name, URI url, @Nullable UpstreamKey key) {
    this(name, url, key, null);
  }

  /** The same, whose certificate somebody else vouches for. */
  public Upstream(
      String name, URI url, @Nullable UpstreamKey key, @Nullable TrustedCertificates trusted) {
    this(name, Provider.of(name, url), url, key, List.of(), trusted);
  }

  /**
   * Whether the key goes with a request.
   *
   * @param path path and query, without the path of {@link #url}
   */
  boolean isKeyFor(String method, String path) {
    int query = path.indexOf('?');
    String plain = SLASHES.matcher(query < 0 ? path : path.substring(0, query)).replaceAll("/");
    return provider.asksModels(method, plain)
        || keyedToo.stream().anyMatch(rule -> rule.matches(method, plain));
  }

  boolean tls() {
    return "https".equals(url.getScheme());
  }

  String host() {
    String host = url.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /**
   * Whether its host is a name without a dot, as networks of containers have them: the JDK tells a
   * server only such names that have one (SNI; RFC 6066, section 3, allows both, and no addresses).
   */
  boolean singleLabel() {
    return !host().contains(".") && !host().contains(":");
  }

  int port() {
    return url.getPort() >= 0 ? url.getPort() : tls() ? HTTPS : HTTP;
  }

  /** The path and query that the upstream is asked for when a client asks for {@code path}. */
  String target(String path) {
    String base = url.getRawPath() == null ? "" : url.getRawPath();
    return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
  }

  /** Scheme, host and port: without what the address may hold of users and passwords. */
  String place() {
    return url.getScheme() + "://" + url.getHost() + ":" + port();
  }

  /** The absolute address of a target. */
  String absolute(String target) {
    return url.getScheme() + "://" + url.getRawAuthority().toLowerCase(Locale.ROOT) + target;
  }
}
