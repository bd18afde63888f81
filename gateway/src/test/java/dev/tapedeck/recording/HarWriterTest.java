package dev.tapedeck.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.Event;
import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.Frame;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.event.TrackId;
import dev.tapedeck.event.TrackType;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.storage.AppendFile;
import dev.tapedeck.storage.AppendFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session's lane that does nothing until it is told to. */
class HarWriterTest {

  private static final SessionId SESSION = SessionId.create();
  private static final TrackId TRACK = new TrackId(TrackType.API, 1);

  @TempDir Path folder;
  private final List<Runnable> lane = new ArrayList<>();
  private final List<Obj> told = new ArrayList<>();
  private long number;

  private final class Owner implements TrackWriter.Owner {

    @Override
    public AppendFile open(String file) throws IOException {
      return AppendFiles.DISK.create(folder.resolve(file));
    }

    @Override
    public Path path(String file) {
      return folder.resolve(file);
    }

    @Override
    public void remove(String file) throws IOException {
      Files.deleteIfExists(folder.resolve(file));
    }

    @Override
    public void soon(Runnable action) {
      lane.add(action);
    }

    @Override
    public void later(Runnable action, long millis) {
      // Nothing here waits for the journal.
    }

    @Override
    public void gapChanged() {}

    @Override
    public void makeRoom() {}
  }

  private Frame frame(Event event) {
    return new Frame(SESSION, ++number, TRACK, number * 1_000_000, event);
  }

  private HarWriter tape(Consumer<Obj> listener) {
    Event opened = new Event.TrackOpened(Instant.now(), null, null, Map.of());
    return new HarWriter(new Owner(), frame(opened), RecordingOptions.DEFAULT, listener);
  }

  private void ask(HarWriter tape, long exchange) throws IOException {
    tape.record(
        frame(
            new HttpEvent.Requested(
                exchange,
                Instant.now(),
                "x",
                "GET",
                "http://x/" + exchange,
                "HTTP/1.1",
                List.of())));
  }

  private void finish(HarWriter tape, long exchange) throws IOException {
    tape.record(frame(new HttpEvent.Finished(exchange, End.COMPLETE, null)));
  }

  private void close(HarWriter tape) throws IOException {
    tape.record(frame(new Event.TrackClosed(new ExitStatus.Unknown())));
  }

  private String har() throws IOException {
    return Files.readString(folder.resolve("api.har"));
  }

  @Test
  void aSealComesBehindEntriesThatAreNotMadeYet() throws IOException {
    HarWriter tape = tape(told::add);
    ask(tape, 1);
    ask(tape, 2);
    finish(tape, 1);
    close(tape);
    assertThat(folder.resolve("api.har")).doesNotExist();

    assertThat(tape.seal()).isTrue();

    assertThat(har()).contains("http://x/1", "http://x/2", "the session ended before it did");
    assertThat(folder.resolve("api.har.journal")).doesNotExist();
    assertThat(told).hasSize(2);
    String sealed = har();
    lane.forEach(Runnable::run);
    assertThat(har()).isEqualTo(sealed);
    assertThat(tape.gaps()).isEmpty();
  }

  @Test
  void aListenerThatFailsMakesNoGap() throws IOException {
    HarWriter tape =
        tape(_ -> {
          throw new IllegalStateException("a listener's");
        });
    ask(tape, 1);
    finish(tape, 1);
    ask(tape, 2);
    finish(tape, 2);
    lane.forEach(Runnable::run);
    close(tape);
    assertThat(tape.seal()).isTrue();
    assertThat(har()).contains("http://x/1", "http://x/2");
    assertThat(tape.gaps()).isEmpty();
  }
}
