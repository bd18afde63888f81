package dev.tapedeck.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProvidersTest {

  @BeforeAll
  static void choose() {
    Providers.choose();
  }

  @Test
  void theJdkDoesWhatItCan() throws Exception {
    assertThat(SecurityUtils.getKeyFactory("RSA").getProvider().getName()).isEqualTo("SunRsaSign");
    assertThat(SecurityUtils.getKeyFactory("EC").getProvider().getName()).isEqualTo("SunEC");
    assertThat(SecurityUtils.getKeyAgreement("X25519").getProvider().getName()).isEqualTo("SunEC");
    assertThat(SecurityUtils.getCipher("AES/GCM/NoPadding").getProvider().getName())
        .isEqualTo("SunJCE");
  }

  @Test
  void ed25519KeysAreMadeSignedAndReadBack() throws Exception {
    KeyPair pair = KeyUtils.generateKeyPair("ssh-ed25519", 256);
    assertThat(KeyUtils.getKeyType(pair)).isEqualTo("ssh-ed25519");
    assertThat(SecurityUtils.getKeyFactory("Ed25519").getProvider().getName()).isEqualTo("BC");
    byte[] text = {1, 2, 3};
    Signature signer = BuiltinSignatures.ed25519.create();
    signer.initSigner(null, pair.getPrivate());
    signer.update(null, text);
    byte[] signature = signer.sign(null);
    Signature verifier = BuiltinSignatures.ed25519.create();
    verifier.initVerifier(null, pair.getPublic());
    verifier.update(null, text);
    assertThat(verifier.verify(null, signature)).isTrue();
  }
}
