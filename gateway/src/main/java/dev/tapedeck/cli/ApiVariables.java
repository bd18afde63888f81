package dev.tapedeck.cli;

import dev.tapedeck.sandbox.Reach;
import dev.tapedeck.sandbox.Sandbox;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionTokens;
import java.net.InetSocketAddress;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Points the programs of a session at the API gateway, under the session's own address. */
final class ApiVariables {

  private static final Logger LOG = LoggerFactory.getLogger(ApiVariables.class);

  private final InetSocketAddress api;
  private final SessionTokens tokens;

  ApiVariables(InetSocketAddress api, SessionTokens tokens) {
    this.api = api;
    this.tokens = tokens;
  }

  /** What the programs of a session in a sandbox find in their environment. */
  Map<String, String> of(Session session, Sandbox sandbox) {
    return switch (sandbox.reach(api)) {
      case Reach.At(String address) -> {
        String token = tokens.make();
        tokens.register(token, session);
        yield at(address, token);
      }
      case Reach.Nowhere(String reason) -> {
        LOG.warn("session {} does not reach the API gateway: {}", session.info().id(), reason);
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
