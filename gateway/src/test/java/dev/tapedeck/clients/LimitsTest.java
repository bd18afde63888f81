package dev.tapedeck.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.ssh.SshOptions;
import dev.tapedeck.storage.Tapes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
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
        Tapes.DISK,
        options);
  }

  @Test
  void clientsThatHaveNotLoggedInCountToo() throws Exception {
    try (LiveGateway gateway = gateway(options -> changed(options, null, 2));
        Socket first = connect(gateway)) {
      assertThat(greeting(first)).startsWith("SSH-2.0-");
      try (Socket second = connect(gateway);
          Socket third = connect(gateway)) {
        assertThat(greeting(second)).startsWith("SSH-2.0-");
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
    try (LiveGateway gateway =
            gateway(options -> changed(options, lasts, SshOptions.DEFAULT_MAX_CONNECTIONS));
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
      SshOptions from, @Nullable Duration sessionTimeout, int maxConnections) {
    return new SshOptions(
        from.listen(),
        from.hostKeys(),
        from.acceptEnvironment(),
        sessionTimeout,
        from.idleTimeout(),
        maxConnections,
        from.maxChannels(),
        from.maxAuthTries(),
        from.stallLimit());
  }
}
