package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.ssh.SshOptions;
import dev.tapedeck.storage.AppendFiles;
import dev.tapedeck.testing.Needs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that last or rest too long end with a line. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TimesTest {

  @Test
  void sessionThatLastsTooLongEndsWithALine(@TempDir Path home) throws Exception {
    endsWith(home, Duration.ofSeconds(2), null, "tapedeck: the session has lasted 2s");
  }

  @Test
  void sessionThatRestsTooLongEndsWithALine(@TempDir Path home) throws Exception {
    endsWith(home, null, Duration.ofSeconds(2), "tapedeck: nothing has passed for 2s");
  }

  private static void endsWith(
      Path home, @Nullable Duration session, @Nullable Duration idle, String line)
      throws Exception {
    Needs.program("openssh", "ssh");
    try (LiveGateway gateway =
        LiveGateway.start(
            home,
            new NamespaceEngine(SandboxLimits.DEFAULT),
            RecordingOptions.DEFAULT,
            AppendFiles.DISK,
            options -> timed(options, session, idle))) {
      Process client = Shell.start(home, gateway.ssh(List.of("-tt"), "echo here; sleep 1000"));
      CompletableFuture<byte[]> out = Shell.gather(client.getInputStream());
      assertThat(client.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(new String(out.get(), StandardCharsets.UTF_8)).contains("here").contains(line);
      SessionRecord record = gateway.sealed("echo here; sleep 1000");
      assertThat(LiveGateway.data(gateway.file(record, "exec-1.cast"), "o")).contains(line);
    }
  }

  private static SshOptions timed(
      SshOptions from, @Nullable Duration session, @Nullable Duration idle) {
    return new SshOptions(
        from.listen(),
        from.hostKeys(),
        from.acceptEnvironment(),
        session,
        idle,
        from.limits(),
        from.stallLimit());
  }
}
