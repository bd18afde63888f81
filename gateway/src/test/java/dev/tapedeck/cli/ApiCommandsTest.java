package dev.tapedeck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.catalog.Catalog;
import dev.tapedeck.catalog.CatalogException;
import dev.tapedeck.catalog.Exchanges;
import dev.tapedeck.event.LoginAttempt;
import dev.tapedeck.formats.har.HarReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ApiCommandsTest {

  private static final JsonMapper JSON = new JsonMapper();

  private static final String ASKED =
      "[{\"role\":\"user\",\"content\":\"Where is the walrus\u001b[2J?\"}]";
  private static final String TOLD = "[{\"type\":\"text\",\"text\":\"On the ice.\"}]";

  @TempDir Path data;
  private Path recordings = Path.of("");

  @BeforeEach
  void folder() {
    recordings = data.resolve("recordings");
  }

  private Tape tape() throws IOException {
    return new Tape(recordings, "alice", Instant.now());
  }

  private Tape both() throws IOException {
    return tape()
        .shell("$ make\r\n", "no rule to make walrus\r\n")
        .api(
            Exchanges.call(2, ASKED.replace("\u001b", "\\u001b"), TOLD),
            Exchanges.overloaded(1, "[]"))
        .seal();
  }

  @Test
  void showPrintsExchangesAndTheirTokens() throws IOException {
    both();
    Run run = Run.of(data, "show", "latest");
    assertThat(run.status()).isZero();
    List<String> lines = run.lines();
    int head = lines.indexOf(lines.stream().filter(l -> l.contains("METHOD")).findFirst().get());
    assertThat(lines.get(head).strip().split(" +", -1))
        .containsExactly(
            "TIME",
            "METHOD",
            "PATH",
            "STATUS",
            "MODEL",
            "IN",
            "CACHED",
            "OUT",
            "DURATION",
            "TTFT",
            "END");
    assertThat(lines.get(head + 1).strip().split("  +", -1))
        .containsExactly(
            "1.3s",
            "POST",
            "/v1/messages",
            "200 (529)",
            "claude-x",
            "3",
            "-",
            "1",
            "1.2s",
            "0.3s",
            "error");
    assertThat(lines.get(head + 2).strip().split("  +", -1))
        .containsExactly(
            "2.3s",
            "POST",
            "/v1/messages",
            "200",
            "claude-x",
            "117",
            "100",
            "5",
            "1.2s",
            "-",
            "complete");
    assertThat(lines.get(head + 3))
        .isEqualTo("2 exchanges; tokens: 120 in (100 from a cache, 7 into one), 6 out");
  }

  @Test
  void showAsJsonHasTheNamesThatScriptsKnow() throws IOException {
    both();
    JsonNode exchanges =
        JSON.readTree(Run.of(data, "show", "latest", "--json").out()).get("exchanges");
    assertThat(exchanges.size()).isEqualTo(2);
    JsonNode call = exchanges.get(1);
    assertThat(new ArrayList<>(call.propertyNames()).subList(0, 8))
        .containsExactly(
            "method", "url", "status", "model", "usage", "duration_ms", "ttft_ms", "end");
    assertThat(call.get("method").asString()).isEqualTo("POST");
    assertThat(call.get("url").asString()).isEqualTo(Exchanges.URL);
    assertThat(call.get("status").asInt()).isEqualTo(200);
    assertThat(call.get("model").asString()).isEqualTo("claude-x");
    assertThat(call.get("usage").toString())
        .isEqualTo("{\"input\":10,\"output\":5,\"cache_read\":100,\"cache_write\":7}");
    assertThat(call.get("duration_ms").asLong()).isEqualTo(1225);
    assertThat(call.get("ttft_ms").isNull()).isTrue();
    assertThat(call.get("end").asString()).isEqualTo("complete");
    assertThat(exchanges.get(0).get("ttft_ms").asLong()).isEqualTo(250);
    assertThat(exchanges.get(0).get("end").asString()).isEqualTo("error");
  }

  @Test
  void aDamagedHarIsSaidAndTheRestIsShown() throws IOException {
    Tape tape = both();
    Path har = tape.path().resolve("api.har");
    Files.writeString(har, Files.readString(har).substring(0, 200));
    Run run = Run.of(data, "show", "latest", "--json");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).startsWith("tapedeck: " + har + ": ").hasLineCount(1);
    assertThat(JSON.readTree(run.out()).get("tracks").size()).isEqualTo(2);
    Files.delete(har);
    assertThat(Run.of(data, "show", "latest").err()).contains("api.har does not exist");
  }

  @Test
  void catAndExportWriteTheHar() throws IOException {
    Tape tape = both();
    byte[] har = Files.readAllBytes(tape.path().resolve("api.har"));
    assertThat(Run.of(data, "cat", "latest/api").bytes()).isEqualTo(har);
    assertThat(Run.of(data, "cat", "latest").out()).startsWith("$ make");
    Path file = data.resolve("out.har");
    assertThat(Run.of(data, "export", "latest", "-o", file.toString()).status()).isZero();
    assertThat(file).hasBinaryContent(har);
    assertThat(Run.of(data, "export", "latest", "--format", "har").bytes()).isEqualTo(har);
    assertThat(Run.of(data, "export", "latest/api").bytes()).isEqualTo(har);
    assertThat(Run.of(data, "export", "latest").out()).startsWith("{\"version\": 3");
  }

  @Test
  void exportWritesWhatWasOnTheWire() throws IOException {
    both();
    Run run = Run.of(data, "export", "latest", "--wire");
    assertThat(run.status()).isZero();
    JsonNode entries = JSON.readTree(run.out()).get("log").get("entries");
    assertThat(entries.size()).isEqualTo(2);
    assertThat(entries.get(0).has("_wire")).isFalse();
    assertThat(entries.get(1).get("request").get("postData").get("text").asString())
        .contains("\"stream\":true");
    JsonNode stream = entries.get(1).get("response").get("content");
    assertThat(stream.get("mimeType").asString()).isEqualTo("text/event-stream");
    assertThat(stream.get("text").asString()).startsWith("event: message_start");
    Run wrong = Run.of(data, "export", "latest", "--wire", "--format", "text");
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err()).startsWith("tapedeck: --wire: only a har");
  }

  @Test
  void ofALiveSessionWhatIsThereIsAWholeHar() throws IOException {
    Tape tape = tape();
    Path har = Exchanges.har(tape.path().resolve("api.har"), Exchanges.call(1, ASKED_PLAIN, TOLD));
    tape.live("api", "api.har");
    // As a reader sees it that is overtaken: the old end, and the rest of a new entry.
    Files.writeString(har, "{\"started", StandardOpenOption.APPEND);
    Run cat = Run.of(data, "cat", "latest/api");
    assertThat(cat.status()).isZero();
    assertThat(entries(cat)).isEqualTo(1);
    Run show = Run.of(data, "show", "latest", "--json");
    assertThat(show.status()).isZero();
    assertThat(JSON.readTree(show.out()).get("exchanges").size()).isEqualTo(1);
    assertThat(Run.of(data, "verify", "latest").out()).contains("unsealed");
    Files.delete(har);
    assertThat(Run.of(data, "show", "latest").status()).as("none is over yet").isZero();
  }

  private static final String ASKED_PLAIN = "[{\"role\":\"user\",\"content\":\"Where?\"}]";

  private static int entries(Run run) throws IOException {
    int count = 0;
    try (HarReader reader = HarReader.of(new ByteArrayInputStream(run.bytes()))) {
      while (reader.next() != null) {
        count++;
      }
    }
    return count;
  }

  @Test
  void whatApiTrafficCannotDoIsSaid() throws IOException {
    Tape api = tape().api(Exchanges.call(1, ASKED_PLAIN, TOLD)).seal();
    String hint = "see it with show or cat, copy it with export --format har";
    assertThat(Run.of(data, "play", "latest/api").err())
        .isEqualTo("tapedeck: " + api.id() + "/api is API traffic and no terminal: " + hint + "\n");
    assertThat(Run.of(data, "play", "latest").err())
        .contains("has no terminal recording; there is api: see API traffic with show or cat");
    assertThat(Run.of(data, "export", "latest/api", "--format", "cast3").err()).contains(hint);
    assertThat(Run.of(data, "export", "latest/api", "--format", "html").err())
        .contains("must be one of har, cast3, cast2 or text");
    assertThat(entries(Run.of(data, "cat", "latest"))).isEqualTo(1);
    assertThat(entries(Run.of(data, "export", "latest"))).isEqualTo(1);
    Tape shell = tape().shell("x").seal();
    assertThat(Run.of(data, "export", "latest", "--format", "har").err())
        .isEqualTo("tapedeck: session " + shell.id() + " has no API traffic; there is shell-1\n");
    assertThat(Run.of(data, "export", "latest/shell-1", "--format", "har").err())
        .contains("is not API traffic but shell-1.cast");
  }

  @Test
  void verifyReadsTheHarToo() throws IOException {
    Tape tape = both();
    assertThat(Run.of(data, "verify", "latest").status()).isZero();
    Path har = tape.path().resolve("api.har");
    Files.writeString(tape.path().resolve("api.har.journal"), "");
    assertThat(Run.of(data, "verify", "latest").status()).as("a journal that was left").isZero();
    Files.writeString(har, " ", StandardOpenOption.APPEND);
    assertThat(Run.of(data, "verify", "latest").err()).contains("its checksum differs");
    Tape broken = tape();
    broken.sealed("api", "api.har", "{\"log\":{\"version\":\"1.2\",\"entries\":[\n{]}}").seal();
    Run run = Run.of(data, "verify", "latest", "--json");
    assertThat(run.status()).isEqualTo(1);
    assertThat(JSON.readTree(run.lines().getFirst()).get("result").asString()).isEqualTo("invalid");
    assertThat(run.err()).endsWith("/api.har is as it was recorded, but no valid HAR\n");
  }

  @Test
  void searchFindsBothKindsOfTrackWithTheirSecond() throws IOException {
    Tape tape = both();
    Run.of(data, "reindex");
    Run run = Run.of(data, "search", "walrus");
    assertThat(run.status()).isZero();
    String id = tape.id().toString().substring(0, 8);
    assertThat(run.lines())
        .containsExactlyInAnyOrder(
            id + "/api  2.3s  user",
            "    Where is the walrus?[2J?",
            id + "/shell-1  0.2s  terminal",
            "    $ make no rule to make walrus");
    List<JsonNode> hits =
        Run.of(data, "search", "--json", "walrus", "rule").lines().stream()
            .map(JSON::readTree)
            .toList();
    assertThat(hits).hasSize(1);
    assertThat(hits.getFirst().propertyNames())
        .containsExactly(
            "session", "track", "second", "kind", "role", "name", "exchange", "text", "score");
    assertThat(hits.getFirst().get("session").asString()).isEqualTo(tape.id().toString());
    assertThat(hits.getFirst().get("track").asString()).isEqualTo("shell-1");
    assertThat(hits.getFirst().get("second").asString()).isEqualTo("0.2");
    assertThat(Run.of(data, "search", "walrus", "--limit", "1", "--json").lines()).hasSize(1);
    assertThat(Run.of(data, "search", "\"make walrus\"", "--json").lines()).hasSize(1);
    assertThat(Run.of(data, "search", "wal*", "--session", "latest", "--json").lines()).hasSize(2);
  }

  @Test
  void searchSaysWhyItFindsNothing() throws IOException {
    both();
    Run none = Run.of(data, "search", "walrus");
    assertThat(none.status()).isEqualTo(1);
    assertThat(none.err())
        .isEqualTo(
            "tapedeck: there is no catalog "
                + data.resolve("catalog.db")
                + " yet; 'tapedeck reindex' builds it from the recordings\n");
    assertThat(Run.of(data, "search", "walrus", "--no-db").err())
        .contains("it is switched off; 'tapedeck reindex --db sqlite:PATH' makes one");
    Run.of(data, "reindex");
    Run empty = Run.of(data, "search", "narwhal");
    assertThat(empty.status()).isZero();
    assertThat(empty.err()).startsWith("Nothing found.");
    Run wrong = Run.of(data, "search", "***");
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err()).startsWith("tapedeck: search: there is nothing to look for in '***'");
    assertThat(Run.of(data, "search").status()).isEqualTo(2);
    assertThat(Run.of(data, "search", "x", "--limit", "0").err()).contains("a limit is from 1");
    assertThat(Run.of(data, "search", "x", "--session", "ffff").err())
        .contains("no session begins");
    Files.writeString(data.resolve("catalog.db"), "no database at all".repeat(99));
    assertThat(Run.of(data, "search", "walrus").err()).contains("is not an SQLite database");
  }

  @Test
  void reindexSaysWhatItCouldNotRead() throws IOException {
    Tape tape = both();
    Path har = tape.path().resolve("api.har");
    Files.writeString(har, "no HAR");
    Run run = Run.of(data, "reindex");
    assertThat(run.status()).isZero();
    assertThat(run.err()).contains("not fully indexed: " + har + ": ");
    assertThat(Run.of(data, "search", "rule", "--json").lines()).hasSize(1);
  }

  @Test
  void repairTellsTheCatalog() throws IOException {
    both();
    Run.of(data, "reindex");
    Tape dead = tape().shell("$ walrus\r\n");
    dead.abandon();
    assertThat(Run.of(data, "repair").status()).isZero();
    assertThat(Run.of(data, "search", "walrus", "--json").out()).contains(dead.id().toString());
  }

  @Test
  void loginsAreListed() throws CatalogException {
    try (Catalog catalog = Catalog.open(data.resolve("catalog.db"))) {
      catalog.login(
          new LoginAttempt(
              Instant.now().minusSeconds(9),
              "10.0.0.1:5",
              "root\u001b[2J",
              "password",
              LoginAttempt.Outcome.REFUSED,
              null,
              null,
              null));
      catalog.login(
          new LoginAttempt(
              Instant.now(),
              "10.0.0.1:6",
              "alice",
              "publickey",
              LoginAttempt.Outcome.ACCEPTED,
              "SHA256:abc",
              "SSH-2.0-x",
              null));
    }
    assertThat(Run.of(data, "ls", "--logins").lines())
        .hasSize(3)
        .last()
        .asString()
        .contains("10.0.0.1:5", "root?[2J", "password", "refused");
    List<JsonNode> rows =
        Run.of(data, "ls", "--logins", "--json", "--user", "alice").lines().stream()
            .map(JSON::readTree)
            .toList();
    assertThat(rows).hasSize(1);
    assertThat(rows.getFirst().propertyNames())
        .containsExactly(
            "time",
            "source",
            "user",
            "method",
            "outcome",
            "fingerprint",
            "client_version",
            "session");
    assertThat(rows.getFirst().get("fingerprint").asString()).isEqualTo("SHA256:abc");
    assertThat(Run.of(data, "ls", "--logins", "--status", "gap").status()).isEqualTo(2);
    assertThat(Run.of(data, "ls", "--logins", "--no-db").err()).contains("switched off");
    assertThat(Run.of(data.resolve("new"), "ls", "--logins").err()).contains("does not exist yet");
  }
}
