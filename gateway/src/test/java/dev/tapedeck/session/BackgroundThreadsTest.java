package dev.tapedeck.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.recording.RecordingListener;
import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.recording.SessionRecorder;
import dev.tapedeck.storage.RecordingStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackgroundThreadsTest {

  @TempDir Path folder;

  /** The calling thread's, as the system knows it: proc(5), the 19th field of stat. */
  private static int nice() {
    try {
      String stat = Files.readString(Path.of("/proc/thread-self/stat"));
      return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aBackgroundThreadYieldsAndNoOtherDoes() throws Exception {
    int before = nice();
    CompletableFuture<Integer> there = new CompletableFuture<>();
    BackgroundThreads.factory("test-", BackgroundThreads.PASSED)
        .newThread(() -> there.complete(nice()))
        .start();
    assertThat(there.get(20, TimeUnit.SECONDS)).isEqualTo(BackgroundThreads.PASSED);
    assertThat(nice()).isEqualTo(before);
  }

  @Test
  void whatRecordsYieldsToWhatCarriesBytes() throws Exception {
    CompletableFuture<Integer> recorder = new CompletableFuture<>();
    try (SessionRecorder sessions =
        new SessionRecorder(
            new RecordingStore(folder),
            RecordingOptions.DEFAULT,
            RecordingListener.of(_ -> recorder.complete(nice())))) {
      SessionInfo info =
          new SessionInfo(
              SessionId.create(), "ssh", "alice", "127.0.0.1:1", Instant.now(), Map.of());
      Session.start(info, List.of(sessions), List.of()).end("done");
      assertThat(recorder.get(20, TimeUnit.SECONDS)).isEqualTo(BackgroundThreads.PASSED);
    }
  }
}
