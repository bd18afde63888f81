package dev.tapedeck.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.Frame;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.event.TrackType;
import dev.tapedeck.formats.cast.CastEvent;
import dev.tapedeck.formats.cast.CastReader;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.session.Track;
import dev.tapedeck.storage.RecordingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SessionRecorderTest {

  private static final Duration STALL = Duration.ofMillis(100);

  @TempDir Path folder;
  private final FaultyTapes disk = new FaultyTapes();
  private final AtomicReference<SessionRecord> known = new AtomicReference<>();
  private SessionRecorder recorder;

  @AfterEach
  void close() {
    disk.release();
    if (recorder != null) {
      recorder.close();
    }
  }

  private Session session(RecordingOptions options) throws IOException {
    recorder = new SessionRecorder(store(), options, RecordingListener.of(known::set));
    SessionInfo info =
        new SessionInfo(SessionId.create(), "ssh", "alice", "127.0.0.1:1", Instant.now(), Map.of());
    return Session.start(info, List.of(recorder), List.of());
  }

  private RecordingStore store() {
    return new RecordingStore(folder.resolve("recordings"), disk);
  }

  private static RecordingOptions options(RecordingOptions.Policy policy, int backlog) {
    return options(policy, backlog, 1000);
  }

  private static RecordingOptions options(
      RecordingOptions.Policy policy, int backlog, long payloadLimit) {
    return new RecordingOptions(policy, true, payloadLimit, STALL, backlog);
  }

  private static RecordingOptions bestEffort() {
    return options(RecordingOptions.Policy.BEST_EFFORT, 1 << 20);
  }

  private static Track shell(Session session) throws IOException {
    return session.open(
        TrackType.SHELL,
        new Event.TrackOpened(
            Instant.now(), null, new TerminalSize(100, 30), Map.of("TERM", "xterm")));
  }

  private static Track exec(Session session) throws IOException {
    return session.open(
        TrackType.EXEC, new Event.TrackOpened(Instant.now(), "tar c .", null, Map.of()));
  }

  private static Event output(String text) {
    return new Event.Output(Bytes.of(text));
  }

  private SessionRecord sealed() {
    return await()
        .atMost(20, TimeUnit.SECONDS)
        .until(known::get, r -> r != null && r.status() != Status.LIVE && r.ended() != null);
  }

  private Path file(Session session, String name) throws IOException {
    return store().find(session.info().id()).orElseThrow().path().resolve(name);
  }

  private static List<String> lines(Path cast) throws IOException {
    try (CastReader reader = new CastReader(Files.newInputStream(cast))) {
      List<String> lines = new ArrayList<>();
      CastEvent event;
      while ((event = reader.next()) != null) {
        lines.add(event.code().text() + " " + event.data());
      }
      return lines;
    }
  }

  @Test
  void wholeSessionReadsBackInOrder() throws IOException {
    Session session = session(bestEffort());
    Track track = shell(session);
    track.emit(output("$ "));
    track.emit(new Event.Input(Bytes.of("ls\r")));
    track.emit(new Event.Resized(new TerminalSize(120, 40)));
    track.emit(output("a\r\nb\r\n"));
    track.close(new ExitStatus.Code(3));
    session.end("client disconnected");

    SessionRecord record = sealed();
    assertThat(record.status()).isEqualTo(Status.COMPLETE);
    assertThat(record.tracks()).hasSize(1);
    assertThat(record.tracks().getFirst().exitStatus()).isEqualTo(3);
    assertThat(record.tracks().getFirst().events()).isEqualTo(5);
    assertThat(record.bytes()).isEqualTo(2 + 3 + 6);
    Path cast = file(session, "shell-1.cast");
    assertThat(lines(cast)).containsExactly("o $ ", "i ls\r", "r 120x40", "o a\r\nb\r\n", "x 3");
    assertThat(Files.readString(cast))
        .startsWith("{\"version\": 2, \"width\": 100, \"height\": 30");
  }

  @Test
  void tracksOfOneSessionHaveFilesOfTheirOwn() throws IOException {
    Session session = session(bestEffort());
    Track first = shell(session);
    Track second = exec(session);
    first.emit(output("one"));
    second.emit(output("two"));
    session.end("client disconnected");

    assertThat(sealed().tracks())
        .extracting(SessionRecord.TrackRecord::file)
        .containsExactly("shell-1.cast", "exec-2.cast");
    assertThat(lines(file(session, "shell-1.cast"))).containsExactly("o one", "x -1");
    assertThat(lines(file(session, "exec-2.cast"))).containsExactly("o two", "x -1");
  }

  @Test
  void endingTwiceOrEmittingAfterTheEndIsSafe() throws IOException {
    Session session = session(bestEffort());
    Track track = shell(session);
    track.close(new ExitStatus.Code(0));
    track.close(new ExitStatus.Code(1));
    track.emit(output("late"));
    session.end("first");
    session.end("second");

    assertThat(sealed().reason()).isEqualTo("first");
    assertThat(lines(file(session, "shell-1.cast"))).containsExactly("x 0");
  }

  @Test
  void whatComesWhileTheTrackEndsIsNotBehindItsEnd() throws IOException {
    Session session = session(bestEffort());
    Track track = shell(session);
    track.close(new ExitStatus.Code(0));
    // As a thread does that had looked whether the track was open just before it closed.
    recorder.record(
        new Frame(session.info().id(), 99, track.id(), 99, new Event.Input(Bytes.of("late"))));
    session.end("client disconnected");

    assertThat(sealed().status()).isEqualTo(Status.COMPLETE);
    assertThat(lines(file(session, "shell-1.cast"))).containsExactly("x 0");
  }

  @Test
  void strictSessionThatCannotBeRecordedIsSealedWithAGap() throws IOException {
    Session session = session(options(RecordingOptions.Policy.STRICT, 0));
    Track track = shell(session);
    track.emit(output("before"));
    disk.failAfter(0);
    assertThatThrownBy(() -> track.emit(output("must not pass"))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> session.end("recording failed")).isInstanceOf(IOException.class);

    SessionRecord record = sealed();
    assertThat(record.status()).isEqualTo(Status.GAP);
    assertThat(record.reason()).isEqualTo("recording failed");
    assertThat(lines(file(session, "shell-1.cast"))).containsExactly("o before");
  }

  @Test
  void hiddenInputIsACountAndNothingElse() throws IOException {
    Session session = session(bestEffort());
    Track track = shell(session);
    track.emit(output("Password: "));
    for (int i = 0; i < 8; i++) {
      track.emit(new Event.HiddenInput(1));
    }
    track.emit(output("\r\n"));
    session.end("client disconnected");

    sealed();
    assertThat(lines(file(session, "shell-1.cast")))
        .containsExactly("o Password: ", "m hidden input: 8 bytes", "o \r\n", "x -1");
  }

  @Test
  void diskThatFillsMarksAGapAndTheRestIsThere() throws Exception {
    Session session = session(bestEffort());
    Track track = shell(session);
    track.emit(output("before"));
    disk.failAfter(10);
    track.emit(output("lost one"));
    track.emit(output("lost two"));
    disk.recover();
    await()
        .until(() -> {
          track.emit(output("."));
          return Files.readString(file(session, "shell-1.cast")).contains("lost between");
        });
    track.emit(output("after"));
    track.close(new ExitStatus.Code(0));
    session.end("client disconnected");

    SessionRecord record = sealed();
    assertThat(record.status()).isEqualTo(Status.GAP);
    assertThat(record.gaps()).hasSize(1);
    assertThat(record.gaps().getFirst().bytes()).isGreaterThanOrEqualTo(16);
    assertThat(record.gaps().getFirst().reason()).contains("No space left");
    List<String> lines = lines(file(session, "shell-1.cast"));
    assertThat(lines.getFirst()).isEqualTo("o before");
    assertThat(lines).anyMatch(line -> line.startsWith("m recording gap: "));
    assertThat(lines).endsWith("o after", "x 0");
  }

  @Test
  void diskThatNeverRecoversStillEndsTheSession() throws Exception {
    Session session = session(bestEffort());
    Track track = shell(session);
    track.emit(output("before"));
    disk.failAfter(0);
    track.emit(output("lost"));
    track.close(new ExitStatus.Code(0));
    session.end("client disconnected");

    SessionRecord record = sealed();
    assertThat(record.status()).isEqualTo(Status.GAP);
    assertThat(record.gaps().getFirst().toMillis()).isNull();
    assertThat(lines(file(session, "shell-1.cast"))).containsExactly("o before");
  }

  @Test
  void folderThatCannotBeMadeIsAFailedRecordingAndNotAFailedSession() throws Exception {
    Files.writeString(folder.resolve("recordings"), "a file where the folder should be");
    Session session = session(bestEffort());
    Track track = shell(session);
    track.emit(output("on"));
    track.close(new ExitStatus.Code(0));
    session.end("client disconnected");

    assertThat(sealed().status()).isEqualTo(Status.FAILED);
  }

  @Test
  void strictPolicyEndsTheSessionInstead() throws Exception {
    Session session = session(options(RecordingOptions.Policy.STRICT, 0));
    Track track = shell(session);
    disk.failAfter(0);
    assertThatThrownBy(() -> track.emit(output("must not pass")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left");
  }

  @Test
  void strictPolicyStartsNoSessionWithoutAFolder() throws Exception {
    Files.writeString(folder.resolve("recordings"), "a file where the folder should be");
    assertThatThrownBy(() -> session(options(RecordingOptions.Policy.STRICT, 0)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void diskThatHangsHoldsOnlyTheThreadInIt() throws Exception {
    Session session = session(bestEffort());
    Track track = shell(session);
    track.emit(output("before"));
    disk.hang();
    CompletableFuture<Void> stuck = onThread(() -> track.emit(output("stuck")));
    await().until(() -> !stuck.isDone());
    long began = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      track.emit(output("waiting"));
    }
    Duration waited = Duration.ofNanos(System.nanoTime() - began);
    assertThat(stuck).isNotDone();
    assertThat(waited).as("100 frames past a hanging disk").isLessThan(STALL.multipliedBy(10));
    disk.release();
    stuck.get();
    track.emit(output("after"));
    track.close(new ExitStatus.Code(0));
    session.end("client disconnected");

    assertThat(sealed().status()).isEqualTo(Status.COMPLETE);
    List<String> lines = lines(file(session, "shell-1.cast"));
    assertThat(lines)
        .hasSize(1 + 1 + 100 + 1 + 1)
        .startsWith("o before")
        .endsWith("o after", "x 0");
    assertThat(lines).filteredOn("o waiting"::equals).hasSize(100);
  }

  @Test
  void whatDoesNotFitIntoTheBacklogIsAGap() throws Exception {
    Session session = session(options(RecordingOptions.Policy.BEST_EFFORT, 20));
    Track track = shell(session);
    track.emit(output("before"));
    disk.hang();
    CompletableFuture<Void> stuck = onThread(() -> track.emit(output("stuck")));
    await().until(() -> !stuck.isDone());
    for (int i = 0; i < 10; i++) {
      track.emit(output("waiting---"));
    }
    disk.release();
    stuck.get();
    track.emit(output("after"));
    track.close(new ExitStatus.Code(0));
    session.end("client disconnected");

    SessionRecord record = sealed();
    assertThat(record.status()).isEqualTo(Status.GAP);
    assertThat(record.gaps().getFirst().reason()).isEqualTo("the disk does not answer");
    assertThat(lines(file(session, "shell-1.cast")))
        .anyMatch(line -> line.startsWith("m recording gap: "))
        .endsWith("o after", "x 0");
  }

  private static CompletableFuture<Void> onThread(Body body) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            body.run();
            done.complete(null);
          } catch (IOException e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  private interface Body {
    void run() throws IOException;
  }
}
