package dev.tapedeck.session;

import dev.tapedeck.event.SessionId;
import java.time.Instant;
import java.util.Map;

/**
 * Who, whence and when: what is known of a session at its start.
 *
 * @param kind {@code ssh}, {@code api} or {@code run}
 * @param source where the client is, {@code host:port}
 * @param attributes what only this kind has, under the names that {@code session.json} uses: the
 *     client's version, the key's fingerprint, the sandbox's id, ...; never a secret
 */
public record SessionInfo(
    SessionId id,
    String kind,
    String user,
    String source,
    Instant started,
    Map<String, String> attributes) {

  public SessionInfo {
    attributes = Map.copyOf(attributes);
  }
}
