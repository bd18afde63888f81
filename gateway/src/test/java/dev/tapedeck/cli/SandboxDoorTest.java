package dev.tapedeck.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.testing.Needs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a program in a sandbox can do to others with the one address that it reaches; with OpenSSH's
 * client outside and curl inside.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SandboxDoorTest {

  private static final String ASK = "curl -sS -w '%{http_code}' -o body ";
  private static final String PLAIN = "http://127.0.0.1:3344";
  private static final String MINE = "\"$ANTHROPIC_BASE_URL\"";

  @TempDir Path home;
  private WholeGateway gateway;

  @BeforeEach
  void needs() {
    Needs.program("openssh", "ssh");
    Needs.program("curl", "curl");
  }

  @AfterEach
  void close() throws Exception {
    if (gateway != null) {
      gateway.close();
    }
  }

  private void start(String sandbox) throws Exception {
    gateway = new WholeGateway(home, WholeGateway::answer, "", sandbox);
  }

  private long ofTheApisOwn() throws Exception {
    return gateway.sessions().stream().filter(session -> session.kind().equals("api")).count();
  }

  private void nothingElsewhere() throws Exception {
    assertThat(ofTheApisOwn()).as("sessions that are no login's").isZero();
  }

  /** Another user is let in at once, and what she does is on record. */
  private void othersAreServed() throws Exception {
    String command = "echo served";
    long before = System.nanoTime();
    assertThat(gateway.ssh("bob", command)).isEqualTo("served\n");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
    SessionRecord session = gateway.sealed(command);
    assertThat(session.status()).isEqualTo(SessionRecord.Status.COMPLETE);
    assertThat(session.user()).isEqualTo("bob");
  }

  @Test
  void requestWithoutATokenIsOfTheSandboxsSession() throws Exception {
    start("");
    String command = ASK + PLAIN + "/v1/messages -d '{}'";
    assertThat(gateway.ssh("alice", command)).isEqualTo("200");
    assertThat(gateway.asked(gateway.sealed(command), 1)).hasSize(1);
    nothingElsewhere();
  }

  @Test
  void addressWithTheSessionsTokenWorksAsBefore() throws Exception {
    start("");
    String command = ASK + MINE + "/v1/messages -d '{}'";
    assertThat(gateway.ssh("alice", command)).isEqualTo("200");
    assertThat(gateway.asked(gateway.sealed(command), 1)).hasSize(1);
    nothingElsewhere();
  }

  @Test
  void thousandsOfMadeUpConversationsAreOneSessionAndTakeNoDescriptors() throws Exception {
    start("");
    othersAreServed(); // everything that is made once is there
    long before = WholeGateway.descriptors();
    String command =
        "for i in $(seq 1500); do printf 'next\\nurl=%s/v1/models\\noutput=/dev/null\\n"
            + "header=\"x-claude-code-session-id: made-up-%s\"\\n' "
            + PLAIN
            + " $i; done >all; curl -sS -K all && echo done";
    assertThat(gateway.ssh("alice", command)).isEqualTo("done\n");
    await()
        .atMost(10, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(WholeGateway.descriptors()).isLessThan(before + 50));
    nothingElsewhere();
    long begin = System.nanoTime();
    assertThat(gateway.ssh("bob", "echo next")).isEqualTo("next\n");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
    assertThat(gateway.asked(gateway.sealed(command), 1500)).hasSize(1500);
  }

  @Test
  void anotherSessionsTokenIsRefusedAndTheOtherSessionKnowsNothingOfIt() throws Exception {
    start("");
    String address = "echo $ANTHROPIC_BASE_URL";
    try (WholeGateway.Stay bob = gateway.new Stay("bob", address)) {
      String command = ASK + bob.line + "/v1/messages -d '{}'; cat body";
      assertThat(gateway.ssh("alice", command))
          .startsWith("403{\"type\":\"error\"")
          .contains("another session's address");
      assertThat(gateway.model().requests()).isEmpty();
      assertThat(gateway.asked(gateway.sealed(command), 1)).hasSize(1);
    }
    assertThat(gateway.sealed(address + "; read -r _").tracks())
        .noneMatch(track -> track.name().equals("api"));
    nothingElsewhere();
    othersAreServed();
  }

  @Test
  void anotherClientsConversationIsNotWrittenTo() throws Exception {
    start("");
    String name = "x-claude-code-session-id: theirs";
    assertThat(gateway.curl(gateway.openUrl() + "/v1/messages?theirs", "-H", name, "-d", "{}"))
        .startsWith("HTTP/1.1 200");
    String command = ASK + PLAIN + "/v1/messages?mine -d '{}' -H '" + name + "'";
    assertThat(gateway.ssh("alice", command)).isEqualTo("200");
    assertThat(gateway.asked(gateway.sealed(command), 1))
        .singleElement()
        .asString()
        .endsWith("?mine");
    SessionRecord theirs =
        gateway.sessions().stream()
            .filter(session -> session.kind().equals("api"))
            .findFirst()
            .orElseThrow();
    assertThat(gateway.asked(theirs, 1)).singleElement().asString().endsWith("?theirs");
    assertThat(ofTheApisOwn()).isEqualTo(1);
  }

  @Test
  void whereSessionsShareASandboxARequestNamesItsOwn() throws Exception {
    start("  per: user\n");
    String address = "echo $ANTHROPIC_BASE_URL";
    String command = ASK + PLAIN + "/v1/messages?plain -d '{}'; cat body";
    String named = ASK + MINE + "/v1/messages?named -d '{}'";
    try (WholeGateway.Stay first = gateway.new Stay("alice", address)) {
      assertThat(gateway.ssh("alice", command))
          .startsWith("400{\"type\":\"error\"")
          .contains("several sessions share this sandbox");
      assertThat(gateway.ssh("alice", named)).isEqualTo("200");
      // A session may use its neighbour's address: it is the same user, in the same sandbox.
      String neighbour = ASK + first.line + "/v1/messages?first -d '{}'";
      assertThat(gateway.ssh("alice", neighbour)).isEqualTo("200");
    }
    assertThat(gateway.asked(gateway.sealed(named), 1))
        .singleElement()
        .asString()
        .endsWith("?named");
    assertThat(gateway.asked(gateway.sealed(address + "; read -r _"), 1))
        .singleElement()
        .asString()
        .endsWith("?first");
    nothingElsewhere();
  }
}
