package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.formats.json.Json;
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
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code tapedeck run} as people use it: at a real terminal, and in scripts. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RunTest {

  private static final TerminalSize SIZE = new TerminalSize(91, 27);
  private static final String RUN = "./tapedeck run --data data --no-db -- ";
  private static final String SECRET = "correct-horse-battery";

  @TempDir Path home;

  private List<SessionFolder> folders() throws IOException {
    try (Stream<SessionFolder> folders =
        new RecordingStore(home.resolve("data/recordings")).list()) {
      return folders.toList();
    }
  }

  private SessionFolder folder() throws IOException {
    assertThat(folders()).hasSize(1);
    return folders().getFirst();
  }

  private Path cast() throws IOException {
    return folder().path().resolve("exec-1.cast");
  }

  @Test
  void aProgramHasATerminalLikeThePersonsAndItsStatusIsPassedOn() throws Exception {
    try (Person person = Person.at(home, SIZE)) {
      person.runs("stty erase ^H");
      String modes = person.modes();
      String screen =
          person.runs(RUN + "bash -c 'tty; stty size; stty -g; test -t 2 && echo all; exit 41'");
      assertThat(screen)
          .contains("/dev/pts/", "27 91", modes.strip(), "all", "tapedeck: ", "0 exchanges");
      assertThat(person.runs("echo \"<$?>\"")).contains("<41>");
      assertThat(person.modes()).isEqualTo(modes);
      SessionRecord record = SessionJson.read(folder());
      assertThat(record.kind()).isEqualTo("run");
      assertThat(record.user()).isEqualTo(System.getProperty("user.name"));
      assertThat(record.source()).isEqualTo("local");
      assertThat(record.status()).isEqualTo(SessionRecord.Status.COMPLETE);
      assertThat(record.tracks()).hasSize(1);
      assertThat(record.tracks().getFirst().exitStatus()).isEqualTo(41);
      assertThat(screen).contains(folder().path().toString());
      assertThat(LiveGateway.data(cast(), "o")).contains("27 91\r\n");
      assertThat(Files.readString(cast()))
          .startsWith("{\"version\": 2, \"width\": 91, \"height\": 27");
    }
  }

  @Test
  void theEnvironmentAndTheFolderAreTheCallersAndTheGatewaysAddressIsInThere() throws Exception {
    Shell.Result result =
        run("FRUIT='a \"b\" c' " + RUN + "sh -c 'pwd; echo \"$FRUIT\"; env | grep BASE_URL'");
    assertThat(result.expect(0).text())
        .startsWith(home.toRealPath() + "\na \"b\" c\n")
        .containsPattern("ANTHROPIC_BASE_URL=http://127.0.0.1:[0-9]+/s/[0-9a-f]{40}\n")
        .containsPattern("OPENAI_BASE_URL=http://127.0.0.1:[0-9]+/s/[0-9a-f]{40}/openai/v1\n")
        .doesNotContain("TAPEDECK_");
  }

  private Shell.Result run(String line) throws Exception {
    return run(new byte[0], line);
  }

  private Shell.Result run(byte[] input, String line) throws Exception {
    Person.program(home);
    return Shell.run(home, input, "/bin/sh", "-c", line);
  }

  @Test
  void keysGoToAFullScreenProgramOneByOneAndResizesReachIt() throws Exception {
    Files.writeString(
        home.resolve("screen"),
        """
        stty raw -echo
        printf '\\033[?1049hkeys\\r\\n'
        trap 'stty size' WINCH
        while :; do
          key=$(dd bs=1 count=1 2>/dev/null | od -An -tx1 | tr -d ' ')
          printf '<%s>' "$key"
          [ "$key" != 71 ] || break
        done
        printf '\\033[?1049l'
        """);
    try (Person person = Person.at(home, SIZE)) {
      String modes = person.modes();
      person.types(RUN + "bash screen\n");
      person.sees("keys");
      person.types("a");
      person.sees("<61>");
      person.types("\003\032\021\r");
      person.sees("<03><1a><11><0d>");
      person.resizes(new TerminalSize(100, 40));
      await().atMost(Person.LIMIT).until(() -> LiveGateway.data(cast(), "r").contains("100x40"));
      person.types("b");
      person.sees("40 100");
      person.types("q");
      person.sees("tapedeck: ");
      assertThat(person.modes()).isEqualTo(modes);
      assertThat(LiveGateway.data(cast(), "i")).isEqualTo("a\003\032\021\rbq");
    }
  }

  @Test
  void aPasswordTypedAtAPromptWithoutEchoIsNowhere() throws Exception {
    try (Person person = Person.at(home, SIZE)) {
      person.types(
          RUN + "bash -c 'read -s -p \"Pass\"word: x; echo; read -p Name: y; echo \"<$y>\"'\n");
      person.sees("Password:");
      await().atMost(Person.LIMIT).until(() -> hides(person));
      person.types(SECRET + "\n");
      person.sees("Name:");
      person.types("visible\n");
      person.sees("<visible>");
      person.sees("tapedeck: ");
      assertThat(LiveGateway.data(cast(), "m"))
          .isEqualTo("hidden input: " + (SECRET.length() + 1) + " bytes");
      assertThat(LiveGateway.data(cast(), "i")).isEqualTo("visible\n");
      byte[] secret = SECRET.getBytes(StandardCharsets.UTF_8);
      try (Stream<Path> files = Files.walk(home.resolve("data"))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
              .as("%s", file)
              .doesNotContain(SECRET)
              .doesNotContain(HexFormat.of().formatHex(secret))
              .doesNotContain(Base64.getEncoder().withoutPadding().encodeToString(secret));
        }
      }
    }
  }

  /** Whether the terminal below the person's one hides what is typed by now. */
  private static boolean hides(Person person) throws IOException {
    for (long pid : person.programs()) {
      Path input = Path.of("/proc", Long.toString(pid), "fd/0");
      String command = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
      if (command.contains("read\0-s") || command.contains("read -s")) {
        try {
          Shell.Result modes =
              Shell.run(Path.of("/"), "stty", "-a", "-F", input.toRealPath().toString());
          return modes.text().contains("-echo ");
        } catch (Exception e) {
          throw new IOException(e);
        }
      }
    }
    return false;
  }

  @Test
  void theTerminalIsGivenBackWhenTheProgramIsKilled() throws Exception {
    try (Person person = Person.at(home, SIZE)) {
      String modes = person.modes();
      person.types(RUN + "bash -c 'stty raw -echo; echo $$ >pid; exec sleep 1000'\n");
      kill("KILL", pid());
      person.sees("tapedeck: ");
      assertThat(person.runs("echo \"<$?>\"")).contains("<137>");
      assertThat(person.modes()).isEqualTo(modes);
      assertThat(SessionJson.read(folder()).tracks().getFirst().exitStatus()).isEqualTo(137);
    }
  }

  @Test
  void theTerminalIsGivenBackAndTheFilesAreSealedWhenTapedeckGetsSigterm() throws Exception {
    try (Person person = Person.at(home, SIZE)) {
      String modes = person.modes();
      person.types(RUN + "bash -c 'stty raw -echo; echo $$ >pid; exec sleep 1000'\n");
      long program = pid();
      kill("TERM", person.programs().getFirst());
      person.sees("tapedeck: ");
      assertThat(person.runs("echo \"<$?>\"")).contains("<143>");
      assertThat(person.modes()).isEqualTo(modes);
      assertThat(ProcessHandle.of(program)).isEmpty();
      assertThat(SessionJson.read(folder()).status()).isEqualTo(SessionRecord.Status.COMPLETE);
    }
  }

  @Test
  void aProgramThatIgnoresSigtermIsEndedAllTheSame() throws Exception {
    try (Person person = Person.at(home, SIZE)) {
      String modes = person.modes();
      person.types(RUN + "bash -c 'trap : TERM HUP; echo $$ >pid; while :; do sleep 1000; done'\n");
      long program = pid();
      kill("TERM", person.programs().getFirst());
      person.sees("tapedeck: ");
      assertThat(person.modes()).isEqualTo(modes);
      assertThat(ProcessHandle.of(program)).isEmpty();
    }
  }

  @Test
  void aTerminalThatHangsUpTakesTheProgramWithIt() throws Exception {
    long program;
    try (Person person = Person.at(home, SIZE)) {
      person.types(RUN + "bash -c 'echo $$ >pid; exec sleep 1000'\n");
      program = pid();
      person.terminal().close();
      await().atMost(Person.LIMIT).until(() -> ProcessHandle.of(program).isEmpty());
      await()
          .atMost(Person.LIMIT)
          .until(() -> SessionJson.read(folder()).status() == SessionRecord.Status.COMPLETE);
    }
  }

  @Test
  void aProgramThatStopsItselfStopsTheJobAndGoesOnWithIt() throws Exception {
    try (Person person = Person.at(home, SIZE)) {
      String modes = person.modes();
      assertThat(
              person.runs(
                  RUN + "sh -c 'printf be%s gun; kill -STOP $$; stty size; printf gone%s on'"))
          .contains("Stopped")
          .doesNotContain("goneon");
      assertThat(person.modes()).isEqualTo(modes);
      person.resizes(new TerminalSize(70, 20));
      person.types("fg\n");
      person.sees("20 70");
      person.sees("goneon");
      person.sees("tapedeck: ");
      assertThat(person.modes()).isEqualTo(modes);
      assertThat(LiveGateway.data(cast(), "r")).isEqualTo("70x20");
      assertThat(LiveGateway.data(cast(), "o")).startsWith("begun20 70");
    }
  }

  private long pid() {
    Path file = home.resolve("pid");
    String text =
        await()
            .atMost(Person.LIMIT)
            .until(() -> Files.exists(file) ? Files.readString(file) : "", s -> s.endsWith("\n"));
    return Long.parseLong(text.strip());
  }

  private static void kill(String signal, long pid) throws Exception {
    Shell.run(Path.of("/"), "kill", "-" + signal, Long.toString(pid)).expect(0);
  }

  @Test
  void pipesCarryEveryByteAsItIsAndTheirEnds() throws Exception {
    byte[] bytes = new byte[64 << 20];
    new Random(1).nextBytes(bytes);
    Shell.Result result = run(bytes, RUN + "sh -c 'cat; echo done >&2'");
    result.expect(0);
    assertThat(sha256(result.out())).isEqualTo(sha256(bytes));
    assertThat(result.err()).contains("done\n", "tapedeck: ");
    SessionRecord record = SessionJson.read(folder());
    assertThat(record.tracks().getFirst().payloads())
        .allSatisfy(
            payload -> assertThat(payload.bytes() + payload.offset()).isEqualTo(bytes.length))
        .hasSize(2);
  }

  @Test
  void strictPolicyEndsAProgramWhoseBytesAreNotKept() throws Exception {
    Files.writeString(
        home.resolve("strict.yaml"), "recording: { policy: strict, payload_limit: 1KiB }\n");
    String strict = "./tapedeck run --config strict.yaml --data data --no-db -- ";
    String reason = "strict recording lets nothing pass that it does not keep";
    Shell.Result shown = run(strict + "sh -c 'head -c 9999999 /dev/zero; sleep 1000'");
    assertThat(shown.status()).isNotZero();
    assertThat(shown.out()).isEmpty();
    assertThat(shown.err()).contains(reason);
    Shell.Result sent = run(new byte[99_999], strict + "sleep 1000");
    assertThat(sent.status()).isNotZero();
    assertThat(sent.err()).contains(reason);
    assertThat(folders()).hasSize(2);
    for (SessionFolder folder : folders()) {
      assertThat(SessionJson.read(folder).status()).isEqualTo(SessionRecord.Status.GAP);
    }
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void statusesAndSignalsAreAsInAShell() throws Exception {
    assertThat(run(RUN + "sh -c 'exit 255'").status()).isEqualTo(255);
    assertThat(run(RUN + "sh -c 'kill -SEGV $$'").status()).isEqualTo(139);
    assertThat(run(RUN + "no-such-program").status()).isEqualTo(127);
    assertThat(run(RUN + "/etc").status()).isEqualTo(126);
    assertThat(run("./tapedeck run").status()).isEqualTo(2);
  }

  @Test
  void aReaderThatGoesAwayEndsTheProgramAsInAShell() throws Exception {
    Shell.Result result = run("{ " + RUN + "yes; echo \"<$?>\" >&2; } | head -n 1");
    assertThat(result.expect(0).text()).isEqualTo("y\n");
    assertThat(result.err()).contains("<141>");
  }

  @Test
  void whatFollowsTheProgramIsItsOwn() throws Exception {
    assertThat(
            run("./tapedeck run --data data --no-db echo -n --data '' -- @pid \"it's\"")
                .expect(0)
                .text())
        .isEqualTo("--data  -- @pid it's");
    assertThat(SessionJson.read(folder()).tracks().getFirst().command())
        .isEqualTo("echo -n --data '' -- @pid 'it'\\''s'");
  }

  @Test
  void nothingIsRecordedWhereNothingShallBe() throws Exception {
    Shell.Result result = run("./tapedeck run --data data --no-db --no-record -- echo hello");
    assertThat(result.expect(0).text()).isEqualTo("hello\n");
    assertThat(result.err()).contains("not recorded");
    assertThat(home.resolve("data/recordings")).doesNotExist();
  }

  @Test
  void apiTrafficIsInTheSessionAndInTheFileThatWasNamedWithItsTokensInTheSummary()
      throws Exception {
    Needs.program("curl", "curl");
    String ask =
        "curl -sS -H 'x-api-key: a-key-of-the-test' -H 'content-type: application/json' -d '{\"model\":\"m\",\"stream\":true}' \"$ANTHROPIC_BASE_URL/v1/messages\"";
    Files.writeString(home.resolve("ask"), ask + " >/dev/null");
    try (ScriptedUpstream model = ScriptedUpstream.start(new ScriptedClaude("none"))) {
      String line =
          "./tapedeck run --data data --no-db --record all.har --upstream anthropic="
              + model.url()
              + " -- sh ask";
      assertThat(run(line).expect(0).err())
          .contains("1 exchange, 11 tokens in, 7 out, recorded in " + folder().path());
      run(line).expect(0);
    }
    Obj log = ((Obj) Json.parse(Files.readString(home.resolve("all.har")))).object("log");
    assertThat(log.array("entries").values()).hasSize(2);
    assertThat(Files.readString(home.resolve("all.har")))
        .contains(ScriptedClaude.LAST_WORDS)
        .doesNotContain("a-key-of-the-test");
    assertThat(folders())
        .hasSize(2)
        .allSatisfy(folder ->
            assertThat(Files.readString(folder.path().resolve("api.har")))
                .contains(ScriptedClaude.LAST_WORDS));
  }

  @Test
  void aFileThatIsNoHarOfOursIsRefusedBeforeAnythingRuns() throws Exception {
    Files.writeString(home.resolve("other.har"), "{}");
    Shell.Result result = run("./tapedeck run --data data --no-db --record other.har touch ran");
    assertThat(result.expect(1).err()).contains("other.har", "no HAR of this program's");
    assertThat(home.resolve("ran")).doesNotExist();
    assertThat(home.resolve("other.har")).hasContent("{}");
  }
}
