package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.LoginAttempt;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.testing.Needs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** OpenSSH's own client against a whole gateway with namespace sandboxes. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class OpenSshTest {

  @TempDir static Path home;
  private static LiveGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    Needs.program("openssh", "ssh");
    gateway = LiveGateway.start(home, new NamespaceEngine(SandboxLimits.DEFAULT));
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  @Test
  void commandOutputErrorsAndStatusComeBackApart() throws Exception {
    String command = "echo out; echo err >&2; exit 42";
    Shell.Result result = gateway.ssh(command).expect(42);
    assertThat(result.text()).isEqualTo("out\n");
    assertThat(result.err()).isEqualTo("err\n");
    SessionRecord record = gateway.sealed(command);
    assertThat(record.status()).isEqualTo(Status.COMPLETE);
    assertThat(record.user()).isEqualTo("alice");
    assertThat(record.attributes().get("client_version")).contains("OpenSSH");
    Path cast = gateway.file(record, "exec-1.cast");
    assertThat(LiveGateway.data(cast, "o")).contains("out\n").contains("err\n");
    assertThat(LiveGateway.data(cast, "x")).isEqualTo("42");
  }

  @Test
  void commandThatIsKilledComesBackAsASignal() throws Exception {
    Shell.Result result = gateway.ssh("kill -KILL $$");
    assertThat(result.status()).isEqualTo(255);
  }

  @Test
  void standardInputReachesTheCommandAndEnds() throws Exception {
    List<String> line = gateway.ssh(List.of(), "wc -c");
    Shell.Result result =
        Shell.run(home, "hello\n".getBytes(StandardCharsets.UTF_8), line.toArray(String[]::new))
            .expect(0);
    assertThat(result.text().strip()).isEqualTo("6");
  }

  @Test
  void sixtyFourMebibytesPassBothWaysUnharmed() throws Exception {
    byte[] data = new byte[64 * 1024 * 1024];
    new Random(1).nextBytes(data);
    List<String> line = gateway.ssh(List.of(), "cat; true");
    Shell.Result result = Shell.run(home, data, line.toArray(String[]::new)).expect(0);
    assertThat(sha256(result.out())).isEqualTo(sha256(data));
    assertThat(gateway.sealed("cat; true").tracks().getFirst().payloads())
        .hasSize(2)
        .allSatisfy(payload -> {
          assertThat(payload.sha256()).isEqualTo(sha256(data));
          assertThat(payload.bytes()).isEqualTo(data.length);
        });
  }

  @Test
  void terminalHasItsSizeItsTypeAndAName() throws Exception {
    List<String> line = gateway.ssh(List.of("-tt"), "echo $TERM; tty");
    List<String> script = new ArrayList<>(List.of("env", "TERM=xterm-256color"));
    script.addAll(line);
    Shell.Result result = Shell.run(home, script.toArray(String[]::new)).expect(0);
    assertThat(result.text()).contains("xterm-256color").contains("/dev/pts/");
    Path cast = gateway.file(gateway.sealed("echo $TERM; tty"), "exec-1.cast");
    assertThat(LiveGateway.data(cast, "o")).isEqualTo(result.text());
    assertThat(Files.readString(cast)).contains("\"TERM\": \"xterm-256color\"");
  }

  @Test
  void wrongKeyIsRefusedAndOnRecord() throws Exception {
    Path other = home.resolve("other");
    Shell.run(home, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other.toString())
        .expect(0);
    List<String> line = new ArrayList<>(gateway.ssh(List.of("-o", "BatchMode=yes"), "true"));
    line.set(line.indexOf(gateway.key().toString()), other.toString());
    Shell.run(home, line.toArray(String[]::new)).expect(255);
    assertThat(gateway.attempts())
        .anyMatch(attempt ->
            attempt.outcome() == LoginAttempt.Outcome.REFUSED
                && attempt.method().equals("publickey"));
  }

  @Test
  void thirtyTwoClientsAtOnceGetEachTheirOwn() throws Exception {
    List<CompletableFuture<String>> clients =
        IntStream.range(0, 32)
            .mapToObj(i ->
                CompletableFuture.supplyAsync(
                    () -> {
                      try {
                        return gateway.ssh("echo client " + i).expect(0).text();
                      } catch (Exception e) {
                        throw new IllegalStateException(e);
                      }
                    },
                    task -> Thread.ofPlatform().start(task)))
            .toList();
    for (int i = 0; i < clients.size(); i++) {
      assertThat(clients.get(i).get()).isEqualTo("client " + i + "\n");
    }
    for (int i = 0; i < clients.size(); i++) {
      SessionRecord record = gateway.sealed("echo client " + i);
      assertThat(LiveGateway.data(gateway.file(record, "exec-1.cast"), "o"))
          .isEqualTo("client " + i + "\n");
    }
  }

  @Test
  void channelsOfOneConnectionShareASandboxAndHaveTracksOfTheirOwn() throws Exception {
    String holder = "echo one > /tmp/note; sleep 60";
    String socket = home.resolve("mux").toString();
    List<String> master = List.of("-M", "-S", socket, "-o", "ControlPersist=yes");
    Process first = Shell.start(home, gateway.ssh(master, holder));
    await().atMost(20, TimeUnit.SECONDS).until(() -> Files.exists(Path.of(socket)));
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() ->
            Shell.run(
                    home,
                    gateway.ssh(List.of("-S", socket), "cat /tmp/note").toArray(String[]::new))
                .text()
                .equals("one\n"));
    Shell.run(home, gateway.ssh(List.of("-S", socket, "-O", "exit")).toArray(String[]::new));
    assertThat(first.waitFor(20, TimeUnit.SECONDS)).isTrue();
    SessionRecord record = gateway.sealed(holder);
    assertThat(record.tracks()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(record.tracks().stream().map(SessionRecord.TrackRecord::file))
        .doesNotHaveDuplicates();
  }

  @Test
  void clientThatVanishesTakesItsSandboxWithIt() throws Exception {
    Process client = Shell.start(home, gateway.ssh(List.of("-tt"), "sleep 1000"));
    await().atMost(20, TimeUnit.SECONDS).until(() -> gateway.session("sleep 1000").isPresent());
    client.destroyForcibly();
    SessionRecord record =
        await()
            .atMost(5, TimeUnit.SECONDS)
            .until(
                () -> gateway.session("sleep 1000").orElseThrow(),
                known -> known.status() != Status.LIVE);
    assertThat(record.status()).isEqualTo(Status.COMPLETE);
    assertThat(record.reason()).isEqualTo("client disconnected");
  }

  @Test
  void forwardingIsRefusedWithAReason() throws Exception {
    List<String> line = new ArrayList<>(gateway.ssh(List.of("-W", "127.0.0.1:1")));
    line.set(line.indexOf("LogLevel=ERROR"), "LogLevel=INFO");
    Shell.Result result = Shell.run(home, line.toArray(String[]::new));
    assertThat(result.status()).isNotZero();
    assertThat(result.err()).contains("administratively prohibited").contains("forwards nothing");
  }

  private static String sha256(byte[] data) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
  }
}
