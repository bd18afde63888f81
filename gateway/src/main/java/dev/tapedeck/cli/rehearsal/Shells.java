package dev.tapedeck.cli.rehearsal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.channel.PtyChannelConfiguration;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;

/** The SSH gateway's part of the piece. */
record Shells(String user, String password) {

  /** How long anything may take. */
  private static final Duration PART = Duration.ofSeconds(15);

  /** Enough for the compiler to take notice of every method on the way. */
  private static final int BULK_BYTES = 32_000_000;

  private static final int TERMINAL_BYTES = 4_000_000;
  private static final int KEYS = 300;
  private static final int LOGINS = 3;

  private static final String LINE =
      "2026-11-21T12:00:00.000Z INFO  worker-7 request served in 12 ms, status 200, ok";

  /** Several logins, and on each what people and programs do. */
  void play(int port) throws IOException {
    try (SshClient client = SshClient.setUpDefaultClient()) {
      client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
      client.setCipherFactories(List.of(BuiltinCiphers.aes128gcm));
      CoreModuleProperties.TCP_NODELAY.set(client, true);
      client.start();
      for (int i = 0; i < LOGINS; i++) {
        try (ClientSession session =
            client.connect(user, "127.0.0.1", port).verify(PART).getSession()) {
          session.addPasswordIdentity(password);
          session.auth().verify(PART);
          type(session);
          String text = "yes '" + LINE + "' | head -c ";
          run(session.createExecChannel(text + BULK_BYTES), InputStream.nullInputStream());
          run(terminal(session, text + TERMINAL_BYTES), InputStream.nullInputStream());
          byte[] log = (LINE + "\n").repeat(BULK_BYTES / (LINE.length() + 1)).getBytes(UTF_8);
          run(session.createExecChannel("cat >/dev/null"), new ByteArrayInputStream(log));
          transfer(session);
        }
      }
    }
  }

  private static ChannelExec terminal(ClientSession session, String command) throws IOException {
    ChannelExec channel =
        session.createExecChannel(command, UTF_8, new PtyChannelConfiguration(), Map.of());
    channel.setUsePty(true);
    return channel;
  }

  private static void run(ClientChannel channel, InputStream in) throws IOException {
    try (channel) {
      channel.setIn(in);
      channel.setOut(OutputStream.nullOutputStream());
      channel.setErr(OutputStream.nullOutputStream());
      channel.open().verify(PART);
      channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PART);
    }
  }

  /** Keys one by one, each when the last has come back. */
  private static void type(ClientSession session) throws IOException {
    try (ChannelExec channel = terminal(session, "cat >/dev/null")) {
      channel.open().verify(PART);
      OutputStream keys = channel.getInvertedIn();
      InputStream echo = channel.getInvertedOut();
      for (int i = 0; i < KEYS; i++) {
        keys.write('a');
        keys.flush();
        if (echo.read() < 0) {
          return;
        }
      }
    }
  }

  private static void transfer(ClientSession session) throws IOException {
    try (SftpClient sftp = SftpClientFactory.instance().createSftpClient(session)) {
      byte[] content = LINE.repeat(100).getBytes(UTF_8);
      try (OutputStream out = sftp.write("rehearsal.txt")) {
        out.write(content);
      }
      try (InputStream in = sftp.read("rehearsal.txt")) {
        in.readAllBytes();
      }
      sftp.remove("rehearsal.txt");
    }
  }
}
