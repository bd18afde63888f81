package dev.tapedeck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.catalog.Catalog;
import dev.tapedeck.catalog.Filter;
import dev.tapedeck.formats.cast.CastReader;
import dev.tapedeck.session.SessionRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RecordingCommandsTest {

  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path data;
  private Path recordings = Path.of("");

  @BeforeEach
  void folder() {
    recordings = data.resolve("recordings");
  }

  private Tape tape(String user) throws IOException {
    return new Tape(recordings, user, Instant.now());
  }

  @Test
  void lsShowsTheNewestFirst() throws IOException {
    Tape first = tape("alice").shell("a").seal();
    Tape second = tape("bob").shell("b").files().seal();
    List<String> lines = Run.of(data, "ls").lines();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0).split(" +", -1))
        .containsExactly(
            "SESSION", "KIND", "USER", "SOURCE", "STARTED", "DURATION", "STATUS", "TRACKS", "SIZE");
    String id = lines.get(1).split(" +", 2)[0];
    assertThat(second.id().toString()).startsWith(id);
    assertThat(lines.get(1)).contains("ssh", "bob", "192.0.2.7:4711", "1m 15s", "complete", "2");
    assertThat(lines.get(2)).contains("alice");
    assertThat(Run.of(data, "path", id).out()).isEqualTo(second.path() + "\n");
    assertThat(Run.of(data, "path", lines.get(2).split(" +", 2)[0]).out())
        .isEqualTo(first.path() + "\n");
  }

  @Test
  void lsAsJsonIsOneObjectPerLine() throws IOException {
    Tape tape = tape("alice").shell("abc").seal();
    List<String> lines = Run.of(data, "ls", "--json").lines();
    assertThat(lines).hasSize(1);
    JsonNode row = JSON.readTree(lines.getFirst());
    assertThat(row.propertyNames())
        .contains(
            "id",
            "kind",
            "user",
            "source",
            "started",
            "ended",
            "duration_ms",
            "status",
            "tracks",
            "bytes");
    assertThat(row.get("id").asString()).isEqualTo(tape.id().toString());
    assertThat(row.get("duration_ms").asLong()).isEqualTo(75_000);
    assertThat(row.get("bytes").asLong()).isEqualTo(3);
    assertThat(Run.of(data.resolve("empty"), "ls", "--json").out()).isEmpty();
  }

  @Test
  void lsFilters() throws IOException {
    tape("alice").shell("a").seal();
    tape("bob").shell("b");
    new Tape(recordings, "carol", Instant.now().minus(Duration.ofDays(3))).seal();
    assertThat(users()).containsExactly("bob", "alice", "carol");
    assertThat(users("--limit", "1")).containsExactly("bob");
    assertThat(users("--user", "alice")).containsExactly("alice");
    assertThat(users("--status", "live")).containsExactly("bob");
    assertThat(users("--since", "1d")).containsExactly("bob", "alice");
    assertThat(Run.of(data, "ls", "--status", "open").err())
        .contains("must be one of live, complete, gap, truncated, failed");
    assertThat(Run.of(data, "ls", "--since", "x").status()).isEqualTo(2);
  }

  private List<String> users(String... options) {
    String[] all = new String[options.length + 1];
    System.arraycopy(options, 0, all, 0, options.length);
    all[options.length] = "--json";
    return Run.of(data, "ls", all).lines().stream()
        .map(line -> JSON.readTree(line).get("user").asString())
        .toList();
  }

  @Test
  void whatClientsSendDoesNotSteerTheTerminal() throws IOException {
    tape("eve\u001b[2J\nroot").exec("echo \u001b]0;x\u0007\u202e", new byte[] {1}, true, "").seal();
    assertThat(Run.of(data, "ls").out()).contains("eve?[2J?root").doesNotContain("\u001b");
    assertThat(Run.of(data, "show", "latest").out())
        .contains("echo ?]0;x??")
        .doesNotContain("\u001b");
  }

  @Test
  void aBrokenSessionHidesNoOther() throws IOException {
    Tape broken = tape("alice").seal();
    tape("bob").seal();
    Files.writeString(broken.path().resolve("session.json"), "{");
    Run run = Run.of(data, "ls", "--json");
    assertThat(run.lines()).hasSize(1);
    assertThat(run.err()).startsWith("tapedeck: passed over: ").contains(broken.id().toString());
  }

  @Test
  void sessionsByIdPrefixAndLatest() throws IOException {
    Tape first = tape("alice").shell("a").seal();
    Tape second = tape("bob").shell("b").seal();
    assertThat(Run.of(data, "path", first.id().toString()).out()).isEqualTo(first.path() + "\n");
    assertThat(Run.of(data, "path", "latest").out()).isEqualTo(second.path() + "\n");
    assertThat(Run.of(data, "path", "latest/shell-1").out())
        .isEqualTo(second.path().resolve("shell-1.cast") + "\n");
    Run ambiguous = Run.of(data, "path", first.id().toString().substring(0, 4));
    assertThat(ambiguous.status()).isEqualTo(1);
    assertThat(ambiguous.err())
        .startsWith("tapedeck: several sessions begin with ")
        .contains(first.id().toString(), second.id().toString());
    assertThat(Run.of(data, "path", "ffff").err()).contains("no session begins with ffff");
    assertThat(Run.of(data, "path", "../etc").err()).contains("is not a session");
    assertThat(Run.of(data, "cat", "latest/exec-9").err()).contains("has no track exec-9");
  }

  @Test
  void showAsJsonHasTracksAndExchanges() throws IOException {
    tape("alice").shell("a", "b").seal();
    JsonNode shown = JSON.readTree(Run.of(data, "show", "latest", "--json").out());
    assertThat(shown.get("tracks").get(0).get("name").asString()).isEqualTo("shell-1");
    assertThat(shown.get("exchanges").isEmpty()).isTrue();
    assertThat(Run.of(data, "show", "latest").out())
        .contains("client", "SSH-2.0-test", "shell-1.cast", "client disconnected");
  }

  @Test
  void catIsTheOutputByteForByte() throws IOException {
    byte[] binary = new byte[300_000];
    new Random(1).nextBytes(binary);
    tape("alice").shell("héllo\r\n", "\u001b[1m✓").exec("tar c", binary, true, "head\n").seal();
    Run shell = Run.of(data, "cat", "latest/shell-1");
    assertThat(shell.out()).isEqualTo("héllo\r\n\u001b[1m✓");
    byte[] exec = Run.of(data, "cat", "latest/exec-2").bytes();
    assertThat(java.util.Arrays.copyOfRange(exec, 0, 5)).asString().isEqualTo("head\n");
    assertThat(java.util.Arrays.copyOfRange(exec, 5, exec.length)).isEqualTo(binary);
    assertThat(Run.of(data, "cat", "latest").bytes()).hasSize(shell.bytes().length + exec.length);
  }

  @Test
  void catSaysWhatWasNotKept() throws IOException {
    tape("alice").exec("tar c", new byte[] {0, 1, 2}, false, "head\n").seal();
    Run run = Run.of(data, "cat", "latest");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEqualTo("head\n");
    assertThat(run.err()).contains("exec-1: 3 B of output are not text and were not kept");
  }

  @Test
  void playTakesTheRecordedTime() throws IOException {
    tape("alice").shell("a", "b", "c", "d").seal();
    long begun = System.nanoTime();
    assertThat(Run.of(data, "play", "latest").out()).isEqualTo("abcd");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(395));
    begun = System.nanoTime();
    Run.of(data, "play", "latest", "--speed", "0.5", "--idle", "10ms");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(75));
    assertThat(Run.of(data, "play", "latest", "--speed", "0").status()).isEqualTo(2);
  }

  @Test
  void exportsByFormatAndByEnding() throws IOException {
    tape("alice").shell("one\r\n", "two\r\n").seal();
    assertThat(Run.of(data, "export", "latest", "--format", "text").out()).isEqualTo("one\ntwo\n");
    assertThat(version(Run.of(data, "export", "latest").bytes())).isEqualTo(3);
    assertThat(version(Run.of(data, "export", "latest", "--format", "cast2").bytes())).isEqualTo(2);
    Path cast = data.resolve("demo.cast");
    assertThat(Run.of(data, "export", "latest", "-o", cast.toString()).status()).isZero();
    assertThat(version(Files.readAllBytes(cast))).isEqualTo(3);
    Path text = data.resolve("demo.txt");
    assertThat(Run.of(data, "export", "latest", "-o", text.toString()).status()).isZero();
    assertThat(text).hasContent("one\ntwo\n");
  }

  private static int version(byte[] cast) throws IOException {
    try (CastReader reader = new CastReader(new ByteArrayInputStream(cast))) {
      return reader.header().version();
    }
  }

  @Test
  void exportRefusesWithWhatIsAllowed() throws IOException {
    Tape tape = tape("alice").shell("x").files().seal();
    Run gif = Run.of(data, "export", "latest", "--format", "gif");
    assertThat(gif.status()).isEqualTo(2);
    assertThat(gif.err()).contains("must be one of har, cast3, cast2 or text (got \"gif\")");
    assertThat(Run.of(data, "export", "latest", "-o", "x.gif").err())
        .contains("add --format har, cast3");
    assertThat(Run.of(data, "export", "latest/files-2").err())
        .contains("is not a terminal recording");
    Path self = tape.path().resolve("shell-1.cast");
    assertThat(Run.of(data, "export", "latest", "-o", self.toString()).err())
        .contains("is the recording itself");
    assertThat(Run.of(data, "verify", "latest").status()).isZero();
  }

  @Test
  void aCorruptCastNamesItsLine() throws IOException {
    Tape tape = tape("alice").shell("x").seal();
    Files.writeString(
        tape.path().resolve("shell-1.cast"),
        "{\"version\":2,\"width\":8,\"height\":2}\n[oops]\n[1,\"o\",\"x\"]\n");
    Run run = Run.of(data, "cat", "latest");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("shell-1.cast: line 2: ").hasLineCount(1);
  }

  @Test
  void aRecordingInProgressIsReadUpToItsLastWholeLine() throws IOException {
    Tape tape = tape("alice").shell("whole");
    Path cast = tape.path().resolve("shell-1.cast");
    Files.writeString(cast, "[0.9, \"o\", \"ha", java.nio.file.StandardOpenOption.APPEND);
    Run run = Run.of(data, "cat", "latest");
    assertThat(run.status()).isZero();
    assertThat(run.out()).isEqualTo("whole");
  }

  @Test
  void verifyFindsOneChangedByte() throws IOException {
    Tape tape = tape("alice").shell("x").exec("tar c", new byte[] {1, 2}, true, "").seal();
    assertThat(Run.of(data, "verify", "latest").status()).isZero();
    Path kept = tape.path().resolve("exec-2.cast");
    Files.writeString(kept, "\n", java.nio.file.StandardOpenOption.APPEND);
    Run run = Run.of(data, "verify", "--all", "--json");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            "tapedeck: "
                + tape.id()
                + "/exec-2.cast is not what was recorded: its checksum differs\n");
    assertThat(run.lines())
        .extracting(line -> JSON.readTree(line).get("result").asString())
        .containsExactly("ok", "changed");
    Files.delete(kept);
    assertThat(Run.of(data, "verify", "latest").err()).contains("is missing");
    Files.writeString(tape.path().resolve("extra.txt"), "x");
    assertThat(Run.of(data, "verify", "latest").err())
        .contains("extra.txt is no file that the session wrote");
    assertThat(Run.of(data, "verify").status()).isEqualTo(2);
  }

  @Test
  void reindexMakesTheCatalogAnew() throws IOException {
    Tape one = tape("alice").shell("x").seal();
    Tape two = tape("bob").seal();
    Run run = Run.of(data, "reindex");
    assertThat(run.status()).isZero();
    assertThat(run.err()).isEqualTo("2 sessions indexed in " + data.resolve("catalog.db") + "\n");
    try (Catalog catalog = Catalog.open(data.resolve("catalog.db"))) {
      assertThat(catalog.sessions(Filter.newest(10)))
          .extracting(SessionRecord::id)
          .containsExactly(two.id(), one.id());
    }
    assertThat(Run.of(data, "reindex", "--no-db").err()).contains("it is switched off");
  }

  @Test
  void lsTakesTheCatalogWhereThereIsOneAndTheRecordingsWhereItIsBroken() throws IOException {
    tape("alice").shell("x").seal();
    tape("bob");
    Run.of(data, "reindex");
    tape("carol").seal();
    assertThat(users()).as("the catalog lacks carol").containsExactly("carol", "bob", "alice");
    assertThat(users("--limit", "2")).containsExactly("carol", "bob");
    assertThat(users("--user", "alice", "--limit", "1")).containsExactly("alice");
    assertThat(users("--no-db")).containsExactly("carol", "bob", "alice");
    Files.writeString(
        data.resolve("catalog.db"), "no database at all, but longer than its header".repeat(9));
    Run broken = Run.of(data, "ls", "--json");
    assertThat(broken.lines()).hasSize(3);
    assertThat(broken.err()).contains("this list is from the recordings");
  }

  @Test
  void pruneRemovesWhatIsOldAndForgetsIt() throws IOException {
    Tape old = tape("alice").shell("x").seal();
    Tape young = tape("bob").shell("x").seal();
    FileTime past = FileTime.from(Instant.now().minus(Duration.ofDays(40)));
    for (String file : List.of("session.json", "shell-1.cast")) {
      Files.setLastModifiedTime(old.path().resolve(file), past);
    }
    Run.of(data, "reindex");
    Run dry = Run.of(data, "prune", "--older-than", "30d", "--dry-run");
    assertThat(dry.out()).contains(old.id().toString()).doesNotContain(young.id().toString());
    assertThat(old.path()).exists();
    assertThat(Run.of(data, "prune", "--older-than", "30d").status()).isZero();
    assertThat(old.path()).doesNotExist();
    assertThat(young.path()).exists();
    try (Catalog catalog = Catalog.open(data.resolve("catalog.db"))) {
      assertThat(catalog.sessions(Filter.newest(10)))
          .extracting(SessionRecord::id)
          .containsExactly(young.id());
    }
  }

  @Test
  void doctorKnowsEveryEngine() {
    List<String> lines = Run.of(data, "doctor", "--json").lines();
    assertThat(lines.stream().map(line -> JSON.readTree(line).get("area").asString()).distinct())
        .contains("tapedeck", "namespace", "docker");
    assertThat(
            Run.of(
                    data,
                    "doctor",
                    "--config",
                    config("sandbox: { engine: docker, docker: { socket: none } }"))
                .status())
        .isEqualTo(1);
    assertThat(Run.of(data, "doctor").out()).contains("✓", "AREA");
  }

  private String config(String text) {
    try {
      return Files.writeString(data.resolve("c.yaml"), text, StandardCharsets.UTF_8).toString();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
