package dev.tapedeck.api.redaction;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** What stands in a secret's place. */
final class RedactionMark {

  /** So many hexadecimal digits of the SHA-256 are shown. */
  private static final int SHOWN = 12;

  /** Such that the mark needs no escaping in JSON, addresses, headers and cookies. */
  private static final String BEGIN = "REDACTED-sha256-";

  private static final Pattern MARK = Pattern.compile(BEGIN + "[0-9a-f]{" + SHOWN + "}");

  private RedactionMark() {}

  static String mark(String secret) {
    return mark(secret.getBytes(StandardCharsets.UTF_8));
  }

  static String mark(byte[] secret) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret);
      return BEGIN + HexFormat.of().formatHex(digest).substring(0, SHOWN);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static boolean isMark(String text) {
    return MARK.matcher(text).matches();
  }
}
