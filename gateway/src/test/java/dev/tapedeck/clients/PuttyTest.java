package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.sandbox.Sharing;
import dev.tapedeck.sandbox.none.NoneEngine;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.testing.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PuTTY's pscp, which sends a whole file without waiting for an answer. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PuttyTest {

  private static final int FILE_BYTES = 16 * 1024 * 1024;

  @TempDir static Path home;
  private static LiveGateway gateway;
  private static byte[] data;

  @BeforeAll
  static void start() throws Exception {
    Needs.program("openssh", "ssh");
    Needs.program("putty", "pscp");
    Sharing sharing = new Sharing(Sharing.Per.USER, Duration.ofMinutes(5));
    gateway = LiveGateway.sharing(home, new NoneEngine(), sharing);
    data = new byte[FILE_BYTES];
    new Random(8).nextBytes(data);
    Files.write(home.resolve("large"), data);
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  private static Process pscp(String protocol, String name) throws Exception {
    String key =
        Shell.run(home, "ssh-keyscan", "-t", "ed25519", "-p", "" + gateway.port(), "127.0.0.1")
            .text();
    Path known = Files.writeString(home.resolve("known"), key);
    String fingerprint =
        Shell.run(home, "ssh-keygen", "-lf", known.toString()).expect(0).text().split(" ", -1)[1];
    List<String> line = new ArrayList<>(List.of("env", "HOME=" + home, "pscp", protocol));
    line.addAll(List.of("-q", "-batch", "-P", "" + gateway.port(), "-hostkey", fingerprint));
    line.addAll(List.of("-pw", LiveGateway.PASSWORD, "large"));
    line.add(LiveGateway.USER + "@127.0.0.1:" + name);
    return Shell.start(home, line);
  }

  private static void arrivedWhole(Process pscp, String name) throws Exception {
    CompletableFuture<byte[]> complaints = Shell.gather(pscp.getErrorStream());
    assertThat(pscp.waitFor())
        .as(() -> new String(complaints.join(), StandardCharsets.UTF_8))
        .isZero();
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
    assertThat(gateway.ssh("sha256sum < " + name).expect(0).text()).startsWith(sum);
    SessionRecord record =
        gateway.sealed(
            known -> known.tracks().stream().anyMatch(track -> track.name().startsWith("files")));
    assertThat(record.status()).isEqualTo(SessionRecord.Status.COMPLETE);
  }

  @Test
  void uploadBySftpIsWholeAndTheServerIsNotFlooded() throws Exception {
    Process pscp = pscp("-sftp", "by-sftp");
    AtomicLong most = new AtomicLong();
    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> {
          most.accumulateAndGet(serverMemory(), Math::max);
          return !pscp.isAlive();
        });
    arrivedWhole(pscp, "by-sftp");
    assertThat(most.get()).as("KiB that sftp-server took at most").isPositive().isLessThan(10_000);
  }

  /** In KiB, the most that the server has ever taken; 0 if none runs. */
  private static long serverMemory() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().command().orElse("").endsWith("sftp-server"))
        .mapToLong(PuttyTest::highWater)
        .max()
        .orElse(0);
  }

  private static long highWater(ProcessHandle process) {
    try {
      return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException ended) {
      return 0;
    }
  }

  @Test
  void uploadByScpIsWhole() throws Exception {
    arrivedWhole(pscp("-scp", "by-scp"), "by-scp");
  }
}
