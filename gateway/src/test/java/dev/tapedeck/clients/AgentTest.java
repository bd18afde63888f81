package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.recording.SessionJson;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.SessionFolder;
import dev.tapedeck.testing.Needs;
import dev.tapedeck.testing.ScriptedClaude;
import dev.tapedeck.testing.ScriptedUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Claude Code as npm has it, with a model that is a script: what it said to the model and what it
 * did lie in one session.
 */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class AgentTest {

  /** Where .ci/run installs agents: a folder of the system, which sandboxes see too. */
  private static final Path CLAUDE =
      Path.of("/usr/local/lib/tapedeck-agents/node_modules/.bin/claude");

  private static final String MARK = "proof-of-42";
  private static final String COMMAND = "echo proof-of-$((6*7)) | tee proof.txt";
  private static final String PLACEHOLDER = "sk-ant-api03-placeholder-of-the-test";
  private static final String KEY = "sk-ant-api03-the-real-key-of-the-gateway";
  private static final String ASK = CLAUDE + " -p 'Run the command.' --allowedTools Bash";

  /** It would ask for more than the model: updates, statistics. */
  private static final Map<String, String> QUIET =
      Map.of(
          "ANTHROPIC_API_KEY", PLACEHOLDER,
          "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1",
          "DISABLE_AUTOUPDATER", "1",
          "DISABLE_TELEMETRY", "1");

  @TempDir Path home;

  private static void needsClaude() {
    Needs.need("claude", Files.isExecutable(CLAUDE), "there is no " + CLAUDE);
  }

  @Test
  void underRunItsConversationLiesBesideItsTerminal() throws Exception {
    needsClaude();
    try (ScriptedUpstream model = ScriptedUpstream.start(new ScriptedClaude(COMMAND));
        Person person = Person.at(home, new TerminalSize(100, 30), QUIET)) {
      String screen =
          person.runs(
              "./tapedeck run --data data --no-db --upstream anthropic="
                  + model.url()
                  + " -- "
                  + ASK);
      assertThat(person.runs("echo \"<$?>\"")).contains("<0>");
      assertThat(screen).contains(ScriptedClaude.LAST_WORDS, "tokens in", "recorded in");
      assertThat(home.resolve("proof.txt")).hasContent(MARK);
      SessionFolder folder = folder();
      SessionRecord record = SessionJson.read(folder);
      assertThat(record.kind()).isEqualTo("run");
      assertThat(record.tracks())
          .extracting(SessionRecord.TrackRecord::name)
          .contains("exec-1", "api");
      assertThat(LiveGateway.data(folder.path().resolve("exec-1.cast"), "o"))
          .contains(ScriptedClaude.LAST_WORDS);
      conversation(folder);
      nowhere(PLACEHOLDER);
    }
  }

  @Test
  void inASandboxItTalksToTheModelThroughTheGatewayAndNeedsNoKey() throws Exception {
    needsClaude();
    Needs.program("openssh", "ssh");
    Shell.run(home, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "id").expect(0);
    Files.writeString(home.resolve("key"), KEY + "\n");
    try (ScriptedUpstream model = ScriptedUpstream.start(new ScriptedClaude(COMMAND))) {
      Files.writeString(home.resolve("config.yaml"), config(model));
      Process gateway = serve();
      try {
        String port = port();
        List<String> ssh =
            new ArrayList<>(
                List.of(
                    "ssh", "-F", "none", "-tt", "-i", "id", "-p", port, "-o", "LogLevel=ERROR"));
        ssh.addAll(List.of("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"));
        ssh.add("alice@127.0.0.1");
        StringBuilder line = new StringBuilder();
        QUIET.forEach((name, value) -> {
          if (!value.equals(PLACEHOLDER)) {
            line.append(name).append('=').append(value).append(' ');
          }
        });
        ssh.add(line + ASK + " && cat proof.txt");
        Shell.Result result = Shell.run(home, ssh.toArray(String[]::new));
        assertThat(result.expect(0).text()).contains(ScriptedClaude.LAST_WORDS, MARK);
      } finally {
        gateway.destroy();
        assertThat(gateway.waitFor(60, TimeUnit.SECONDS)).isTrue();
      }
      SessionFolder folder = folder();
      SessionRecord record = SessionJson.read(folder);
      assertThat(record.kind()).isEqualTo("ssh");
      assertThat(record.tracks())
          .extracting(SessionRecord.TrackRecord::name)
          .contains("exec-1", "api");
      assertThat(LiveGateway.data(folder.path().resolve("exec-1.cast"), "o")).contains(MARK);
      conversation(folder);
      assertThat(model.requests().stream().filter(r -> r.line().startsWith("POST /v1/messages")))
          .allSatisfy(request -> assertThat(request.field("x-api-key")).isEqualTo(KEY));
      nowhere(KEY);
    }
  }

  private String config(ScriptedUpstream model) throws IOException {
    return """
    ssh:
      listen: 127.0.0.1:0
      users: [ { name: alice, authorized_keys: [ "%s" ] } ]
    api:
      listen: 127.0.0.1:0
      upstreams: { anthropic: { url: "%s", key: { file: "%s" } } }
    web: { listen: off }
    sandbox: { engine: namespace, memory: 2GiB, cpus: 2, processes: 200, pool: 0 }
    """
        .formatted(
            Files.readString(home.resolve("id.pub")).strip(), model.url(), home.resolve("key"));
  }

  private Process serve() throws IOException {
    Person.program(home);
    List<String> command =
        List.of("./tapedeck", "serve", "--config", "config.yaml", "--data", "data");
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of("--ready-file", "ready.json", "--no-db"));
    return new ProcessBuilder(all)
        .directory(home.toFile())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private String port() throws Exception {
    Path ready = home.resolve("ready.json");
    await().atMost(Person.LIMIT).until(() -> Files.exists(ready));
    String ssh = ((Obj) Json.parse(Files.readString(ready))).string("ssh");
    return String.valueOf(ssh).replaceFirst(".*:", "");
  }

  private SessionFolder folder() throws IOException {
    try (Stream<SessionFolder> folders =
        new RecordingStore(home.resolve("data/recordings")).list()) {
      List<SessionFolder> all = folders.toList();
      assertThat(all).hasSize(1);
      return all.getFirst();
    }
  }

  /** The HAR has the tool's call, its result and the last words, each rebuilt from a stream. */
  private static void conversation(SessionFolder folder) throws Exception {
    Obj har = (Obj) Json.parse(Files.readString(folder.path().resolve("api.har")));
    Arr entries = ((Obj) har.members().get("log")).array("entries");
    List<Obj> calls =
        entries.values().stream()
            .map(Obj.class::cast)
            .filter(entry -> entry.object("request").string("url").contains("/v1/messages"))
            .filter(entry -> !entry.object("request").string("url").contains("count_tokens"))
            .toList();
    assertThat(calls)
        .anySatisfy(
            call -> assertThat(answer(call)).contains("\"tool_use\"", "\"Bash\"", "tee proof.txt"));
    assertThat(calls)
        .anySatisfy(call -> {
          assertThat(call.object("request").object("postData").string("text"))
              .contains("\"tool_result\"", MARK);
          assertThat(answer(call)).contains(ScriptedClaude.LAST_WORDS, "\"end_turn\"");
          assertThat(call.string("_end")).isEqualTo("complete");
        });
  }

  private static String answer(Obj call) {
    return String.valueOf(call.object("response").object("content").string("text"));
  }

  private void nowhere(String secret) throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("data"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as("%s", file)
            .doesNotContain(secret);
      }
    }
  }
}
