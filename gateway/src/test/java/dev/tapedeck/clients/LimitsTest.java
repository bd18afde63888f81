package dev.tapedeck.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.ssh.SshLimits;
import dev.tapedeck.ssh.SshOptions;
import dev.tapedeck.storage.AppendFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that come in numbers, and one that takes nothing. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LimitsTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path home;

  private LiveGateway gateway(UnaryOperator<SshOptions> options) throws Exception {
    return LiveGateway.start(
        home,
        new NamespaceEngine(SandboxLimits.DEFAULT),
        RecordingOptions.DEFAULT,
        AppendFiles.DISK,
        options);
  }

  @Test
  void clientsThatHaveNotLoggedInCountToo() throws Exception {
    try (LiveGateway gateway =
            gateway(options -> changed(options, null, new SshLimits(2, 2, 2, 64, 6, LIMIT)));
        Socket first = connect(gateway)) {
      assertThat(greeting(first)).startsWith("SSH-2.0-");
      try (Socket second = connect(gateway);
          Socket third = connect(gateway)) {
        assertThat(greeting(second)).startsWith("SSH-2.0-");
        assertThat(greeting(third)).contains("ssh.max_connections: 2");
        assertThat(isClosed(third)).isTrue();
      }
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> {
            try (Socket next = connect(gateway)) {
              assertThat(greeting(next)).startsWith("SSH-2.0-");
              next.getOutputStream().write("SSH-2.0-stranger\r\n".getBytes(US_ASCII));
              assertThat(next.getInputStream().read()).as("there is room again").isNotNegative();
            }
          });
    }
  }

  @Test
  void aThousandClientsThatSayNothingLockNobodyOut() throws Exception {
    List<Socket> idle = new ArrayList<>();
    try (LiveGateway gateway = gateway(options -> options)) {
      for (int i = 0; i < 1_100; i++) {
        idle.add(connect(gateway));
      }
      assertThat(gateway.ssh("echo in").expect(0).text()).isEqualTo("in\n");
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  @Test
  void whoHasNotLoggedInGivesWayToOthersWhereMostOfThemAre() throws Exception {
    SshLimits limits = new SshLimits(100, 100, 4, 64, 6, Duration.ofMinutes(2));
    try (LiveGateway gateway = gateway(options -> changed(options, null, limits));
        Socket alone = connect(gateway, "127.0.0.1");
        Socket first = connect(gateway, "127.0.0.2");
        Socket second = connect(gateway, "127.0.0.2");
        Socket third = connect(gateway, "127.0.0.2")) {
      for (Socket socket : List.of(alone, first, second, third)) {
        assertThat(greeting(socket)).startsWith("SSH-2.0-");
      }
      assertThat(gateway.ssh("echo in").expect(0).text()).isEqualTo("in\n");
      byte[] last = first.getInputStream().readAllBytes();
      assertThat(new String(last, US_ASCII)).contains("ssh.max_unauthenticated: 4");
      for (Socket socket : List.of(alone, second, third)) {
        assertThat(socket.getInputStream().available()).as("goes on").isZero();
      }
    }
  }

  @Test
  void oneSourceCannotHaveAllConnections() throws Exception {
    SshLimits limits = new SshLimits(100, 3, 100, 64, 6, Duration.ofMinutes(2));
    try (LiveGateway gateway = gateway(options -> changed(options, null, limits));
        Socket first = connect(gateway, "127.0.0.2");
        Socket second = connect(gateway, "127.0.0.2");
        Socket third = connect(gateway, "127.0.0.2")) {
      assertThat(greeting(third)).startsWith("SSH-2.0-");
      try (Socket fourth = connect(gateway, "127.0.0.2")) {
        assertThat(greeting(fourth)).contains("ssh.max_connections_per_source: 3");
        assertThat(isClosed(fourth)).isTrue();
      }
      assertThat(gateway.ssh("echo in").expect(0).text()).isEqualTo("in\n");
      first.shutdownOutput();
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> {
            try (Socket next = connect(gateway, "127.0.0.2")) {
              assertThat(greeting(next)).as("there is room again").startsWith("SSH-2.0-");
            }
          });
      assertThat(second.isClosed()).isFalse();
    }
  }

  @Test
  void whoDoesNotLogInInTimeIsSentAway() throws Exception {
    SshLimits limits = new SshLimits(100, 100, 100, 64, 6, Duration.ofSeconds(5));
    try (LiveGateway gateway = gateway(options -> changed(options, null, limits));
        Socket idle = connect(gateway)) {
      assertThat(isClosed(idle)).isTrue();
      assertThat(gateway.ssh("echo in").expect(0).text()).isEqualTo("in\n");
    }
  }

  private static Socket connect(LiveGateway gateway, String from) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
    socket.setSoTimeout((int) LIMIT.toMillis());
    return socket;
  }

  private static Socket connect(LiveGateway gateway) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    socket.setSoTimeout((int) LIMIT.toMillis());
    return socket;
  }

  private static String greeting(Socket socket) throws IOException {
    StringBuilder line = new StringBuilder();
    InputStream in = socket.getInputStream();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  /** Whether the other side closes the connection, whatever it may say before. */
  private static boolean isClosed(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    try {
      in.transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (SocketTimeoutException stillOpen) {
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  @Test
  void clientThatTakesNothingIsClosedWithinItsLimitAndTakesNoMemory() throws Exception {
    Duration lasts = Duration.ofSeconds(3);
    try (LiveGateway gateway = gateway(options -> changed(options, lasts, SshLimits.DEFAULT));
        SshClient client = SshClient.setUpDefaultClient()) {
      client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
      // More than all buffers of the system together: it is the socket that is full, not the
      // window.
      CoreModuleProperties.WINDOW_SIZE.set(client, 1L << 30);
      client.start();
      try (ClientSession session =
          client
              .connect(LiveGateway.USER, "127.0.0.1", gateway.port())
              .verify(LIMIT)
              .getSession()) {
        session.addPasswordIdentity(LiveGateway.PASSWORD);
        session.auth().verify(LIMIT);
        ChannelExec yes = session.createExecChannel("yes");
        yes.open().verify(LIMIT);
        session.getIoSession().suspendRead();
        await().atMost(LIMIT).until(() -> gateway.gateway().connections() == 0);
      }
      SessionRecord record = gateway.sealed("yes");
      assertThat(record.reason()).contains("the session has lasted 3s");
      assertThat(record.tracks().getFirst().bytes()).isLessThan(100_000_000);
    }
  }

  private static SshOptions changed(
      SshOptions from, @Nullable Duration sessionTimeout, SshLimits limits) {
    return new SshOptions(
        from.listen(),
        from.hostKeys(),
        from.acceptEnvironment(),
        sessionTimeout,
        from.idleTimeout(),
        limits,
        from.stallLimit());
  }
}
