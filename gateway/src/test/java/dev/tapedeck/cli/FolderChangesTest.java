package dev.tapedeck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.recording.RecordingListener;
import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.recording.SessionRecorder;
import dev.tapedeck.sandbox.FolderRules;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.storage.AppendFiles;
import dev.tapedeck.storage.RecordingStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderChangesTest {

  @TempDir Path folder;

  @Test
  void whatChangedInAKeptHomeIsOnRecord() throws Exception {
    FolderRules rules = new FolderRules(folder.resolve("homes"), List.of());
    Path home = rules.of("alice").home();
    Files.writeString(home.resolve("old"), "1");
    RecordingStore store = new RecordingStore(folder.resolve("recordings"), AppendFiles.DISK);
    SessionInfo info =
        new SessionInfo(SessionId.create(), "ssh", "alice", "127.0.0.1:1", Instant.now(), Map.of());
    try (SessionRecorder recorder =
        new SessionRecorder(store, RecordingOptions.DEFAULT, RecordingListener.of(_ -> {}))) {
      Session session = Session.start(info, List.of(recorder), List.of());
      new FolderChanges(rules).follow(session);
      Files.delete(home.resolve("old"));
      Files.writeString(home.resolve("new"), "123");
      session.end("done");
    }
    String track =
        Files.readString(store.find(info.id()).orElseThrow().path().resolve("files-1.jsonl"));
    assertThat(track)
        .containsPattern("\"added\".*\"~/new\".*3")
        .containsPattern("\"removed\".*\"~/old\"");
  }
}
