package dev.tapedeck.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.LoginAttempt;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.testing.Needs;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers that do not speak SSH, or speak it badly; and what a gateway says of itself. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StrangersTest {

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

  private static void stillServes() throws Exception {
    assertThat(gateway.ssh("echo alive").expect(0).text()).isEqualTo("alive\n");
  }

  @Test
  void peerThatIsNoSshClientIsSentAway() throws Exception {
    try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      peer.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
      peer.getOutputStream().write(new byte[100_000]);
      byte[] answer = peer.getInputStream().readAllBytes();
      assertThat(new String(answer, UTF_8)).startsWith("SSH-2.0-Tapedeck");
    } catch (SocketException reset) {
      assertThat(reset).hasMessageMatching("(?i).*(reset|broken pipe).*");
    }
    stillServes();
  }

  @Test
  void garbageAfterTheGreetingEndsThatPeerOnly() throws Exception {
    Random random = new Random(11);
    for (int i = 0; i < 20; i++) {
      byte[] garbage = new byte[2000];
      random.nextBytes(garbage);
      try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
        peer.getOutputStream().write("SSH-2.0-garbage\r\n".getBytes(UTF_8));
        peer.getOutputStream().write(garbage);
        peer.shutdownOutput();
        assertThat(peer.getInputStream().readAllBytes()).isNotEmpty();
      } catch (SocketException reset) {
        assertThat(reset).hasMessageMatching("(?i).*(reset|broken pipe).*");
      }
    }
    stillServes();
  }

  @Test
  void userThatDoesNotExistIsRefusedLikeAWrongKey() throws Exception {
    List<String> line = new ArrayList<>(gateway.ssh(List.of("-o", "BatchMode=yes"), "true"));
    line.set(line.indexOf("alice@127.0.0.1"), "mallory@127.0.0.1");
    Shell.Result result = Shell.run(home, line.toArray(String[]::new)).expect(255);
    assertThat(result.err()).contains("Permission denied");
    await()
        .until(() ->
            gateway.attempts().stream()
                .anyMatch(attempt ->
                    attempt.user().equals("mallory")
                        && attempt.outcome() == LoginAttempt.Outcome.REFUSED));
  }

  @Test
  void keepaliveIsAnswered() throws Exception {
    List<String> options = List.of("-o", "ServerAliveInterval=1", "-o", "ServerAliveCountMax=1");
    String[] line = gateway.ssh(options, "sleep 4; echo done").toArray(String[]::new);
    assertThat(Shell.run(home, line).expect(0).text()).isEqualTo("done\n");
  }
}
