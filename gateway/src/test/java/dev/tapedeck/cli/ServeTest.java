package dev.tapedeck.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.testing.ChildJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ServeTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path folder;

  private ChildJvm serve(String... more) throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                "serve",
                "--data",
                folder.resolve("data").toString(),
                "--ready-file",
                folder.resolve("ready.json").toString(),
                "--ssh",
                "127.0.0.1:0"));
    args.addAll(List.of(more));
    return ChildJvm.start(ServeProbe.class, args.toArray(String[]::new));
  }

  private JsonNode ready() {
    Path file = folder.resolve("ready.json");
    await().atMost(LIMIT).until(() -> Files.exists(file));
    return new JsonMapper().readTree(file.toFile());
  }

  private static void signal(JsonNode ready, String name) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-" + name, ready.get("pid").asString()).inheritIO().start();
    assertThat(kill.waitFor()).isZero();
  }

  @Test
  void readyWhenItListensAndEndedInOrderBySigterm() throws Exception {
    try (ChildJvm gateway = serve()) {
      JsonNode ready = ready();
      assertThat(ready.propertyNames()).containsExactly("pid", "ssh", "api", "web", "data");
      assertThat(ready.get("api").isNull()).isTrue();
      assertThat(ready.get("data").asString()).isEqualTo(folder.resolve("data").toString());
      String ssh = ready.get("ssh").asString();
      int port = Integer.parseInt(ssh.substring(ssh.lastIndexOf(':') + 1));
      new Socket(InetAddress.getLoopbackAddress(), port).close();
      assertThat(mode("ready.json")).isEqualTo("rw-------");
      assertThat(mode("data")).isEqualTo("rwx------");
      signal(ready, "TERM");
      assertThat(gateway.exitCode()).isZero();
      assertThat(folder.resolve("data/sealed")).exists();
      assertThat(folder.resolve("ready.json")).doesNotExist();
    }
  }

  private String mode(String file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file)));
  }

  @Test
  void theBannerSaysWhereAndHowAndThePasswordOnce() throws Exception {
    try (ChildJvm gateway = serve()) {
      JsonNode ready = ready();
      signal(ready, "INT");
      List<String> banner = new ArrayList<>();
      for (String line = gateway.line(); line != null; line = gateway.line()) {
        banner.add(line);
      }
      assertThat(gateway.exitCode()).isZero();
      String port = ready.get("ssh").asString().replaceFirst(".*:", "");
      assertThat(String.join("\n", banner))
          .contains(
              "ssh -p " + port + " " + System.getProperty("user.name") + "@127.0.0.1",
              folder.resolve("data/recordings").toString(),
              folder.resolve("data/catalog.db").toString());
      assertThat(banner.stream().filter(line -> line.contains("password"))).hasSize(1);
    }
  }

  @Test
  void theBannerNamesTheFileThatGetsACopy() throws Exception {
    Path copy = folder.resolve("all.har");
    try (ChildJvm gateway = serve("--record", copy.toString())) {
      signal(ready(), "TERM");
      StringBuilder banner = new StringBuilder();
      for (String line = gateway.line(); line != null; line = gateway.line()) {
        banner.append(line).append('\n');
      }
      assertThat(banner)
          .contains(copy.toString())
          .contains(folder.resolve("data/recordings").toString());
    }
  }

  @Test
  void aSecondSignalEndsAtOnce() throws Exception {
    try (ChildJvm gateway = serve()) {
      JsonNode ready = ready();
      Files.createFile(folder.resolve("data/hang"));
      signal(ready, "TERM");
      await().atMost(LIMIT).until(() -> Files.exists(folder.resolve("data/closing")));
      signal(ready, "INT");
      assertThat(gateway.exitCode()).isEqualTo(130);
      assertThat(folder.resolve("data/sealed")).doesNotExist();
    }
  }

  @Test
  void withUsersNoPasswordIsMade() throws Exception {
    Path config = folder.resolve("config.yaml");
    Files.writeString(config, "ssh: { users: [ { name: zoe, password: open sesame } ] }");
    try (ChildJvm gateway = serve("--config", config.toString())) {
      signal(ready(), "TERM");
      StringBuilder banner = new StringBuilder();
      for (String line = gateway.line(); line != null; line = gateway.line()) {
        banner.append(line).append('\n');
      }
      assertThat(banner).contains("zoe@127.0.0.1").doesNotContain("password", "sesame");
    }
  }

  @Test
  void aPortInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ChildJvm gateway =
            ChildJvm.start(
                ServeProbe.class,
                "serve",
                "--data",
                folder.resolve("data").toString(),
                "--ssh",
                "127.0.0.1:" + taken.getLocalPort())) {
      assertThat(gateway.exitCode()).isEqualTo(1);
    }
  }
}
