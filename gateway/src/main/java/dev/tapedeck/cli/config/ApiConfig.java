package dev.tapedeck.cli.config;

import dev.tapedeck.api.ApiLimits;
import dev.tapedeck.api.Budgets;
import dev.tapedeck.cli.config.Config.Upstream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The API gateway.
 *
 * @param upstreams model APIs by name; those that every configuration has are among them
 * @param limits how much it takes upon itself
 * @param redact names of credentials beside those that are known
 * @param sessionHeader the header by which clients name their session, or null
 * @param allowedHosts names by which clients may reach it
 * @param allowedOrigins sites whose pages may use it
 * @param openTo networks whose clients need no session's token, beside this machine
 * @param budgets how much sessions and users may use
 */
public record ApiConfig(
    Listen listen,
    Map<String, Upstream> upstreams,
    ApiLimits limits,
    List<String> redact,
    @Nullable String sessionHeader,
    List<String> allowedHosts,
    List<String> allowedOrigins,
    List<String> openTo,
    Budgets budgets) {

  /** What clients ask for without saying where it is. */
  static final Map<String, Upstream> KNOWN =
      Map.of(
          "anthropic", new Upstream("https://api.anthropic.com", null, null),
          "openai", new Upstream("https://api.openai.com", null, null),
          "gemini", new Upstream("https://generativelanguage.googleapis.com", null, null));

  static final ApiConfig DEFAULT =
      new ApiConfig(
          new Listen.At("127.0.0.1", 3344),
          KNOWN,
          ApiLimits.DEFAULT,
          List.of(),
          null,
          List.of(),
          List.of(),
          List.of(),
          Budgets.NONE);

  public ApiConfig {
    upstreams = Map.copyOf(upstreams);
    redact = List.copyOf(redact);
    allowedHosts = List.copyOf(allowedHosts);
    allowedOrigins = List.copyOf(allowedOrigins);
    openTo = List.copyOf(openTo);
  }

  /** The same at another address, with other upstreams. */
  ApiConfig with(Listen otherListen, Map<String, Upstream> otherUpstreams) {
    return new ApiConfig(
        otherListen,
        otherUpstreams,
        limits,
        redact,
        sessionHeader,
        allowedHosts,
        allowedOrigins,
        openTo,
        budgets);
  }
}
