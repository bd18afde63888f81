package dev.tapedeck.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.recording.FaultyTapes;
import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.storage.TinyDisk;
import dev.tapedeck.testing.Needs;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Disks that are full, read-only or hang: the client notices nothing, and the recording says what
 * it lacks.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class DisksTest {

  private static final int LINES = 20_000;
  private static final String COMMAND = "seq " + LINES;

  @Test
  void fullDiskLeavesTheSessionWholeAndMarksTheGap(@TempDir Path home) throws Exception {
    Needs.program("openssh", "ssh");
    try (TinyDisk _ = TinyDisk.mount(home.resolve("data"), 200);
        LiveGateway gateway = LiveGateway.start(home, new NamespaceEngine(SandboxLimits.DEFAULT))) {
      String eightfold = "for i in 1 2 3 4 5 6 7 8; do " + COMMAND + "; done";
      Shell.Result result = gateway.ssh(eightfold).expect(0);
      assertThat(result.text().lines().count()).isEqualTo(8L * LINES);
      SessionRecord record = gateway.sealed(eightfold);
      assertThat(record.status()).isEqualTo(Status.GAP);
      assertThat(record.gaps()).isNotEmpty();
      assertThat(record.gaps().getFirst().reason()).contains("No space left");
      assertThat(LiveGateway.data(gateway.file(record, "exec-1.cast"), "m"))
          .contains("recording gap");
      assertThat(Files.readString(gateway.file(record, "session.json"))).contains("\"gap\"");
    }
  }

  @Test
  void readOnlyDiskLeavesTheSessionWhole(@TempDir Path home) throws Exception {
    Needs.program("openssh", "ssh");
    try (TinyDisk disk = TinyDisk.mount(home.resolve("data"), 4096);
        LiveGateway gateway = LiveGateway.start(home, new NamespaceEngine(SandboxLimits.DEFAULT))) {
      disk.readOnly();
      Shell.Result result = gateway.ssh(COMMAND).expect(0);
      assertThat(result.text().lines().count()).isEqualTo(LINES);
      assertThat(gateway.sealed(COMMAND).status()).isEqualTo(Status.FAILED);
    }
  }

  @Test
  void hangingDiskDoesNotHangTheSession(@TempDir Path home) throws Exception {
    Needs.program("openssh", "ssh");
    FaultyTapes disk = new FaultyTapes();
    try (LiveGateway gateway =
        LiveGateway.start(
            home,
            new NamespaceEngine(SandboxLimits.DEFAULT),
            RecordingOptions.DEFAULT,
            disk,
            options -> options)) {
      String command = "echo begun; read x; " + COMMAND;
      Process client = Shell.start(home, gateway.ssh(List.of(), command));
      InputStream out = client.getInputStream();
      assertThat(new String(out.readNBytes(6), UTF_8)).isEqualTo("begun\n");
      disk.hang();
      CompletableFuture<byte[]> rest = Shell.gather(out);
      client.getOutputStream().write('\n');
      client.getOutputStream().close();
      assertThat(client.waitFor(30, TimeUnit.SECONDS)).as("ended while the disk hangs").isTrue();
      assertThat(new String(rest.get(), UTF_8).lines().count()).isEqualTo(LINES);
      disk.release();
      SessionRecord record = gateway.sealed(command);
      assertThat(record.status()).isEqualTo(Status.COMPLETE);
      assertThat(LiveGateway.data(gateway.file(record, "exec-1.cast"), "o").lines().count())
          .isEqualTo(LINES + 1L);
    }
  }

  @Test
  void frozenFileSystemDoesNotHangTheSession(@TempDir Path home) throws Exception {
    Needs.program("openssh", "ssh");
    try (FrozenDisk disk = FrozenDisk.mount(home.resolve("disk.img"), home.resolve("data"));
        LiveGateway gateway = LiveGateway.start(home, new NamespaceEngine(SandboxLimits.DEFAULT))) {
      try {
        String command = "echo begun; read x; " + COMMAND;
        Process client = Shell.start(home, gateway.ssh(List.of(), command));
        InputStream out = client.getInputStream();
        assertThat(new String(out.readNBytes(6), UTF_8)).isEqualTo("begun\n");
        disk.freeze();
        CompletableFuture<byte[]> rest = Shell.gather(out);
        client.getOutputStream().write('\n');
        client.getOutputStream().close();
        assertThat(client.waitFor(30, TimeUnit.SECONDS)).as("ended while frozen").isTrue();
        assertThat(new String(rest.get(), UTF_8).lines().count()).isEqualTo(LINES);
        disk.thaw();
        SessionRecord record = gateway.sealed(command);
        assertThat(record.status()).isEqualTo(Status.COMPLETE);
        assertThat(LiveGateway.data(gateway.file(record, "exec-1.cast"), "o").lines().count())
            .isEqualTo(LINES + 1L);
      } finally {
        disk.thaw();
      }
    }
  }

  @Test
  void strictPolicyEndsTheSessionThatCannotBeRecorded(@TempDir Path home) throws Exception {
    Needs.program("openssh", "ssh");
    FaultyTapes disk = new FaultyTapes();
    RecordingOptions strict =
        new RecordingOptions(
            RecordingOptions.Policy.STRICT,
            true,
            RecordingOptions.DEFAULT_PAYLOAD_LIMIT,
            RecordingOptions.DEFAULT_STALL_LIMIT,
            RecordingOptions.DEFAULT_BACKLOG_BYTES);
    try (LiveGateway gateway =
        LiveGateway.start(
            home, new NamespaceEngine(SandboxLimits.DEFAULT), strict, disk, options -> options)) {
      Process client = Shell.start(home, gateway.ssh(List.of(), "echo begun; read x; echo on"));
      assertThat(new String(client.getInputStream().readNBytes(6), UTF_8)).isEqualTo("begun\n");
      disk.failAfter(0);
      client.getOutputStream().write('\n');
      client.getOutputStream().flush();
      CompletableFuture<byte[]> rest = Shell.gather(client.getInputStream());
      assertThat(client.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(rest.get()).as("what passed unrecorded").isEmpty();
      disk.recover();
      await().atMost(20, TimeUnit.SECONDS).until(() -> gateway.gateway().connections() == 0);
      SessionRecord record = gateway.sealed("echo begun; read x; echo on");
      assertThat(record.status()).isEqualTo(Status.GAP);
      assertThat(gateway.store().find(record.id()).orElseThrow().isLive()).isFalse();
    }
  }
}
