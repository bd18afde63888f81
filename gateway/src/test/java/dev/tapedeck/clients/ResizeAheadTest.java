package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.testing.Needs;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A window may change before the program in it has begun. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ResizeAheadTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Ends when the terminal has the new size, and not before. */
  private static final String COMMAND =
      "until test \"$(stty size)\" = '43 132'; do sleep .1; done; echo seen";

  @Test
  void windowThatChangesRightAfterExecHasItsNewSize(@TempDir Path home) throws Exception {
    Needs.program("openssh", "ssh-keygen");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (LiveGateway gateway = LiveGateway.start(home, new NamespaceEngine(SandboxLimits.DEFAULT));
        SshClient client = SshClient.setUpDefaultClient()) {
      client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
      client.start();
      try (ClientSession session =
          client
              .connect(LiveGateway.USER, "127.0.0.1", gateway.port())
              .verify(LIMIT)
              .getSession()) {
        session.addPasswordIdentity(LiveGateway.PASSWORD);
        session.auth().verify(LIMIT);
        ChannelExec exec = session.createExecChannel(COMMAND);
        exec.setUsePty(true);
        exec.setOut(out);
        exec.open().verify(LIMIT);
        exec.sendWindowChange(132, 43);
        exec.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), LIMIT);
      }
      assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("seen\r\n");
      SessionRecord record = gateway.sealed(COMMAND);
      Path cast = gateway.file(record, "exec-1.cast");
      assertThat(LiveGateway.data(cast, "r")).isIn("", "132x43");
    }
  }
}
