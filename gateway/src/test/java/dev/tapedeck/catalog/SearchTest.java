package dev.tapedeck.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.StreamEnd;
import dev.tapedeck.formats.llm.Usage;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SearchTest {

  private static final SessionId SESSION = Sessions.id(1);

  @TempDir private Path folder;
  private Catalog catalog;

  @BeforeEach
  void open() throws CatalogException {
    catalog = Catalog.open(folder.resolve("catalog.db"));
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  private List<Hit> search(String typed) throws CatalogException {
    assertThat(catalog.flush()).isTrue();
    return catalog.search(SearchQuery.of(typed, null, 50));
  }

  private static final String ASKED = "[{\"role\":\"user\",\"content\":\"Where is the walrus?\"}]";
  private static final String TOLD =
      """
      [{"type":"thinking","thinking":"Perhaps on the ice.","signature":"x"},
       {"type":"text","text":"I will look."},
       {"type":"tool_use","id":"t1","name":"Bash",
        "input":{"command":"cd /srv\\nfind . -name 'walrus*'"}}]\
      """;

  /** As an agent does: all that was said before, and the tool's result. */
  private static String next(String result) {
    return "[{\"role\":\"user\",\"content\":\"Where is the walrus?\"},"
        + "{\"role\":\"assistant\",\"content\":"
        + TOLD
        + "},{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t1\","
        + "\"content\":\""
        + result
        + "\"}]}]";
  }

  @Test
  void whatIsKnownOfAnExchangeComesBackWhole() throws CatalogException {
    catalog.exchange(SESSION, "api", Exchanges.call(2, ASKED, TOLD));
    catalog.exchange(SESSION, "api", Exchanges.overloaded(1, ASKED));
    catalog.exchange(
        SESSION,
        "api",
        Exchanges.of(3, 404, "text/plain", "[]", "not here", StreamEnd.UPSTREAM_RESET));
    assertThat(catalog.flush()).isTrue();
    assertThat(catalog.exchanges(SESSION))
        .containsExactly(
            new ExchangeRecord(
                "api",
                1,
                1250,
                "POST",
                Exchanges.URL,
                200,
                529,
                "claude-x",
                "anthropic-messages",
                new Usage(3L, 1L, null, null),
                null,
                "error",
                1225,
                250L),
            new ExchangeRecord(
                "api",
                2,
                2250,
                "POST",
                Exchanges.URL,
                200,
                null,
                "claude-x",
                "anthropic-messages",
                new Usage(10L, 5L, 100L, 7L),
                "end_turn",
                "complete",
                1225,
                null),
            new ExchangeRecord(
                "api",
                3,
                3250,
                "POST",
                Exchanges.URL,
                404,
                null,
                "claude-x",
                "anthropic-messages",
                null,
                null,
                "upstream_reset",
                1225,
                null));
    assertThat(catalog.exchanges(Sessions.id(2))).isEmpty();
  }

  @Test
  void promptsAnswersThinkingCallsAndResultsAreFoundAtTheirSecond() throws CatalogException {
    catalog.exchange(SESSION, "api", Exchanges.call(1, ASKED, TOLD));
    catalog.exchange(SESSION, "api", Exchanges.call(2, next("./odobenus"), "[]"));
    catalog.exchange(SESSION, "api", Exchanges.overloaded(3, next("./odobenus")));
    assertThat(search("where walrus"))
        .extracting(Hit::kind, Hit::role, Hit::millis)
        .containsExactly(tuple("text", "user", 1250L));
    assertThat(search("ice"))
        .extracting(Hit::kind, Hit::role, Hit::exchange)
        .containsExactly(tuple("thinking", "assistant", 1L));
    assertThat(search("\"will look\"")).extracting(Hit::kind).containsExactly("text");
    assertThat(search("bash find"))
        .extracting(Hit::kind, Hit::name)
        .containsExactly(tuple("tool_call", "Bash"));
    assertThat(search("odobenus"))
        .extracting(Hit::kind, Hit::role, Hit::millis, Hit::exchange)
        .containsExactly(tuple("tool_result", "tool", 2250L, 2L));
    assertThat(search("overloaded"))
        .extracting(Hit::kind, Hit::name)
        .containsExactly(tuple("error", "overloaded_error"));
    assertThat(search("odobenus").getFirst())
        .extracting(Hit::session, Hit::track, Hit::context)
        .containsExactly(SESSION, "api", "./\u0002odobenus\u0003");
  }

  @Test
  void aHistoryThatIsSentAgainIsIndexedOnceInEachSession() throws CatalogException {
    catalog.exchange(SESSION, "api", Exchanges.call(1, ASKED, TOLD));
    for (int i = 2; i < 10; i++) {
      catalog.exchange(SESSION, "api", Exchanges.call(i, next("there"), "[]"));
    }
    assertThat(search("walrus")).hasSize(2);
    assertThat(catalog.count("texts")).isEqualTo(5);
    assertThat(catalog.count("exchanges")).isEqualTo(9);
    catalog.exchange(Sessions.id(2), "api", Exchanges.call(1, ASKED, TOLD));
    assertThat(search("walrus")).hasSize(4);
    assertThat(catalog.search(SearchQuery.of("walrus", Sessions.id(2), 50)))
        .hasSize(2)
        .allMatch(hit -> hit.session().equals(Sessions.id(2)));
  }

  @Test
  void nothingThatIsTypedIsMalformed() throws CatalogException {
    catalog.exchange(SESSION, "api", Exchanges.call(1, ASKED, TOLD));
    for (String typed :
        List.of(
            "walrus AND",
            "(walrus",
            "walrus)",
            "walrus \"",
            "\"walrus",
            "text:walrus",
            "walrus OR",
            "NEAR(walrus",
            "^walrus",
            "-walrus",
            "wal\u0000rus",
            "walrus;'--",
            "{walrus}",
            "walrus ***")) {
      assertThat(search(typed)).as(typed).isNotNull();
    }
    for (String found :
        List.of(
            "WALRUS", "wal*", "\"the wal\"*", "'walrus?'", "+walrus", "-name", "wal", "alrus")) {
      assertThat(search(found)).as(found).isNotEmpty();
    }
    for (String none : List.of("wa", "\"walrus the\"", "walrus seal", "alrus*")) {
      assertThat(search(none)).as(none).isEmpty();
    }
    for (String empty : List.of("", " ", "\"\"", "* | -")) {
      assertThatIllegalArgumentException()
          .as(empty)
          .isThrownBy(() -> SearchQuery.of(empty, null, 1))
          .withMessageContaining("nothing to look for");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SearchQuery.of("a ".repeat(65), null, 1))
        .withMessage("at most 64 words are looked for, not 65");
    assertThatIllegalArgumentException().isThrownBy(() -> SearchQuery.of("a", null, 0));
  }

  @Test
  void theBestComesFirst() throws IOException {
    String much = "seal seal seal";
    String little =
        "a seal among very many other words that make it matter less " + "x ".repeat(99);
    catalog.exchange(SESSION, "api", Exchanges.call(1, said(little), "[]"));
    catalog.exchange(SESSION, "api", Exchanges.call(2, said(much), "[]"));
    catalog.terminal(
        SESSION, track("shell-1", "s.cast", 0), Casts.write(folder, "s.cast", "other\r\n"));
    assertThat(search("seal")).extracting(Hit::exchange).containsExactly(2L, 1L);
    assertThat(catalog.search(SearchQuery.of("seal", null, 1)))
        .extracting(Hit::exchange)
        .containsExactly(2L);
  }

  private static String said(String text) {
    return "[{\"role\":\"user\",\"content\":\"" + text + "\"}]";
  }

  @Test
  void aDeletedSessionIsNotFoundAnyMore() throws IOException {
    catalog.put(Sessions.full(1));
    catalog.put(Sessions.full(2));
    catalog.exchange(SESSION, "api", Exchanges.call(1, ASKED, TOLD));
    catalog.exchange(Sessions.id(2), "api", Exchanges.call(1, ASKED, TOLD));
    assertThat(search("walrus")).hasSize(4);
    catalog.delete(SESSION);
    assertThat(search("walrus")).extracting(Hit::session).containsOnly(Sessions.id(2));
    assertThat(catalog.exchanges(SESSION)).isEmpty();
    catalog.rebuild(Stream.of(Sessions.full(3)), _ -> {});
    assertThat(search("walrus")).isEmpty();
    assertThat(catalog.count("texts") + catalog.count("exchanges")).isZero();
    assertThat(catalog.integrity()).isEqualTo("ok");
    assertThat(catalog.indexIntegrity()).isTrue();
  }

  @Test
  void aFolderIsIndexedAnewFromItsFiles() throws IOException {
    Exchanges.har(
        folder.resolve("api.har"),
        Exchanges.call(1, ASKED, TOLD),
        Exchanges.call(2, next("here"), "[]"));
    Casts.write(folder, "shell-1.cast", "$ echo manatee\r\n");
    SessionRecord session = session();
    catalog.exchange(session.id(), "api", Exchanges.call(7, said("a stale dugong"), "[]"));
    catalog.contents(session, folder);
    assertThat(search("dugong")).isEmpty();
    assertThat(search("manatee")).extracting(Hit::track).containsExactly("shell-1");
    assertThat(search("walrus")).hasSize(2);
    assertThat(catalog.exchanges(session.id()))
        .extracting(ExchangeRecord::number)
        .containsExactly(1L, 2L);
    assertThat(catalog.rebuildContents(session, folder)).isEmpty();
    assertThat(search("walrus")).hasSize(2);
    assertThat(catalog.indexIntegrity()).isTrue();
  }

  @Test
  void whatStandsBeforeDamageIsFound() throws IOException {
    Path har =
        Exchanges.har(
            folder.resolve("api.har"),
            Exchanges.call(1, said("first"), "[]"),
            Exchanges.call(2, said("second"), "[]"));
    List<String> lines = Files.readAllLines(har);
    lines.set(2, "{\"damaged\":");
    Files.write(har, lines);
    Files.writeString(
        Casts.write(folder, "shell-1.cast", "$ echo manatee\r\n"),
        "rubbish\n[9.0, \"o\", \"dugong\\r\\n\"]\n",
        StandardOpenOption.APPEND);
    assertThat(catalog.rebuildContents(session(), folder))
        .singleElement()
        .asString()
        .startsWith(har + ": ")
        .contains("entry 1");
    assertThat(search("first")).hasSize(1);
    assertThat(search("second")).isEmpty();
    assertThat(search("manatee dugong")).as("around a damaged line").hasSize(1);
    Files.writeString(folder.resolve("shell-1.cast"), "no cast");
    Files.delete(har);
    assertThat(catalog.rebuildContents(session(), folder))
        .singleElement()
        .asString()
        .contains("shell-1.cast: ");
    assertThat(catalog.exchanges(session().id())).isEmpty();
  }

  @Test
  void textThatWaitsIsBoundedAndNothingElseIsLost() throws Exception {
    catalog.close();
    catalog = Catalog.open(catalog.file(), new CatalogOptions(Duration.ofSeconds(5), 100, 10_000));
    Obj entry = Exchanges.call(1, said("x".repeat(700) + " walrus"), "[]");
    int taken = 0;
    try (WriteLock _ = WriteLock.take(catalog.file())) {
      for (int i = 1; i <= 30; i++) {
        taken += catalog.exchange(Sessions.id(i), "api", entry) ? 1 : 0;
      }
    }
    assertThat(taken).isBetween(9, 11);
    assertThat(catalog.flush()).isTrue();
    assertThat(catalog.count("exchanges")).isEqualTo(30);
    assertThat(catalog.count("texts")).isEqualTo(taken);
    assertThat(catalog.exchange(Sessions.id(31), "api", entry)).as("room again").isTrue();
  }

  private SessionRecord session() {
    SessionRecord plain = Sessions.plain(1, "alice", Status.COMPLETE);
    return new SessionRecord(
        plain.id(),
        plain.kind(),
        plain.user(),
        plain.source(),
        plain.started(),
        plain.ended(),
        plain.status(),
        plain.reason(),
        Map.of(),
        List.of(
            track("shell-1", "shell-1.cast", 0),
            track("api", "api.har", 10),
            track("exec-9", "gone.cast", 0),
            track("files-3", "files-3.jsonl", 0)),
        List.of());
  }

  private static TrackRecord track(String name, String file, long started) {
    return new TrackRecord(
        name, name.replaceAll("-.*", ""), file, started, null, 1, 1, 0, "ab", List.of());
  }
}
