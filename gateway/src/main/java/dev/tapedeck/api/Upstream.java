package dev.tapedeck.api;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A model API.
 *
 * @param name how it is called in configuration and in paths: {@code /NAME/...}
 * @param url where it is: scheme, host, perhaps a port and a path before the API's own
 * @param key what clients without a key of their own are given, or null
 * @param trusted who vouches for it, or null for the authorities that the system knows
 */
public record Upstream(
    String name, URI url, @Nullable UpstreamKey key, @Nullable TrustedCertificates trusted) {

  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /**
   * @throws IllegalArgumentException if the address has no host, or is not http or https
   */
  public Upstream {
    String scheme = url.getScheme();
    if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "upstream " + name + " is no address; allowed: https://HOST or http://HOST");
    }
  }

  /** One whose certificate is held against the authorities that the system knows. */
  public Upstream(String name, URI url, @Nullable UpstreamKey key) {
    this(name, url, key, null);
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
