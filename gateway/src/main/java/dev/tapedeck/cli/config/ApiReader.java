package dev.tapedeck.cli.config;

import dev.tapedeck.api.ApiLimits;
import dev.tapedeck.api.OpenTo;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Reads how the API gateway works. */
final class ApiReader {

  private final Function<String, Path> path;

  /**
   * @param path makes a path of what the file says
   */
  ApiReader(Function<String, Path> path) {
    this.path = path;
  }

  ApiConfig read(Section section, ApiConfig defaults) {
    ApiConfig api =
        new ApiConfig(
            section.value("listen", defaults.listen(), Listen::parse),
            new UpstreamReader(path).read(section, defaults.upstreams()),
            limits(section, defaults.limits()),
            section.texts("redact", defaults.redact()),
            section.optional("session_header", null, ApiReader::headerName),
            matching(
                section,
                "allowed_hosts",
                "[A-Za-z0-9._-]{1,253}",
                "a name without port, as in tapedeck.example"),
            matching(
                section,
                "allowed_origins",
                "\\*|[a-z][a-z0-9+.-]*://[A-Za-z0-9._-]{1,253}(:\\d{1,5})?",
                "as in https://chat.example:8443, without a path, or * for any"),
            networks(section),
            BudgetReader.read(section, defaults.budgets()));
    if (api.redact().stream().anyMatch(String::isBlank)) {
      section.notes().add(section.at("redact"), "api.redact: a name is not empty");
    }
    section.finish();
    return api;
  }

  private static ApiLimits limits(Section section, ApiLimits defaults) {
    Function<String, Integer> count = ConfigReader.integer(1, ApiLimits.MOST);
    return new ApiLimits(
        section.value("connect_timeout", defaults.connectTimeout(), Units::duration),
        section.value("idle_timeout", defaults.idleTimeout(), Units::duration),
        section.value("session_idle_timeout", defaults.sessionIdleTimeout(), Units::duration),
        section.value(
            "capture_limit",
            defaults.captureLimit(),
            ConfigReader.size(ApiLimits.LEAST_CAPTURE, ApiLimits.MOST_CAPTURE)),
        section.value(
            "queue_limit",
            defaults.queueLimit(),
            ConfigReader.size(ApiLimits.LEAST_CAPTURE, ApiLimits.MOST_CAPTURE)),
        section.value(
            "resend_limit", defaults.resendLimit(), ConfigReader.size(0, ApiLimits.MOST_CAPTURE)),
        section.value("max_sessions", defaults.maxSessions(), count),
        section.value("max_sessions_per_source", defaults.maxSessionsPerSource(), count),
        section.value("max_connections", defaults.maxConnections(), count),
        section.value("max_connections_per_source", defaults.maxConnectionsPerSource(), count),
        section.value("max_exchanges", defaults.maxExchanges(), count),
        section.value("max_exchanges_per_session", defaults.maxExchangesPerSession(), count),
        section
            .value(
                "max_head",
                (long) defaults.maxHead(),
                ConfigReader.size(ApiLimits.LEAST_HEAD, ApiLimits.MOST_HEAD))
            .intValue(),
        section.value("head_timeout", defaults.headTimeout(), Units::duration),
        section.value("keep_alive_timeout", defaults.keepAliveTimeout(), Units::duration));
  }

  private static List<String> matching(
      Section section, String key, String pattern, String allowed) {
    List<String> texts = section.texts(key, List.of());
    texts.stream()
        .filter(text -> !text.matches(pattern))
        .forEach(text ->
            section
                .notes()
                .add(
                    section.at(key),
                    "api." + key + ": must be " + allowed + " (got \"" + text + "\")"));
    return texts;
  }

  private static List<String> networks(Section section) {
    return section.texts("open_to", List.of()).stream()
        .filter(text -> {
          try {
            OpenTo.check(text);
            return true;
          } catch (IllegalArgumentException e) {
            section.notes().add(section.at("open_to"), "api.open_to: " + e.getMessage());
            return false;
          }
        })
        .toList();
  }

  private static String headerName(String text) {
    if (!text.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")) {
      throw new IllegalArgumentException(
          "must be a header name such as X-Session-Id (got \"" + text + "\")");
    }
    return text;
  }
}
