package dev.tapedeck.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.Frame;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.event.TrackId;
import dev.tapedeck.event.TrackType;
import dev.tapedeck.session.SessionRecord.Gap;
import dev.tapedeck.storage.AppendFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One track on a disk that hangs and fails at once. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LineWriterTest {

  private static final SessionId SESSION = SessionId.create();
  private static final TrackId TRACK = new TrackId(TrackType.SHELL, 1);

  @TempDir Path folder;
  private final FaultyTapes disk = new FaultyTapes();
  private final AtomicLong number = new AtomicLong();
  private final CountDownLatch hanging = new CountDownLatch(1);

  private final class Owner implements TrackWriter.Owner {

    @Override
    public AppendFile open(String file) throws IOException {
      return disk.create(folder.resolve(file));
    }

    @Override
    public Path path(String file) {
      return folder.resolve(file);
    }

    @Override
    public void remove(String file) {}

    @Override
    public void soon(Runnable action) {}

    @Override
    public void later(Runnable action, long millis) {}

    @Override
    public void gapChanged() {}

    @Override
    public void makeRoom() {}
  }

  private Frame frame(Event event) {
    long next = number.incrementAndGet();
    return new Frame(SESSION, next, TRACK, next * 1_000_000, event);
  }

  private LineWriter tape() throws IOException {
    Event.TrackOpened opened =
        new Event.TrackOpened(
            Instant.now(), null, new TerminalSize(80, 24), Map.of("TERM", "xterm"));
    Frame frame = frame(opened);
    RecordingOptions options =
        new RecordingOptions(
            RecordingOptions.Policy.BEST_EFFORT, true, 0, Duration.ofMillis(20), 0);
    PayloadLimit limit = new PayloadLimit("exec-1", 0, false, () -> {});
    LineWriter tape =
        new LineWriter(new Owner(), frame, new CastFormat(frame, opened, limit), options);
    tape.open();
    tape.catchUp();
    return tape;
  }

  private void emit(LineWriter tape) {
    try {
      tape.record(frame(new Event.Output(Bytes.of("x"))));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A thread that records until it is stuck in the disk, and what it had recorded by then. */
  private Thread stuck(LineWriter tape, AtomicLong emitted) {
    disk.hang();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              while (hanging.getCount() > 0) {
                emitted.incrementAndGet();
                emit(tape);
              }
            });
    await().until(() -> disk.hung());
    return thread;
  }

  private void gap(LineWriter tape, AtomicLong emitted) {
    disk.failAfter(0);
    emitted.incrementAndGet();
    emit(tape);
    disk.recover();
  }

  private void end(LineWriter tape, AtomicLong emitted) {
    await()
        .until(() -> {
          emitted.incrementAndGet();
          emit(tape);
          return tape.gaps().stream().allMatch(gap -> gap.toMillis() != null);
        });
  }

  private long written() throws IOException {
    return Files.readString(folder.resolve("shell-1.cast"))
        .lines()
        .filter(line -> line.contains("\"o\""))
        .mapToLong(line -> line.chars().filter(c -> c == 'x').count())
        .sum();
  }

  @Test
  void gapsThatAreKnownAreToldWhileTheDiskHangs() throws Exception {
    LineWriter tape = tape();
    AtomicLong emitted = new AtomicLong();
    gap(tape, emitted);
    end(tape, emitted);
    assertThat(tape.gaps()).hasSize(1);
    Thread thread = stuck(tape, emitted);
    assertThat(tape.gaps()).as("while the disk hangs").hasSize(1);
    hanging.countDown();
    disk.release();
    thread.join();
  }

  @Test
  void whatIsLostWhileTheDiskHangsWithinAGapIsCounted() throws Exception {
    LineWriter tape = tape();
    AtomicLong emitted = new AtomicLong();
    gap(tape, emitted);
    Thread thread = stuck(tape, emitted);
    for (int i = 0; i < 50; i++) {
      emitted.incrementAndGet();
      emit(tape);
    }
    hanging.countDown();
    disk.failAfter(0);
    disk.release();
    thread.join();
    disk.recover();
    end(tape, emitted);
    long lost = tape.gaps().stream().mapToLong(Gap::bytes).sum();
    assertThat(lost + written()).isEqualTo(emitted.get());
  }
}
