package dev.tapedeck.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tapedeck.api.ApiLimits;
import dev.tapedeck.api.Budgets;
import dev.tapedeck.api.PathRule;
import dev.tapedeck.api.Provider;
import dev.tapedeck.cli.config.Config.Engine;
import dev.tapedeck.cli.config.Config.Policy;
import dev.tapedeck.cli.config.Config.User;
import dev.tapedeck.sandbox.FolderRules.Rule;
import dev.tapedeck.sandbox.Folders.Mount;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.Sharing;
import dev.tapedeck.sandbox.docker.EngineSocket;
import dev.tapedeck.ssh.SshLimits;
import dev.tapedeck.testing.Authority;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {

  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8Mc8XlXBTLXiVTxjVhRt3fjcLfnlOhKMDJU28+tg7B alice@home";
  private static final String HASH = "$2b$10$abcdefghijklmnopqrstuuVbWq3bUuVYk9E4dZpO7nDqL1sC9y1Ba";

  @TempDir Path folder;

  private Environment surroundings(Map<String, String> environment) {
    return new Environment(environment, Path.of("/home/ann"), Path.of("/work"), "ann");
  }

  private Config read(String text) throws IOException, ConfigException {
    return load(text).config();
  }

  private ConfigFile load(String text) throws IOException, ConfigException {
    Path file = folder.resolve("config.yaml");
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return ConfigFile.load(file, surroundings(Map.of()));
  }

  @Test
  void everyDefault() throws Exception {
    Config config = ConfigFile.load(null, surroundings(Map.of())).config();
    assertThat(config)
        .isEqualTo(
            new Config(
                Path.of("/home/ann/.local/share/tapedeck"),
                new Config.Ssh(
                    new Listen.At("127.0.0.1", 2222),
                    List.of(),
                    List.of("LANG", "LC_*"),
                    0,
                    null,
                    null,
                    new SshLimits(1000, 500, 100, 64, 6, Duration.ofMinutes(2))),
                new ApiConfig(
                    new Listen.At("127.0.0.1", 3344),
                    Map.of(
                        "anthropic",
                        new Config.Upstream("https://api.anthropic.com", null, null),
                        "openai",
                        new Config.Upstream("https://api.openai.com", null, null),
                        "gemini",
                        new Config.Upstream(
                            "https://generativelanguage.googleapis.com", null, null)),
                    ApiLimits.DEFAULT,
                    List.of(),
                    null,
                    List.of(),
                    List.of(),
                    List.of(),
                    Budgets.NONE),
                new Config.Web(new Listen.At("127.0.0.1", 3345)),
                new SandboxConfig(
                    Engine.NAMESPACE,
                    2,
                    SandboxLimits.DEFAULT.memoryBytes(),
                    SandboxLimits.DEFAULT.cpus(),
                    SandboxLimits.DEFAULT.processes(),
                    SandboxLimits.DEFAULT.diskBytes(),
                    new SandboxConfig.Docker(EngineSocket.find(Map.of()), "tapedeck-sandbox"),
                    Sharing.NONE,
                    SandboxConfig.Home.TEMPORARY,
                    List.of()),
                new Config.Recording(Policy.BEST_EFFORT, null, true, true, 64L << 20),
                new Config.Catalog.Sqlite(null),
                new Config.Index(16L << 20, 100_000, Duration.ofDays(90))));
    assertThat(config.recordings()).hasToString("/home/ann/.local/share/tapedeck/recordings");
    assertThat(config.catalogFile()).hasToString("/home/ann/.local/share/tapedeck/catalog.db");
  }

  @Test
  void everyKey() throws Exception {
    new Authority("ours").write(folder.resolve("ca.pem"));
    Config config = read(resource("every-key.yaml").replace("@KEY@", KEY).replace("@HASH@", HASH));
    assertThat(config)
        .isEqualTo(
            new Config(
                Path.of("/home/ann/tapes"),
                new Config.Ssh(
                    new Listen.At("::1", 2022),
                    List.of(
                        new User("alice", new Secret("in the file"), null, List.of(KEY)),
                        new User("bob", null, new Secret(HASH), List.of())),
                    List.of("LANG"),
                    0,
                    Duration.ofHours(8),
                    Duration.ofMinutes(30),
                    new SshLimits(200, 20, 30, 10, 4, Duration.ofSeconds(45))),
                new ApiConfig(
                    new Listen.Off(),
                    Map.of(
                        "anthropic",
                        new Config.Upstream(
                            "https://anthropic.example/base", null, folder.resolve("ca.pem")),
                        "openai",
                        new Config.Upstream(
                            "https://api.openai.com",
                            new Config.KeySource.Variable("OPENAI_API_KEY"),
                            null),
                        "gemini",
                        new Config.Upstream(
                            "https://generativelanguage.googleapis.com",
                            new Config.KeySource.KeyFile(folder.resolve("gemini.key")),
                            null),
                        "mine",
                        new Config.Upstream(
                            "http://127.0.0.1:8080",
                            Provider.ANTHROPIC,
                            new Config.KeySource.Command("pass show mine"),
                            List.of(
                                new PathRule("POST", "/v1/files"),
                                new PathRule("*", "/v1/files/**")),
                            null)),
                    new ApiLimits(
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(20),
                        Duration.ofHours(1),
                        32L << 20,
                        16L << 20,
                        64L << 10,
                        100,
                        50,
                        2000,
                        1500,
                        900,
                        90,
                        64 << 10,
                        Duration.ofSeconds(15),
                        Duration.ofMinutes(2)),
                    List.of("x-session-cookie-name", "our_handle"),
                    "X-Build",
                    List.of("tapedeck.example"),
                    List.of("https://chat.example:8443"),
                    List.of("172.17.0.0/16", "192.0.2.7"),
                    new Budgets(
                        new Budgets.Allowance(500L, 2_000_000L, 4.5, 8),
                        new Budgets.Allowance(5000L, 20_000_000L, 20.0, 40),
                        Duration.ofDays(7),
                        List.of(
                            new Budgets.Price("claude-opus-*", 5, 25, 0.5, 6.25),
                            new Budgets.Price("*", 1, 2, 1, 1)))),
                new Config.Web(new Listen.At("0.0.0.0", 8080)),
                new SandboxConfig(
                    Engine.DOCKER,
                    5,
                    1L << 30,
                    1.5,
                    64,
                    100_000_000,
                    new SandboxConfig.Docker(
                        EngineSocket.at(folder.resolve("run/docker.sock")), "mine:1"),
                    new Sharing(Sharing.Per.USER, Duration.ofHours(2)),
                    SandboxConfig.Home.TEMPORARY,
                    List.of(
                        new Rule(new Mount(folder, "/work", true), List.of("alice")),
                        new Rule(
                            new Mount(Path.of("/usr"), "/srv/data", false),
                            List.of("bob", "carol")))),
                new Config.Recording(
                    Policy.STRICT, folder.resolve("tapes"), false, false, 5L << 20),
                new Config.Catalog.Sqlite(folder.resolve("index.db")),
                new Config.Index(1L << 30, 5000, Duration.ofDays(7))));
  }

  @Test
  void theListOfKeysIsWhatIsRead() throws Exception {
    Section.Notes notes = new Section.Notes("config.yaml");
    String user =
        """
        ssh: { users: [ { name: a, password: b } ] }
        sandbox: { mounts: [ { host: /, sandbox: /work } ] }
        api: { upstreams: { x: "https://x" }, prices: [ { model: m } ] }
        """;
    ConfigFile.parse(user, Path.of("/config.yaml"), notes, surroundings(Map.of()));
    assertThat(notes.keys).containsExactlyInAnyOrderElementsOf(KnownKeys.ALL);
  }

  @Test
  void xdgFoldersUnlessRelative() {
    Environment set =
        surroundings(Map.of("XDG_CONFIG_HOME", "/etc/ann", "XDG_DATA_HOME", "/srv/ann"));
    assertThat(set.defaultConfigFile()).hasToString("/etc/ann/tapedeck/config.yaml");
    assertThat(set.defaultData()).hasToString("/srv/ann/tapedeck");
    Environment relative = surroundings(Map.of("XDG_CONFIG_HOME", "etc", "XDG_DATA_HOME", ""));
    assertThat(relative.defaultConfigFile()).hasToString("/home/ann/.config/tapedeck/config.yaml");
    assertThat(relative.defaultData()).hasToString("/home/ann/.local/share/tapedeck");
  }

  @Test
  void anEmptyFileAndEmptySectionsAreDefaults() throws Exception {
    Config defaults = Config.defaults(surroundings(Map.of()));
    assertThat(read("")).isEqualTo(defaults);
    assertThat(read("# nothing\n")).isEqualTo(defaults);
    assertThat(read("ssh:\nsandbox:\n  docker:\n")).isEqualTo(defaults);
  }

  private static Map<String, String> golden() throws IOException {
    Map<String, String> golden = new LinkedHashMap<>();
    List<String> cases = List.of(resource("errors.txt").split("\n=====\n"));
    for (String each : cases.subList(1, cases.size())) {
      int arrow = each.indexOf("=> ");
      golden.put(
          each.substring(0, arrow).replace("<TAB>", "\t"), each.substring(arrow + 3).strip());
    }
    return golden;
  }

  private static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ConfigFileTest.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void everyMistakeNamesLineColumnAndWhatIsAllowed() throws IOException {
    Map<String, String> golden = golden();
    assertThat(golden).hasSizeGreaterThan(20);
    Map<String, String> said = new LinkedHashMap<>();
    for (String text : golden.keySet()) {
      Throwable error = catchThrowable(() -> read(text));
      assertThat(error).as(text).isInstanceOf(ConfigException.class);
      said.put(text, String.valueOf(error.getMessage()).replace(folder + "/config.yaml:", ""));
    }
    assertThat(said).containsExactlyEntriesOf(golden);
  }

  @Test
  void allMistakesAtOnceInTheOrderOfLines() {
    assertThatThrownBy(() -> read("colour: red\nssh: { max_auth_tries: x }\ncatalog: y\n"))
        .satisfies(e ->
            assertThat(String.valueOf(e.getMessage()).lines())
                .hasSize(3)
                .extracting(line -> line.replaceFirst(".*config.yaml:(\\d+):.*", "$1"))
                .containsExactly("1", "2", "3"));
  }

  @Test
  void noErrorShowsAPassword() {
    List<String> wrong =
        List.of(
            "ssh: { users: [ { name: a, password: *hunter2 } ] }",
            "ssh: { users: [ { name: a, password: [hunter2] } ] }",
            "ssh: { users: [ { name: a, password: { hunter2: x } } ] }",
            "ssh: { users: [ { name: a, password: \"hunter2 } ] }",
            "ssh: { users: [ { name: a, password_hash: hunter2 } ] }",
            "ssh: { users: [ { name: a, password: hunter2, password_hash: hunter2 } ] }",
            "ssh: { users: [ { name: a, password: hunter2: x } ] }",
            "ssh: { users: [ { name: a, password: %hunter2 } ] }",
            "ssh: { users: [ { name: a, password: @hunter2 } ] }",
            "ssh: { users: [ { name: a, password: " + "hunter2".repeat(20) + " } ] }");
    for (String text : wrong) {
      assertThatThrownBy(() -> read(text))
          .as(text)
          .isInstanceOf(ConfigException.class)
          .message()
          .contains("config.yaml:1:")
          .doesNotContain("hunter");
    }
    assertThat(new User("a", new Secret("hunter2"), null, List.of()).toString())
        .doesNotContain("hunter");
  }

  @Test
  void aKeyThatIsNoneNamesItsPlace() {
    assertThatThrownBy(
            () -> read("ssh:\n  users:\n    - name: a\n      authorized_keys: [\"ssh-rsa no\"]\n"))
        .hasMessageContaining("config.yaml:4:24: ssh.users[].authorized_keys: not a public key");
  }

  @Test
  void certificatesAreForHttps() throws Exception {
    new Authority("ours").write(folder.resolve("ca.pem"));
    assertThatThrownBy(
            () -> read("api: { upstreams: { x: { url: \"http://127.0.0.1:1\", ca: ca.pem } } }"))
        .hasMessage(
            folder + "/config.yaml:1:57: api.upstreams[].ca: http has no certificates; https has");
  }

  @Test
  void passwordsThatOthersCanReadAreWarnedOf() throws Exception {
    ConfigFile own = load("ssh: { users: [ { name: a, password: x } ] }");
    assertThat(own.warnings()).isEmpty();
    Path file = folder.resolve("config.yaml");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(ConfigFile.load(file, surroundings(Map.of())).warnings())
        .containsExactly(
            file + " holds passwords and can be read by other users: chmod 600 " + file);
    Files.writeString(file, "data: x");
    assertThat(ConfigFile.load(file, surroundings(Map.of())).warnings()).isEmpty();
  }

  @Test
  void aNamedFileMustBeThere() {
    Path missing = folder.resolve("missing.yaml");
    assertThatThrownBy(() -> ConfigFile.load(missing, surroundings(Map.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessage(missing + ": no such file");
    assertThatThrownBy(() -> ConfigFile.load(folder, surroundings(Map.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(folder + ": cannot be read");
  }

  @Test
  void textThatIsNotUtf8() throws Exception {
    Path file = folder.resolve("latin1.yaml");
    Files.write(file, new byte[] {'a', ':', (byte) 0xFC});
    assertThatThrownBy(() -> ConfigFile.load(file, surroundings(Map.of())))
        .hasMessage(file + ": not UTF-8 text");
  }

  @Test
  void theCommandLineIsOverTheFile() throws Exception {
    new Authority("ours").write(folder.resolve("ca.pem"));
    Config config =
        read(
            """
            data: /from/file
            sandbox: { engine: docker, pool: 9 }
            recording: { enabled: false }
            api: { upstreams: { openai: { ca: ca.pem } } }
            """);
    Config over =
        new Overrides(
                Path.of("/from/line"),
                new Listen.Off(),
                null,
                null,
                Map.of("x", "https://x", "openai", "https://y"),
                Engine.NONE,
                Policy.STRICT,
                Path.of("/tapes"),
                false,
                new Config.Catalog.Off())
            .over(config);
    assertThat(over.data()).hasToString("/from/line");
    assertThat(over.ssh().listen()).isEqualTo(new Listen.Off());
    assertThat(over.web()).isEqualTo(config.web());
    assertThat(over.api().upstreams())
        .containsEntry("x", new Config.Upstream("https://x", null, null));
    assertThat(over.api().upstreams())
        .containsEntry("openai", new Config.Upstream("https://y", null, folder.resolve("ca.pem")));
    assertThat(over.sandbox().engine()).isEqualTo(Engine.NONE);
    assertThat(over.sandbox().pool()).isEqualTo(9);
    assertThat(over.recording())
        .isEqualTo(new Config.Recording(Policy.STRICT, Path.of("/tapes"), true, true, 64L << 20));
    assertThat(over.catalogFile()).isNull();
    assertThat(Overrides.of(null, null, null).over(config)).isEqualTo(config);
  }
}
