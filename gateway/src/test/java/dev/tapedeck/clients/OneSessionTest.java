package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.cli.Main;
import dev.tapedeck.testing.ChildJvm;
import dev.tapedeck.testing.Needs;
import dev.tapedeck.testing.ScriptedUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole program: a program in a sandbox talks to its model, in the session of its shell. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class OneSessionTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String KEY = "sk-ant-the-real-key-0123456789";

  /** Asks without a key, as an agent does whose environment names the gateway. */
  private static final String AGENT =
      """
      body='{"model":"claude-x","stream":true,"messages":[]}'
      address=${ANTHROPIC_BASE_URL#http://}
      exec 3<>/dev/tcp/${address%%:*}/$(echo ${address#*:} | cut -d/ -f1)
      printf 'POST /%s/v1/messages HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\nContent-Length: %d\\r\\n\\r\\n%s' \
        "${address#*/}" ${#body} "$body" >&3
      grep -o '"text":"[^"]*"' <&3
      env | grep -c sk-ant-the-real-key
      """;

  private static final ScriptedUpstream.Script MODEL =
      (_, line) -> {
        line.send(
            "HTTP/1.1 200 OK\nContent-Type: text/event-stream\nTransfer-Encoding: chunked\n\n");
        line.chunk(
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":"
                + "{\"id\":\"m\",\"model\":\"claude-x\",\"content\":[]}}\n\n");
        line.chunk(
            "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
                + "\"content_block\":{\"type\":\"text\",\"text\":\"hello from the model\"}}\n\n");
        line.chunk("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
        line.end();
      };

  @TempDir Path home;

  private ChildJvm serve(ScriptedUpstream upstream, Path ready) throws Exception {
    Path key = home.resolve("key");
    Shell.run(home, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()).expect(0);
    Path secret = Files.writeString(home.resolve("upstream.key"), KEY + "\n");
    Path config =
        Files.writeString(
            home.resolve("config.yaml"),
            """
            ssh:
              listen: 127.0.0.1:0
              users:
                - { name: alice, authorized_keys: ["%s"] }
            api:
              listen: 127.0.0.1:0
              upstreams: { anthropic: { url: "%s", key: { file: "%s" } } }
            """
                .formatted(
                    Files.readString(home.resolve("key.pub")).strip(), upstream.url(), secret));
    return ChildJvm.start(
        Main.class,
        "serve",
        "--config",
        config.toString(),
        "--data",
        home.resolve("data").toString(),
        "--ready-file",
        ready.toString());
  }

  private Shell.Result ssh(Path ready, String command) throws Exception {
    String ssh = JSON.readTree(Files.readString(ready)).get("ssh").asString();
    List<String> line =
        List.of(
            "ssh",
            "-F",
            "none",
            "-i",
            home.resolve("key").toString(),
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "LogLevel=ERROR",
            "-p",
            ssh.substring(ssh.lastIndexOf(':') + 1),
            "alice@127.0.0.1",
            command);
    return Shell.run(home, line.toArray(String[]::new));
  }

  @Test
  void whatAnAgentSaidAndDidLiesInOneSessionAndItsKeyNowhere() throws Exception {
    Needs.program("openssh", "ssh");
    Path ready = home.resolve("ready.json");
    JsonNode session;
    try (ScriptedUpstream upstream = ScriptedUpstream.start(MODEL);
        ChildJvm _ = serve(upstream, ready)) {
      await().atMost(60, TimeUnit.SECONDS).until(() -> Files.exists(ready));
      Shell.Result result = ssh(ready, AGENT);
      assertThat(result.text()).isEqualTo("\"text\":\"hello from the model\"\n0\n");
      assertThat(upstream.requests().getFirst().field("x-api-key")).isEqualTo(KEY);
      session =
          await()
              .atMost(30, TimeUnit.SECONDS)
              .until(this::session, json -> json.get("status").asString().equals("complete"));
    }
    assertThat(session.get("kind").asString()).isEqualTo("ssh");
    assertThat(session.get("tracks").valueStream().map(track -> track.get("name").asString()))
        .containsExactly("exec-1", "api");
    JsonNode entry =
        JSON.readTree(Files.readString(folder().resolve("api.har")))
            .get("log")
            .get("entries")
            .get(0);
    assertThat(entry.get("response").get("content").get("text").asString())
        .contains("hello from the model");
    // One clock: the answer was in the terminal after it was asked for, and before the session
    // ended.
    assertThat(entry.get("_time").asDouble() * 1000)
        .isBetween(0.0, session.get("duration_ms").asDouble());
    byte[] key = KEY.getBytes(StandardCharsets.UTF_8);
    for (Path file : files()) {
      assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
          .as("%s", file)
          .doesNotContain(
              KEY,
              HexFormat.of().formatHex(key),
              Base64.getEncoder().encodeToString(key).substring(0, 20));
    }
  }

  private JsonNode session() throws IOException {
    try {
      return JSON.readTree(Files.readString(folder().resolve("session.json")));
    } catch (java.util.NoSuchElementException | java.nio.file.NoSuchFileException notYet) {
      return JSON.readTree("{\"status\":\"none\"}");
    }
  }

  private Path folder() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("data/recordings"))) {
      return files
          .filter(file -> file.endsWith("session.json"))
          .findFirst()
          .orElseThrow()
          .resolveSibling("");
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("data"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
