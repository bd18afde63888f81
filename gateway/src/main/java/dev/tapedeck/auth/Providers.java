package dev.tapedeck.auth;

import java.util.List;
import org.apache.sshd.common.util.security.SecurityProviderChoice;
import org.apache.sshd.common.util.security.SecurityProviderRegistrar;
import org.apache.sshd.common.util.security.SecurityUtils;

/**
 * Who computes what. The SSH library would have BouncyCastle do all that it can; here it does
 * Ed25519 keys, which the library knows in no other way, and the JDK does the rest: it is quicker,
 * and reads an RSA key without proving its primes again.
 */
public final class Providers {

  /** The library's words for the kinds of algorithm. */
  private static final List<String> KINDS =
      List.of(
          "AlgorithmParameters",
          "Cipher",
          "KeyAgreement",
          "KeyFactory",
          "KeyPairGenerator",
          "Mac",
          "MessageDigest",
          "Signature");

  /** In alphabetical order: the library looks it up by halves. */
  private static final String ED25519 = "Ed25519,EdDSA";

  private Providers() {}

  /**
   * Chooses, for the whole process. Must be called before the library is first asked for an
   * algorithm, since it remembers; later calls change nothing.
   */
  public static synchronized void choose() {
    if (!SecurityUtils.isBouncyCastleRegistered()) {
      throw new IllegalStateException("BouncyCastle is not there, and Ed25519 keys need it");
    }
    SecurityProviderRegistrar registrar =
        SecurityUtils.getRegisteredProvider(SecurityUtils.BOUNCY_CASTLE);
    for (String kind : KINDS) {
      registrar.getProperties().put(registrar.getConfigurationPropertyName(kind), ED25519);
    }
    SecurityUtils.setDefaultProviderChoice(SecurityProviderChoice.EMPTY);
  }
}
