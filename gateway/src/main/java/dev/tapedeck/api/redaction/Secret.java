package dev.tapedeck.api.redaction;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What stands in a secret's place. */
final class Secret {

  /** So many hexadecimal digits of the SHA-256 are shown. */
  private static final int SHOWN = 12;

  private static final String BEGIN = "[redacted sha256:";

  private Secret() {}

  static String mark(String secret) {
    return mark(secret.getBytes(StandardCharsets.UTF_8));
  }

  static String mark(byte[] secret) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret);
      return BEGIN + HexFormat.of().formatHex(digest).substring(0, SHOWN) + "]";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static boolean isMark(String text) {
    return text.startsWith(BEGIN);
  }
}
