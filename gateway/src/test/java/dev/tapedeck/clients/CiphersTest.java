package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.sandbox.none.NoneEngine;
import dev.tapedeck.testing.Needs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.kex.extension.KexExtensionHandler;
import org.apache.sshd.common.session.Session;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which cipher a client gets: what is cheap to this program goes before what the client likes. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CiphersTest {

  private static final String CHACHA = "chacha20-poly1305@openssh.com";

  @TempDir static Path home;
  private static LiveGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    Needs.program("openssh", "ssh");
    gateway = LiveGateway.start(home, new NoneEngine());
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  /** What {@code ssh -vv} says of a connection on which a command has run. */
  private static String debug(String... options) throws Exception {
    List<String> more = new ArrayList<>(List.of("-vv"));
    more.addAll(List.of(options));
    String[] line = gateway.ssh(more, "echo served").toArray(String[]::new);
    Shell.Result result = Shell.run(home, line).expect(0);
    assertThat(result.text()).isEqualTo("served\n");
    return result.err();
  }

  @Test
  void clientThatPrefersChachaIsGivenAesGcm() throws Exception {
    assertThat(debug())
        .contains("debug1: kex: server->client cipher: aes128-gcm@openssh.com")
        .contains("debug1: kex: client->server cipher: aes128-gcm@openssh.com");
    assertThat(debug("-c", CHACHA + ",aes256-ctr"))
        .contains("debug1: kex: server->client cipher: aes256-ctr")
        .contains("debug1: kex: client->server cipher: aes256-ctr");
  }

  @Test
  void clientThatHasOnlyChachaIsGivenIt() throws Exception {
    assertThat(debug("-c", CHACHA))
        .contains("debug1: kex: server->client cipher: " + CHACHA)
        .contains("debug1: kex: client->server cipher: " + CHACHA);
  }

  @Test
  void keysAreExchangedAnewWithTheSameCipher() throws Exception {
    String[] line =
        gateway
            .ssh(List.of("-o", "RekeyLimit=1M"), "head -c 8000000 /dev/zero | wc -c; exit 3")
            .toArray(String[]::new);
    Shell.run(home, line).expect(3);
    line =
        gateway
            .ssh(List.of("-c", CHACHA, "-o", "RekeyLimit=1M"), "head -c 8000000 /dev/zero")
            .toArray(String[]::new);
    assertThat(Shell.run(home, line).expect(0).out()).hasSize(8_000_000);
  }

  @Test
  void strictKeyExchangeIsKept() throws Exception {
    assertThat(debug()).contains("kex-strict-s-v00@openssh.com");
  }

  /** As old libssh does, and programs that only look. */
  @Test
  void clientThatWaitsForTheProposalIsServedAfterAWhile() throws Exception {
    SshClient client = SshClient.setUpDefaultClient();
    client.setCipherFactories(List.of(BuiltinCiphers.cc20p1305_openssh, BuiltinCiphers.aes128ctr));
    client.setServerKeyVerifier((_, _, _) -> true);
    client.setKexExtensionHandler(
        new KexExtensionHandler() {
          @Override
          public boolean isKexExtensionsAvailable(Session session, AvailabilityPhase phase) {
            return true;
          }
        });
    client.start();
    try (ClientSession session =
        client.connect(LiveGateway.USER, "127.0.0.1", gateway.port()).verify(10_000).getSession()) {
      session.addPasswordIdentity(LiveGateway.PASSWORD);
      session.auth().verify(20_000);
      assertThat(session.executeRemoteCommand("echo served")).isEqualTo("served\n");
      // All were offered, since the server had to speak first.
      assertThat(session.getServerKexProposals().get(KexProposalOption.S2CENC))
          .contains("aes128-gcm", CHACHA);
    } finally {
      client.stop();
    }
  }
}
