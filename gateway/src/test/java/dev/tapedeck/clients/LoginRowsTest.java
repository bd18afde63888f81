package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.LoginAttempt;
import dev.tapedeck.event.LoginAttempt.Outcome;
import dev.tapedeck.sandbox.none.NoneEngine;
import dev.tapedeck.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients leave in the list of logins: enough to know them, and no more than that. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LoginRowsTest {

  @TempDir Path home;
  private LiveGateway gateway;

  @BeforeEach
  void start() throws Exception {
    Needs.program("openssh", "ssh");
    gateway = LiveGateway.start(home, new NoneEngine());
  }

  @AfterEach
  void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  /** Logs in with these keys, in this order, and no password. */
  private Shell.Result with(List<Path> keys, String user) throws Exception {
    List<String> line = new ArrayList<>(List.of("ssh", "-F", "none", "-o", "IdentitiesOnly=yes"));
    keys.forEach(key -> line.addAll(List.of("-i", key.toString())));
    line.addAll(List.of("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"));
    line.addAll(List.of("-o", "BatchMode=yes", "-p", String.valueOf(gateway.port())));
    line.addAll(List.of(user + "@127.0.0.1", "true"));
    return Shell.run(home, line.toArray(String[]::new));
  }

  private List<Path> wrongKeys(int count) throws Exception {
    List<Path> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path key = home.resolve("wrong" + i);
      Shell.run(home, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString())
          .expect(0);
      keys.add(key);
    }
    return keys;
  }

  /** A row that surely comes after all others. */
  private List<LoginAttempt> attemptsBeforeALastOne() throws Exception {
    int before = gateway.attempts().size();
    gateway.ssh("true").expect(0);
    await().until(() -> gateway.attempts().size() > before);
    List<LoginAttempt> all = new ArrayList<>(gateway.attempts());
    all.removeLast();
    return all;
  }

  @Test
  void clientWithManyWrongKeysIsOneRefusedLogin() throws Exception {
    with(wrongKeys(12), "mallory").expect(255);
    await().until(() -> !gateway.attempts().isEmpty());
    assertThat(attemptsBeforeALastOne())
        .singleElement()
        .satisfies(row -> {
          assertThat(row.user()).isEqualTo("mallory");
          assertThat(row.method()).isEqualTo("publickey");
          assertThat(row.outcome()).isEqualTo(Outcome.REFUSED);
          assertThat(row.fingerprint()).startsWith("SHA256:");
          assertThat(row.clientVersion()).contains("OpenSSH");
        });
  }

  @Test
  void wrongKeysBeforeTheRightOneAreNoRefusedLogin() throws Exception {
    List<Path> keys = wrongKeys(5);
    keys.add(gateway.key());
    with(keys, LiveGateway.USER).expect(0);
    assertThat(attemptsBeforeALastOne())
        .singleElement()
        .satisfies(row -> assertThat(row.outcome()).isEqualTo(Outcome.ACCEPTED));
  }

  @Test
  void whoAsksForAUsersKeyWithoutHavingItIsOnRecord() throws Exception {
    // Its passphrase is not known to the thief, so that the client can only ask.
    Path stolen = Files.copy(gateway.key(), home.resolve("stolen"));
    Files.copy(home.resolve("id_ed25519.pub"), home.resolve("stolen.pub"));
    Shell.run(home, "ssh-keygen", "-q", "-p", "-P", "", "-N", "passphrase", "-f", "stolen")
        .expect(0);
    List<Path> keys = wrongKeys(2);
    keys.add(stolen);
    with(keys, LiveGateway.USER).expect(255);
    await().until(() -> !gateway.attempts().isEmpty());
    String fingerprint =
        Shell.run(home, "ssh-keygen", "-lf", "stolen.pub").expect(0).text().split(" ", -1)[1];
    assertThat(attemptsBeforeALastOne())
        .singleElement()
        .satisfies(row -> {
          assertThat(row.outcome()).isEqualTo(Outcome.REFUSED);
          assertThat(row.fingerprint()).isEqualTo(fingerprint);
        });
  }

  @Test
  void nameThatIsTooLongIsCutInTheRow() throws Exception {
    SshClient client = SshClient.setUpDefaultClient();
    client.setServerKeyVerifier((_, _, _) -> true);
    client.start();
    try (ClientSession session =
        client
            .connect("x".repeat(200_000), "127.0.0.1", gateway.port())
            .verify(20_000)
            .getSession()) {
      session.addPasswordIdentity("guess");
      assertThatThrownBy(() -> session.auth().verify(20_000)).isNotNull();
    } finally {
      client.stop();
    }
    await().until(() -> !gateway.attempts().isEmpty());
    assertThat(attemptsBeforeALastOne())
        .isNotEmpty()
        .allSatisfy(row -> {
          assertThat(row.user()).startsWith("xxxx").contains("200000").hasSizeLessThan(200);
          assertThat(row.outcome()).isEqualTo(Outcome.REFUSED);
        });
  }
}
