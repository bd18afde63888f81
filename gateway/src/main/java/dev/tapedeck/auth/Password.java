package dev.tapedeck.auth;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * Passwords as bcrypt keeps them, in the notation of OpenBSD that {@code htpasswd -B} writes:
 * {@code $2b$10$...}.
 *
 * <p>A hash made here costs some 60 ms to make and to check: do neither on a thread that carries
 * other people's bytes.
 */
public final class Password {

  /** bcrypt's own limit: what lies past it would silently not count. */
  public static final int MAX_BYTES = 72;

  /** Two to the power of this many rounds. */
  private static final int COST = 10;

  private static final int SALT_BYTES = 16;

  /** Where the cost stands in a hash: {@code $2b$10$}. */
  private static final int COST_BEGIN = 4;

  private static final int COST_END = 6;

  /** Letters and digits that nobody takes for one another. */
  private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

  /** 20 of 32 letters: 100 bits. */
  private static final int GENERATED_LENGTH = 20;

  private static final SecureRandom RANDOM = new SecureRandom();

  private Password() {}

  /**
   * The hash of a password.
   *
   * @throws IllegalArgumentException if it is empty or longer than {@link #MAX_BYTES} in UTF-8
   */
  public static String hash(String password) {
    int length = password.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a password has 1 to " + MAX_BYTES + " bytes, not " + length);
    }
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return OpenBSDBCrypt.generate("2b", password.toCharArray(), salt, COST);
  }

  /** Whether the password is the one that was hashed; compares in constant time. */
  public static boolean matches(String password, String hash) {
    int length = password.getBytes(StandardCharsets.UTF_8).length;
    return length <= MAX_BYTES && OpenBSDBCrypt.checkPassword(hash, password.toCharArray());
  }

  /** To the power of which two is how many rounds a hash takes. */
  static int cost(String hash) {
    return Integer.parseInt(hash, COST_BEGIN, COST_END, 10);
  }

  /** A hash of the same salt and digits that takes as long as one of that cost; of no password. */
  static String atCost(String hash, int cost) {
    return hash.substring(0, COST_BEGIN) + "%02d".formatted(cost) + hash.substring(COST_END);
  }

  /** Whether {@link #matches} can read this hash. */
  public static boolean isHash(String text) {
    return text.matches("\\$2[aby]\\$(0[4-9]|[12]\\d|3[01])\\$[./A-Za-z0-9]{53}");
  }

  /** A new password of 100 random bits, in groups that can be typed. */
  public static String generate() {
    StringBuilder password = new StringBuilder();
    for (int i = 0; i < GENERATED_LENGTH; i++) {
      if (i > 0 && i % 5 == 0) {
        password.append('-');
      }
      password.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return password.toString();
  }
}
