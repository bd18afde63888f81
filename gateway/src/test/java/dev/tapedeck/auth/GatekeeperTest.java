package dev.tapedeck.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.List;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Test;

class GatekeeperTest {

  private static final String SOURCE = "192.0.2.1";
  private static final String HASH = Password.hash("open sesame");

  private static Gatekeeper gatekeeper(int acceptAllAfterFailures) {
    return new Gatekeeper(List.of(new Account("alice", HASH, List.of())), acceptAllAfterFailures);
  }

  @Test
  void rightPasswordEntersAndOthersDoNot() {
    Gatekeeper gatekeeper = gatekeeper(0);
    assertThat(gatekeeper.password("alice", "open sesame", SOURCE))
        .isEqualTo(new Decision.Accepted());
    assertThat(gatekeeper.password("alice", "open sesam", SOURCE))
        .isEqualTo(new Decision.Refused());
    assertThat(gatekeeper.password("alice", "", SOURCE)).isEqualTo(new Decision.Refused());
    assertThat(gatekeeper.password("bob", "open sesame", SOURCE)).isEqualTo(new Decision.Refused());
  }

  @Test
  void aNameThatDoesNotExistCostsAsMuchAsAWrongPassword() {
    assertThat(Password.isHash(Gatekeeper.NOBODYS_HASH)).isTrue();
    String costs = HASH.substring(0, "$2b$10$".length());
    assertThat(Gatekeeper.NOBODYS_HASH).startsWith(costs);
    assertThat(Password.matches("open sesame", Gatekeeper.NOBODYS_HASH)).isFalse();
  }

  /** Computing time, which does not depend on what else the machine does. */
  private static long nanos(Gatekeeper gatekeeper, String user) {
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    assertThat(gatekeeper.password(user, "guess", SOURCE)).isEqualTo(new Decision.Refused());
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
  }

  @Test
  void namesCannotBeToldApartByTimeWhateverTheirHashesCost() {
    String dear = OpenBSDBCrypt.generate("2b", "open".toCharArray(), new byte[16], 12);
    Gatekeeper gatekeeper =
        new Gatekeeper(
            List.of(
                new Account("dear", dear, List.of()),
                new Account("cheap", HASH, List.of()),
                new Account("keyed", null, List.of())),
            0);
    nanos(gatekeeper, "dear"); // compiles it
    long known = nanos(gatekeeper, "dear");
    for (String user : List.of("cheap", "keyed", "nobody")) {
      assertThat(nanos(gatekeeper, user)).as(user).isBetween(known / 2, known * 2);
    }
    assertThat(gatekeeper.password("cheap", "open sesame", SOURCE))
        .isEqualTo(new Decision.Accepted());
    assertThat(gatekeeper.password("dear", "open", SOURCE)).isEqualTo(new Decision.Accepted());
  }

  @Test
  void onlyTheUsersOwnKeyEnters() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
    KeyPair own = generator.generateKeyPair();
    KeyPair other = generator.generateKeyPair();
    Gatekeeper gatekeeper =
        new Gatekeeper(List.of(new Account("alice", null, List.of(own.getPublic()))), 0);
    assertThat(gatekeeper.publicKey("alice", own.getPublic()).enters()).isTrue();
    assertThat(gatekeeper.publicKey("alice", other.getPublic()).enters()).isFalse();
    assertThat(gatekeeper.publicKey("bob", own.getPublic()).enters()).isFalse();
    assertThat(gatekeeper.password("alice", "anything", SOURCE).enters()).isFalse();
  }

  @Test
  void honeypotLetsAnybodyInAfterSoManyFailuresOfOneAddress() {
    Gatekeeper gatekeeper = gatekeeper(2);
    assertThat(gatekeeper.password("root", "1234", SOURCE)).isEqualTo(new Decision.Refused());
    assertThat(gatekeeper.password("root", "admin", SOURCE)).isEqualTo(new Decision.Refused());
    assertThat(gatekeeper.password("root", "toor", SOURCE)).isEqualTo(new Decision.Honeypot());
    assertThat(gatekeeper.password("root", "toor", "192.0.2.2")).isEqualTo(new Decision.Refused());
  }

  @Test
  void honeypotTakesNoNameThatCannotBeAUser() {
    Gatekeeper gatekeeper = gatekeeper(1);
    gatekeeper.password("root", "1234", SOURCE);
    assertThat(gatekeeper.password("../../etc", "x", SOURCE)).isEqualTo(new Decision.Refused());
    assertThat(gatekeeper.password("a\nb", "x", SOURCE)).isEqualTo(new Decision.Refused());
  }

  @Test
  void passwordThatIsTooLongIsRefusedAndNotCutDown() {
    String longest = "x".repeat(Password.MAX_BYTES);
    String hash = Password.hash(longest);
    assertThat(Password.matches(longest, hash)).isTrue();
    assertThat(Password.matches(longest + "y", hash)).isFalse();
    assertThatThrownBy(() -> Password.hash(longest + "y"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 72 bytes");
  }

  @Test
  void hashesOfHtpasswdAreRead() {
    // htpasswd -nbB alice secret
    assertThat(Password.isHash(HASH)).isTrue();
    assertThat(Password.isHash("$2y$05$abcdefghijklmnopqrstuuW5nB3oXcTMmC7n6E8bkYXQ8x1i4L8rS"))
        .isTrue();
    assertThat(Password.isHash("secret")).isFalse();
    assertThat(Password.isHash("$1$abc$def")).isFalse();
  }

  @Test
  void generatedPasswordsDifferAndCanBeTyped() {
    assertThat(Password.generate())
        .isNotEqualTo(Password.generate())
        .matches("[a-z2-9]{5}(-[a-z2-9]{5}){3}");
  }

  @Test
  void keysWithOptionsAreRefusedInOneSentence() {
    assertThatThrownBy(() -> AuthorizedKeys.parse("no-pty ssh-ed25519 AAAA"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a public key");
    assertThatThrownBy(() -> AuthorizedKeys.parse("ssh-ed25519"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
