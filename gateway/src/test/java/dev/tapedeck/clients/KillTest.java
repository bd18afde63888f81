package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.cli.Main;
import dev.tapedeck.testing.ChildJvm;
import dev.tapedeck.testing.Needs;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole program, as its command line starts it, and what is left when it is killed. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class KillTest {

  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void whatTheClientGotIsInTheRecordingAfterKill(@TempDir Path home) throws Exception {
    Needs.program("openssh", "ssh");
    String data = home.resolve("data").toString();
    Path ready = home.resolve("ready.json");
    Path config = configuration(home);
    byte[] got;
    try (ChildJvm gateway = serve(config, data, ready)) {
      await().atMost(60, TimeUnit.SECONDS).until(() -> Files.exists(ready));
      Process client = Shell.start(home, ssh(home, port(ready)));
      InputStream out = client.getInputStream();
      ByteArrayOutputStream received = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      while (received.size() < 2_000_000) {
        int count = out.read(buffer);
        assertThat(count).as("output before the kill").isPositive();
        received.write(buffer, 0, count);
      }
      gateway.kill();
      out.transferTo(received);
      assertThat(client.waitFor(20, TimeUnit.SECONDS)).isTrue();
      got = received.toByteArray();
    }
    try (ChildJvm repair = ChildJvm.start(Main.class, "repair", "--data", data)) {
      while (repair.line() != null) {
        // until it ends
      }
    }
    Path folder;
    try (Stream<Path> files = Files.walk(Path.of(data))) {
      folder =
          files
              .filter(file -> file.endsWith("session.json"))
              .findFirst()
              .orElseThrow()
              .resolveSibling("");
    }
    JsonNode session = JSON.readTree(Files.readString(folder.resolve("session.json")));
    assertThat(session.get("status").asString()).isEqualTo("truncated");
    String recorded = LiveGateway.data(folder.resolve("exec-1.cast"), "o");
    assertThat(recorded.startsWith(new String(got, StandardCharsets.UTF_8)))
        .as("the %d bytes that the client got begin the %d recorded", got.length, recorded.length())
        .isTrue();
  }

  @Test
  void signalEndsTheGatewayWithItsFilesSealed(@TempDir Path home) throws Exception {
    Needs.program("openssh", "ssh");
    String data = home.resolve("data").toString();
    Path ready = home.resolve("ready.json");
    Path config = configuration(home);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--config",
                config.toString(),
                "--data",
                data,
                "--ready-file",
                ready.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("serve.log").toFile())
            .start();
    await().atMost(60, TimeUnit.SECONDS).until(() -> Files.exists(ready));
    Process client = Shell.start(home, ssh(home, port(ready)));
    assertThat(client.getInputStream().read()).isPositive();
    process.destroy();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    Shell.gather(client.getInputStream()).get();
    assertThat(client.waitFor(20, TimeUnit.SECONDS)).isTrue();
    try (Stream<Path> files = Files.walk(Path.of(data, "recordings"))) {
      Path json = files.filter(file -> file.endsWith("session.json")).findFirst().orElseThrow();
      JsonNode session = JSON.readTree(Files.readString(json));
      assertThat(session.get("status").asString()).isEqualTo("complete");
      assertThat(session.get("reason").asString()).contains("gateway is being stopped");
    }
    assertThat(ready).doesNotExist();
  }

  private static ChildJvm serve(Path config, String data, Path ready) throws Exception {
    return ChildJvm.start(
        Main.class,
        "serve",
        "--config",
        config.toString(),
        "--data",
        data,
        "--ready-file",
        ready.toString());
  }

  private static Path configuration(Path home) throws Exception {
    Path key = home.resolve("key");
    Shell.run(home, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()).expect(0);
    String publicKey = Files.readString(home.resolve("key.pub")).strip();
    return Files.writeString(
        home.resolve("config.yaml"),
        """
        api: { listen: 127.0.0.1:0 }
        ssh:
          listen: 127.0.0.1:0
          users:
            - { name: alice, authorized_keys: ["%s"] }
        """
            .formatted(publicKey));
  }

  private static int port(Path ready) throws Exception {
    String ssh = JSON.readTree(Files.readString(ready)).get("ssh").asString();
    return Integer.parseInt(ssh.substring(ssh.lastIndexOf(':') + 1));
  }

  private static List<String> ssh(Path home, int port) {
    return List.of(
        "ssh",
        "-F",
        "none",
        "-i",
        home.resolve("key").toString(),
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
        "-o",
        "LogLevel=ERROR",
        "-p",
        Integer.toString(port),
        "alice@127.0.0.1",
        "i=0; while :; do i=$((i+1)); echo line number $i; done");
  }
}
