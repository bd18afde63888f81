package dev.tapedeck.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to log in; never with the password.
 *
 * @param source the client's {@code host:port}
 * @param method {@code password} or {@code publickey}
 * @param fingerprint of the key that was offered, as {@code SHA256:...}; null for a password
 * @param clientVersion what the client calls itself, or null if it did not say yet
 * @param session the session that it led to; null where it led to none
 */
public record LoginAttempt(
    Instant time,
    String source,
    String user,
    String method,
    Outcome outcome,
    @Nullable String fingerprint,
    @Nullable String clientVersion,
    @Nullable SessionId session) {

  /** How it ended. The lower-case names are what scripts see. */
  public enum Outcome {
    ACCEPTED,
    REFUSED,
    /** Let in although the proof was wrong. */
    HONEYPOT
  }
}
