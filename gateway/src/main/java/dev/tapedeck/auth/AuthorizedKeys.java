package dev.tapedeck.auth;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;

/** Public keys in the notation of {@code authorized_keys} (sshd(8)). */
public final class AuthorizedKeys {

  static {
    Providers.choose();
  }

  private AuthorizedKeys() {}

  /**
   * The key of one line.
   *
   * @throws IllegalArgumentException if it is not one, or has options, none of which this gateway
   *     heeds
   */
  public static PublicKey parse(String line) {
    try {
      AuthorizedKeyEntry entry = AuthorizedKeyEntry.parseAuthorizedKeyEntry(line.strip());
      if (entry == null) {
        throw new IllegalArgumentException("it contains no key");
      }
      if (!entry.getLoginOptions().isEmpty()) {
        throw new IllegalArgumentException(
            "options before the key (" + entry.getLoginOptions().keySet() + ") are not supported");
      }
      return entry.resolvePublicKey(null, null);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new IllegalArgumentException(
          "not a public key in the form 'ssh-ed25519 AAAA... comment': " + e.getMessage(), e);
    }
  }

  /** As {@code ssh-keygen -l} prints it: {@code SHA256:...}. */
  public static String fingerprint(PublicKey key) {
    return KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
  }
}
