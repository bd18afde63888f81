package dev.tapedeck.recording;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import dev.tapedeck.storage.Checksums;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.Repair;
import dev.tapedeck.storage.SessionFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CrashRepairTest {

  private static final Instant STARTED = Instant.parse("2026-11-21T09:00:00Z");
  private static final Instant LAST = STARTED.plusSeconds(75);

  private static final String WHOLE =
      """
      {"version": 2, "width": 80, "height": 24}
      [0.1, "o", "äb"]
      [0.2, "i", "x"]
      [0.3, "r", "90x30"]
      """;

  @TempDir private Path root;
  private RecordingStore store;
  private Path folder;
  private SessionFolder session;

  /** As a gateway leaves it that is killed while it writes. */
  @BeforeEach
  void crash() throws IOException {
    store = new RecordingStore(root);
    SessionId id = SessionId.create();
    folder = Files.createDirectories(root.resolve("2026-11-21").resolve(id.toString()));
    session = store.find(id).orElseThrow();
    Files.write(folder.resolve(".live"), new byte[SessionFolder.RESERVE_BYTES]);
    session.writeWhole(
        "session.json",
        SessionJson.write(
            record(
                id,
                new TrackRecord(
                    "shell-1", "shell", "shell-1.cast", 7, null, 0, 0, null, null, List.of()))));
    write("shell-1.cast", WHOLE + "[0.4, \"o\", \"to");
    Files.setLastModifiedTime(
        folder.resolve("session.json"), FileTime.from(STARTED.plusSeconds(1)));
  }

  @Test
  void theSessionIsTruncatedAndEndedWithItsLastWrite() throws IOException {
    Repair.Outcome outcome = CrashRepair.run(store);
    assertThat(outcome.failures()).isEmpty();
    assertThat(outcome.repaired()).hasSize(1);
    assertThat(folder.resolve("shell-1.cast")).hasContent(WHOLE);
    SessionRecord after = SessionJson.read(session);
    assertThat(after.status()).isEqualTo(Status.TRUNCATED);
    assertThat(after.ended()).isEqualTo(LAST);
    assertThat(after.reason()).isEqualTo("the gateway was ended by force");
    assertThat(after.attributes()).isEqualTo(Map.of("sandbox", "none"));
    assertThat(after.tracks())
        .containsExactly(
            new TrackRecord(
                "shell-1",
                "shell",
                "shell-1.cast",
                7,
                null,
                3,
                4,
                null,
                Checksums.sha256(folder.resolve("shell-1.cast")),
                List.of()));
    assertThat(CrashRepair.run(store).repaired()).isEmpty();
    assertThat(SessionJson.read(session)).isEqualTo(after);
  }

  @Test
  void aTrackThatTheSummaryDoesNotKnowYetIsAdded() throws IOException {
    write("exec-2.cast", WHOLE);
    write("files-3.jsonl", "{\"op\": 1}\n{\"op\": 2}\n{\"o");
    CrashRepair.run(store);
    assertThat(SessionJson.read(session).tracks())
        .extracting(TrackRecord::name, TrackRecord::type, TrackRecord::events)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("shell-1", "shell", 3L),
            org.assertj.core.groups.Tuple.tuple("exec-2", "exec", 3L),
            org.assertj.core.groups.Tuple.tuple("files-3", "files", 2L));
  }

  @Test
  void aSummaryThatIsTornIsWrittenAnew() throws IOException {
    write("session.json", "{\"id\": \"");
    assertThat(CrashRepair.run(store).failures()).isEmpty();
    SessionRecord after = SessionJson.read(session);
    assertThat(after.id()).isEqualTo(session.id());
    assertThat(after.user()).isEqualTo("unknown");
    assertThat(after.status()).isEqualTo(Status.TRUNCATED);
    assertThat(after.tracks()).hasSize(1);
  }

  @Test
  void aSealedSummaryStaysAsItIs() throws IOException {
    SessionRecord live = SessionJson.read(session);
    SessionRecord sealed =
        new SessionRecord(
            live.id(),
            live.kind(),
            live.user(),
            live.source(),
            live.started(),
            LAST,
            Status.COMPLETE,
            "exit",
            live.attributes(),
            live.tracks(),
            List.of());
    session.writeWhole("session.json", SessionJson.write(sealed));
    write("shell-1.cast", WHOLE);
    assertThat(CrashRepair.run(store).repaired()).hasSize(1);
    assertThat(SessionJson.read(session)).isEqualTo(sealed);
    assertThat(session.isLive()).isFalse();
    assertThat(folder.resolve(".live")).doesNotExist();
  }

  @Test
  void aCastWithoutAWholeHeaderIsEmpty() throws IOException {
    write("shell-1.cast", "{\"version\": 2, \"wid");
    assertThat(CrashRepair.run(store).failures()).isEmpty();
    assertThat(folder.resolve("shell-1.cast")).isEmptyFile();
    assertThat(SessionJson.read(session).tracks().getFirst().events()).isZero();
  }

  private void write(String name, String text) throws IOException {
    Files.write(folder.resolve(name), text.getBytes(UTF_8));
    Files.setLastModifiedTime(folder.resolve(name), FileTime.from(LAST));
  }

  private static SessionRecord record(SessionId id, TrackRecord track) {
    return new SessionRecord(
        id,
        "ssh",
        "alice",
        "127.0.0.1:4",
        STARTED,
        null,
        Status.LIVE,
        null,
        Map.of("sandbox", "none"),
        List.of(track),
        List.of());
  }
}
