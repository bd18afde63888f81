package dev.tapedeck.cli;

import static org.awaitility.Awaitility.await;

import dev.tapedeck.cli.commands.Gateways;
import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.ConfigFile;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.cli.config.Listen;
import dev.tapedeck.clients.Shell;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.JsonException;
import dev.tapedeck.recording.SessionJson;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.SessionFolder;
import dev.tapedeck.testing.ScriptedUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Both gateways as {@code serve} wires them, in this process, in front of a scripted model API: the
 * users alice and bob with one key.
 */
final class WholeGateway implements AutoCloseable {

  private final Path home;
  private final ScriptedUpstream model;
  private final RecordingStore store;
  private final Gateways gateways;

  /**
   * Starts one.
   *
   * @param api lines of the section {@code api}, with two blanks in front of each
   * @param sandbox lines of the section {@code sandbox}, the same; by default its engine is {@code
   *     namespace}
   */
  WholeGateway(Path home, ScriptedUpstream.Script script, String api, String sandbox)
      throws Exception {
    this.home = home;
    Shell.run(home, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "id").expect(0);
    this.model = ScriptedUpstream.start(script);
    String key = Files.readString(home.resolve("id.pub")).strip();
    Path file = home.resolve("config.yaml");
    Files.writeString(
        file,
        """
        data: data
        ssh:
          listen: 127.0.0.1:0
          users:
            - { name: alice, authorized_keys: [ "%s" ] }
            - { name: bob, authorized_keys: [ "%s" ] }
        api:
          listen: 127.0.0.1:0
          upstreams: { anthropic: "%s", openai: "%s" }
        %ssandbox:
          pool: 1
        %s%s\
        """
            .formatted(
                key,
                key,
                model.url(),
                model.url(),
                api,
                sandbox.contains("engine:") ? "" : "  engine: namespace\n",
                sandbox));
    Environment surroundings = new Environment(Map.of(), home, home, "alice");
    Config config = ConfigFile.load(file, surroundings).config();
    Files.createDirectories(config.data());
    this.store = new RecordingStore(config.recordings());
    this.gateways = Wiring.open(config);
  }

  ScriptedUpstream model() {
    return model;
  }

  /** Answers every request with an empty message of Anthropic's. */
  static void answer(Object request, ScriptedUpstream.Line line) throws IOException {
    String body = "{\"type\":\"message\"}";
    line.send(
        "HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: %d\n\n%s"
            .formatted(body.length(), body));
  }

  private static Listen.At there(Listen.At at) {
    return Objects.requireNonNull(at, "it is off");
  }

  /** The address of the listener that everybody on this machine reaches. */
  String openUrl() {
    return "http://127.0.0.1:" + there(gateways.addresses().api()).port();
  }

  List<String> sshLine(String user, String command) {
    return new ArrayList<>(
        List.of(
            "ssh",
            "-F",
            "none",
            "-i",
            home.resolve("id").toString(),
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "LogLevel=ERROR",
            "-p",
            String.valueOf(there(gateways.addresses().ssh()).port()),
            user + "@127.0.0.1",
            command));
  }

  /** Runs a command in a session of its own and returns what it printed. */
  String ssh(String user, String command) throws Exception {
    return Shell.run(home, sshLine(user, command).toArray(String[]::new)).expect(0).text();
  }

  /** A session that lasts until it is closed, and what it printed first. */
  final class Stay implements AutoCloseable {
    private final Process process;
    final String line;

    /**
     * Begins it.
     *
     * @param command prints one line at once
     */
    Stay(String user, String command) throws IOException {
      process = Shell.start(home, sshLine(user, command + "; read -r _"));
      line = process.inputReader(StandardCharsets.UTF_8).readLine();
    }

    @Override
    public void close() throws IOException {
      process.outputWriter().close();
      process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }
  }

  /** A whole HTTP answer of curl's on this machine. */
  String curl(String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of("curl", "-sS", "-i", "--noproxy", "*"));
    line.addAll(List.of(arguments));
    return Shell.run(home, line.toArray(String[]::new)).expect(0).text();
  }

  /** All sessions that were recorded, oldest first. */
  List<SessionRecord> sessions() throws IOException {
    List<SessionRecord> all = new ArrayList<>();
    try (Stream<SessionFolder> folders = store.list()) {
      for (SessionFolder folder : folders.toList()) {
        all.add(SessionJson.read(folder));
      }
    }
    all.sort(Comparator.comparing(SessionRecord::id));
    return all;
  }

  /** The session that ran a command, once it is over. */
  SessionRecord sealed(String command) {
    return await()
        .atMost(30, TimeUnit.SECONDS)
        .ignoreExceptions()
        .until(
            () ->
                sessions().stream()
                    .filter(session -> session.ended() != null)
                    .filter(session ->
                        session.tracks().stream()
                            .anyMatch(track -> command.equals(track.command())))
                    .findFirst()
                    .orElseThrow(),
            Objects::nonNull);
  }

  /** The addresses that a session asked for, once there are so many. */
  List<String> asked(SessionRecord session, int count) {
    return await()
        .atMost(30, TimeUnit.SECONDS)
        .ignoreExceptionsMatching(
            e -> e instanceof NoSuchFileException || e instanceof JsonException)
        .until(() -> asked(session), asked -> asked.size() >= count);
  }

  private List<String> asked(SessionRecord session) throws IOException, JsonException {
    Path har = store.find(session.id()).orElseThrow().path().resolve("api.har");
    Obj log = ((Obj) Json.parse(Files.readString(har))).object("log");
    return log.array("entries").values().stream()
        .map(entry -> String.valueOf(((Obj) entry).object("request").string("url")))
        .toList();
  }

  /** How many descriptors this process has. */
  static long descriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    }
  }

  @Override
  public void close() throws IOException {
    gateways.close();
    model.close();
  }
}
