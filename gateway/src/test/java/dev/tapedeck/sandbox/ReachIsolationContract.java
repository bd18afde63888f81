package dev.tapedeck.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.sandbox.reach.Forward;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a sandbox that reaches one service of the gateway does not reach, take or keep. */
public abstract class ReachIsolationContract extends ReachSetting {

  @Test
  void moreConnectionsThanMayBeAreReset() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (Upstream upstream = new Upstream(_ -> join(over))) {
      reach(sandbox(), upstream);
      try (Running client =
          Running.command(
              sandbox(),
              script(
                  "for i in $(seq %d); do exec {fd}<>/dev/tcp/127.0.0.1/%d; done; read -r -N 1 -u $fd"
                      .formatted(Forward.MAX_CONNECTIONS + 1, Forward.PORT)))) {
        assertThat(client.allError()).containsIgnoringCase("reset by peer");
        assertThat(upstream.connections()).isLessThanOrEqualTo(Forward.MAX_CONNECTIONS);
      } finally {
        over.countDown();
      }
      await().untilAsserted(() -> assertThat(bash("echo again >&3; echo open")).isEqualTo("open"));
    }
  }

  @Test
  void nothingElseIsReached() throws Exception {
    try (Upstream upstream = Upstream.http();
        Upstream other = Upstream.http();
        ServerSocket everywhere = new ServerSocket(0)) {
      everywhere.setSoTimeout(200);
      reach(sandbox(), upstream);
      for (String address : addressesOfTheHost()) {
        assertUnreachable(address, everywhere.getLocalPort());
      }
      assertUnreachable("8.8.8.8", 53);
      assertUnreachable("192.0.2.1", 80);
      assertThat(Running.output(sandbox(), "tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '"))
          .isEqualTo("lo");
      assertThat(other.connections()).isZero();
      assertThat(upstream.connections()).isZero();
      assertThatThrownBy(everywhere::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void anotherSandboxReachesItsOwnServiceOnly() throws Exception {
    Sandbox other = engine().create();
    try (Upstream mine = Upstream.http();
        Upstream theirs = Upstream.http()) {
      assertFails(other, script(connected("true")));
      reach(sandbox(), mine);
      assertFails(other, script(connected("true")));
      assertThat(mine.connections()).isZero();
      reach(other, theirs);
      bash("printf 'GET / HTTP/1.1\\r\\n\\r\\n' >&3; cat <&3");
      assertThat(mine.connections()).isEqualTo(1);
      assertThat(theirs.connections()).isZero();
    } finally {
      other.close();
    }
  }

  @Test
  void aPortTakenInsideIsGivenWay() throws Exception {
    try (Running look = Running.command(sandbox(), "command -v python3")) {
      assumeThat(look.await().number()).as("the sandbox has python3 to listen with").isZero();
    }
    Running.output(sandbox(), "true");
    try (Upstream upstream = Upstream.http();
        Running squatter =
            Running.command(
                sandbox(),
                "python3 -c 'import socket,time; s=socket.socket(); s.bind((\"\",%d)); s.listen(); print(\"up\",flush=True); time.sleep(1000)'"
                    .formatted(Forward.PORT))) {
      squatter.awaitOutput("up");
      String address = reach(sandbox(), upstream);
      assertThat(address).startsWith("127.0.0.1:").doesNotEndWith(":" + Forward.PORT);
      String line = connected("printf 'GET / HTTP/1.1\\r\\n\\r\\n' >&3; cat <&3");
      String there = line.replace("127.0.0.1/" + Forward.PORT, address.replace(':', '/'));
      assertThat(Running.output(sandbox(), script(there))).endsWith("GET / HTTP/1.1");
    }
  }

  @Test
  void closingTheSandboxEndsItsConnections() throws Exception {
    try (Upstream upstream =
        new Upstream(socket -> {
          socket.in().readAllBytes();
        })) {
      reach(sandbox(), upstream);
      Running client = client("printf ? >&3; echo up; exec sleep 1000");
      client.awaitOutput("up");
      await().until(() -> upstream.connections() == 1);
      long closing = System.nanoTime();
      sandbox().close();
      assertThat(after(closing, upstream.ending())).isLessThan(ABORT);
      assertThat(sandbox().reach(upstream)).isInstanceOf(Reach.Nowhere.class);
      client.close();
    }
  }

  private void assertUnreachable(String address, int port) throws Exception {
    assertFails(sandbox(), "timeout 5 bash -c 'exec 3<>/dev/tcp/%s/%d'".formatted(address, port));
  }

  private static List<String> addressesOfTheHost() throws SocketException {
    List<String> addresses = new ArrayList<>();
    NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(Inet4Address.class::isInstance)
        .forEach(address -> addresses.add(address.getHostAddress()));
    assertThat(addresses).contains("127.0.0.1");
    return addresses;
  }
}
