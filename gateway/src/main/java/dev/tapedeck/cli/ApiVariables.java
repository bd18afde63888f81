package dev.tapedeck.cli;

import dev.tapedeck.api.UpstreamKey;
import dev.tapedeck.cli.config.Config.Upstream;
import dev.tapedeck.sandbox.Reach;
import dev.tapedeck.sandbox.Sandbox;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionTokens;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Points the programs of a session at the API gateway, under the session's own address. */
final class ApiVariables {

  private static final Logger LOG = LoggerFactory.getLogger(ApiVariables.class);

  /** Under which variables agents and SDKs of an upstream look for a key. */
  private static final Map<String, List<String>> KEYS =
      Map.of(
          "anthropic",
          // Claude Code takes a token at once, and asks a person about a key that it finds.
          List.of("ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY"),
          "openai",
          List.of("OPENAI_API_KEY"));

  private final SandboxDoors api;
  private final SessionTokens tokens;
  private final Map<String, String> placeholders;

  /**
   * Variables for the programs of one gateway.
   *
   * @param upstreams for those with a key of the gateway's, an agent needs none of its own
   */
  ApiVariables(SandboxDoors api, SessionTokens tokens, Map<String, Upstream> upstreams) {
    this.api = api;
    this.tokens = tokens;
    this.placeholders = placeholders(upstreams, Map.of());
  }

  /**
   * What stands for the keys that the gateway adds.
   *
   * @param environment where a key is set already, that one stays
   */
  static Map<String, String> placeholders(
      Map<String, Upstream> upstreams, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>();
    KEYS.forEach((name, variables) -> {
      Upstream upstream = upstreams.get(name);
      boolean keyed = upstream != null && upstream.key() != null;
      if (keyed && variables.stream().noneMatch(environment::containsKey)) {
        all.put(variables.getFirst(), UpstreamKey.PLACEHOLDER);
      }
    });
    return all;
  }

  /** What the programs of a session in a sandbox find in their environment. */
  Map<String, String> of(Session session, Sandbox sandbox) {
    return switch (sandbox.reach(api)) {
      case Reach.At(String address) -> {
        String token = tokens.make();
        tokens.register(token, session);
        api.admit(session, sandbox);
        Map<String, String> all = new HashMap<>(placeholders);
        all.putAll(at(address, token));
        yield all;
      }
      case Reach.Nowhere(String reason) -> {
        LOG.warn(
            "Session {} has no connection to the API gateway: {}", session.info().id(), reason);
        yield Map.of();
      }
    };
  }

  /**
   * The variables under which agents and SDKs look for an API's address.
   *
   * @param address host and port
   */
  static Map<String, String> at(String address, String token) {
    String base = "http://" + address + "/s/" + token;
    return Map.of(
        "ANTHROPIC_BASE_URL",
        base,
        // OpenAI's clients add what comes after /v1.
        "OPENAI_BASE_URL",
        base + "/openai/v1");
  }
}
