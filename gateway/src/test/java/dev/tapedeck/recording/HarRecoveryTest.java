package dev.tapedeck.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.event.TrackType;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.session.Track;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.SessionFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HarRecoveryTest {

  private static final String START =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"m","content":[]}}

      """;
  private static final String TEXT =
      "event: content_block_start\n"
          + "data: {\"type\":\"content_block_start\",\"index\":0,"
          + "\"content_block\":{\"type\":\"text\",\"text\":\"so far\"}}\n\n";

  /** Five each, the end of the first, and that its entry is written. */
  private static final long EVENTS_OF_BOTH = 12;

  @TempDir Path folder;
  private byte[] har;
  private byte[] journal;
  private Path session;

  /** What a gateway leaves that was killed with one exchange finished and one in flight. */
  @BeforeEach
  void killedGateway() throws IOException {
    Path live = folder.resolve("live");
    SessionRecorder recorder =
        new SessionRecorder(
            new RecordingStore(live), RecordingOptions.DEFAULT, RecordingListener.of(_ -> {}));
    SessionInfo info =
        new SessionInfo(SessionId.create(), "api", "api", "127.0.0.1:1", Instant.now(), Map.of());
    Session recorded = Session.start(info, List.of(recorder), List.of());
    Track track =
        recorded.open(TrackType.API, new Event.TrackOpened(Instant.now(), null, null, Map.of()));
    begin(track, 1);
    track.emit(new HttpEvent.Finished(1, End.COMPLETE, null));
    begin(track, 2);
    await().until(() -> noted(live) == EVENTS_OF_BOTH);
    copy(live, folder.resolve("dead"));
    recorded.end("done");
    recorder.close();
    try (Stream<SessionFolder> all = dead().list()) {
      session = all.findFirst().orElseThrow().path();
    }
    har = Files.readAllBytes(session.resolve("api.har"));
    journal = Files.readAllBytes(session.resolve("api.har.journal"));
  }

  private static void begin(Track track, long exchange) throws IOException {
    List<HttpHeader> stream = List.of(new HttpHeader("Content-Type", "text/event-stream"));
    track.emit(
        new HttpEvent.Requested(
            exchange,
            Instant.now(),
            "anthropic",
            "POST",
            "https://api.example/v1/messages",
            "HTTP/1.1",
            List.of()));
    track.emit(new HttpEvent.Body(exchange, Side.REQUEST, Bytes.of("{}"), false));
    track.emit(new HttpEvent.Answered(exchange, 200, "OK", "HTTP/1.1", stream));
    track.emit(new HttpEvent.Body(exchange, Side.RESPONSE, Bytes.of(START), false));
    track.emit(new HttpEvent.Body(exchange, Side.RESPONSE, Bytes.of(TEXT), false));
  }

  /** How many lines the journal has. */
  private static long noted(Path live) throws IOException {
    try (Stream<Path> all = Files.walk(live)) {
      Optional<Path> journal = all.filter(file -> file.endsWith("api.har.journal")).findFirst();
      return journal.isEmpty() ? 0 : Files.readString(journal.get()).lines().count();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        Files.copy(each, to.resolve(from.relativize(each)));
      }
    }
  }

  private RecordingStore dead() {
    return new RecordingStore(folder.resolve("dead"));
  }

  private List<Obj> entries() throws Exception {
    Obj whole = (Obj) Json.parse(Files.readAllBytes(session.resolve("api.har")));
    Arr entries = whole.object("log").array("entries");
    return entries.values().stream().map(Obj.class::cast).toList();
  }

  @Test
  void whatWasInFlightBecomesAnEntryThatSaysSo() throws Exception {
    CrashRepair.run(dead());
    assertThat(entries()).hasSize(2);
    Obj cut = entries().getLast();
    assertThat(cut.integer("_exchange")).hasValue(2);
    assertThat(cut.string("_end")).isEqualTo("upstream_eof");
    assertThat(cut.string("_error")).isEqualTo("the gateway was ended by force");
    assertThat(cut.object("response").object("content").string("text")).contains("so far");
    assertThat(session.resolve("api.har.journal")).doesNotExist();
    SessionRecord known = SessionJson.read(dead().list().findFirst().orElseThrow());
    assertThat(known.status()).isEqualTo(Status.TRUNCATED);
    assertThat(known.tracks().getFirst().events()).isEqualTo(2);
    assertThat(known.tracks().getFirst().sha256()).isNotNull();
  }

  @Test
  void aHarThatIsTornAtAnyByteIsWholeAgain() throws Exception {
    Files.delete(session.resolve("api.har.journal"));
    int head = new String(har, java.nio.charset.StandardCharsets.UTF_8).indexOf('\n');
    int entry = new String(har, java.nio.charset.StandardCharsets.UTF_8).lastIndexOf("\n]");
    for (int length = 0; length <= har.length; length++) {
      Files.write(session.resolve("api.har"), Arrays.copyOf(har, length));
      HarRecovery.run(session.resolve("api.har"));
      assertThat(entries()).as("cut at %d", length).hasSize(length >= entry ? 1 : 0);
    }
    assertThat(head).isPositive();
  }

  @Test
  void aJournalThatIsTornAtAnyByteGivesWhatIsWholeInIt() throws Exception {
    int before = 0;
    for (int length = 0; length <= journal.length; length++) {
      Files.write(session.resolve("api.har"), har);
      Files.write(session.resolve("api.har.journal"), Arrays.copyOf(journal, length));
      HarRecovery.run(session.resolve("api.har"));
      int now = entries().size();
      assertThat(now).as("cut at %d", length).isBetween(1, 2);
      before = now;
    }
    assertThat(before).isEqualTo(2);
  }

  @Test
  void anEntryThatWasWrittenButNotNotedIsThereOnce() throws Exception {
    String noted = new String(journal, java.nio.charset.StandardCharsets.UTF_8);
    assertThat(noted).contains("\"written\"");
    Files.writeString(
        session.resolve("api.har.journal"),
        noted
            .lines()
            .filter(line -> !line.contains("\"written\""))
            .reduce("", (a, b) -> a + b + "\n"));
    HarRecovery.run(session.resolve("api.har"));
    assertThat(entries())
        .extracting(entry -> entry.integer("_exchange").orElse(0))
        .containsExactly(1L, 2L);
  }

  @Test
  void whatTheFileSaysIsMissingStaysSaid() throws Exception {
    String whole = new String(har, java.nio.charset.StandardCharsets.UTF_8);
    Files.writeString(
        session.resolve("api.har"), whole.replace("\n]}}\n", "\n],\"_gaps\":[{\"bytes\":7}]}}\n"));
    HarRecovery.run(session.resolve("api.har"));
    assertThat(Files.readString(session.resolve("api.har")))
        .endsWith("\n],\"_gaps\":[{\"bytes\":7}]}}\n");
  }

  @Test
  void aRepairThatIsCutShortIsDoneAgainWithoutDoubles() throws Exception {
    HarRecovery.run(session.resolve("api.har"));
    byte[] repaired = Files.readAllBytes(session.resolve("api.har"));
    HarRecovery.run(session.resolve("api.har"));
    assertThat(Files.readAllBytes(session.resolve("api.har"))).isEqualTo(repaired);
  }
}
