package dev.tapedeck.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tokens by which programs of a session name it to the API gateway. Safe for use by many
 * threads.
 *
 * <p>A token is a credential: whoever has it speaks for the session. Only its SHA-256 is kept, so
 * that looking one up takes no time that depends on the others.
 */
public final class SessionTokens {

  /** So many random bits are in a token. */
  public static final int BITS = 160;

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  /** A new token, in hex, for nothing yet. */
  public String make() {
    byte[] bits = new byte[BITS / Byte.SIZE];
    random.nextBytes(bits);
    return HexFormat.of().formatHex(bits);
  }

  /** From now until the session's end, {@code token} names it. */
  public void register(String token, Session session) {
    String key = digest(token);
    sessions.put(key, session);
    if (!session.beforeEnd(() -> sessions.remove(key))) {
      sessions.remove(key);
    }
  }

  /** The session that a token names. */
  public Optional<Session> find(String token) {
    return Optional.ofNullable(sessions.get(digest(token)));
  }

  private static String digest(String token) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
