package dev.tapedeck.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.event.TrackType;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.session.Track;
import dev.tapedeck.storage.RecordingStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveSummaryTest {

  @TempDir Path folder;
  private final AtomicReference<SessionRecord> known = new AtomicReference<>();

  @Test
  void aLiveSessionsSummarySaysWhatPassed() throws Exception {
    RecordingStore store = new RecordingStore(folder);
    SessionInfo info =
        new SessionInfo(SessionId.create(), "ssh", "alice", "127.0.0.1:1", Instant.now(), Map.of());
    try (SessionRecorder recorder =
        new SessionRecorder(store, RecordingOptions.DEFAULT, RecordingListener.of(known::set))) {
      Session session = Session.start(info, List.of(recorder), List.of());
      Track track =
          session.open(TrackType.EXEC, new Event.TrackOpened(Instant.now(), "cat", null, Map.of()));
      await().until(() -> store.find(info.id()).isPresent());
      Path summary = store.find(info.id()).orElseThrow().path().resolve("session.json");
      awaitSummary(summary, "exec-1");
      track.emit(new Event.Output(Bytes.of("twelve bytes")));
      awaitSummary(summary, "\"bytes\": 12");
      assertThat(known.get().status()).isEqualTo(Status.LIVE);
      assertThat(known.get().bytes()).isEqualTo(12);
      session.end("client disconnected");
    }
  }

  private static void awaitSummary(Path summary, String part) {
    await()
        .atMost(20, TimeUnit.SECONDS)
        .ignoreException(NoSuchFileException.class)
        .until(() -> Files.readString(summary).contains(part));
  }
}
