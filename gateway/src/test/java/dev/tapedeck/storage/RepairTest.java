package dev.tapedeck.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RepairTest {

  @TempDir private Path root;
  private RecordingStore store;
  private final List<SessionId> marked = new ArrayList<>();

  @BeforeEach
  void store() {
    store = new RecordingStore(root);
  }

  @Test
  void aKilledGatewaysSessionIsCutToItsLastWholeLine() throws Exception {
    SessionId id = SessionId.create();
    try (ChildJvm gateway = ChildJvm.start(LiveGateway.class, root.toString(), id.toString())) {
      gateway.await("ready");
      SessionFolder folder = store.find(id).orElseThrow();
      assertThat(folder.isLive()).isTrue();
      assertThat(repair().repaired()).isEmpty();
      assertThat(folder.all()).contains(LiveMark.NAME);

      gateway.kill();
      Files.writeString(folder.path().resolve(".session.json.tmp"), "half");
      assertThat(folder.isLive()).isFalse();
      Repair.Outcome outcome = repair();
      assertThat(outcome.repaired())
          .singleElement()
          .satisfies(done ->
              assertThat(done.cuts()).containsExactly(new Repair.Cut("shell-1.cast", 34, 20)));
      assertThat(folder.path().resolve("shell-1.cast")).hasContent("[0.1, \"o\", \"whole\"]\n");
      assertThat(folder.all()).containsExactly("session.json", "shell-1.cast");
      assertThat(marked).containsExactly(id);
      assertThat(repair()).isEqualTo(new Repair.Outcome(List.of(), List.of()));
    }
  }

  @Test
  void theOwnLiveSessionsAreLeftAlone() throws Exception {
    SessionFolder live = store.create(SessionId.create(), Instant.now());
    assertThat(repair().repaired()).isEmpty();
    // Looking must not have cost us the lock: a POSIX lock goes when any descriptor is closed.
    assertThat(live.isLive()).isTrue();
    assertThat(heldBySomebodyElse(live)).isTrue();
  }

  private boolean heldBySomebodyElse(SessionFolder folder) throws Exception {
    try (ChildJvm other = ChildJvm.start(Looker.class, root.toString(), folder.id().toString())) {
      return Boolean.parseBoolean(other.line());
    }
  }

  @Test
  void aReaderThatLooksDoesNotKeepADeadSessionFromBeingRepaired() throws Exception {
    SessionFolder dead = crashed("whole\n");
    try (ChildJvm other = ChildJvm.start(Onlooker.class, root.toString(), dead.id().toString())) {
      other.await("looking");
      for (int i = 0; i < 300; i++) {
        Files.write(dead.path().resolve(LiveMark.NAME), new byte[0]);
        assertThat(repair().repaired()).as("time %d", i).hasSize(1);
      }
    }
  }

  /** Looks from another process whether a session is live, again and again. */
  static final class Onlooker {
    public static void main(String[] arguments) throws IOException {
      SessionFolder folder =
          new RecordingStore(Path.of(arguments[0]))
              .find(SessionId.parse(arguments[1]))
              .orElseThrow();
      System.out.println("looking");
      for (int looks = 0; looks >= 0; looks++) {
        folder.isLive();
      }
    }
  }

  /** Looks from another process whether a session is live. */
  static final class Looker {
    public static void main(String[] arguments) throws IOException {
      RecordingStore store = new RecordingStore(Path.of(arguments[0]));
      System.out.println(store.find(SessionId.parse(arguments[1])).orElseThrow().isLive());
    }
  }

  @Test
  void aSealedSessionIsLeftAlone() throws Exception {
    SessionFolder folder = store.create(SessionId.create(), Instant.now());
    folder.writeWhole("shell-1.cast", "no newline".getBytes(UTF_8));
    folder.seal();
    assertThat(repair().repaired()).isEmpty();
    assertThat(folder.path().resolve("shell-1.cast")).hasContent("no newline");
  }

  @Test
  void anInterruptedRepairIsDoneAgain() throws Exception {
    SessionFolder folder = crashed("one\ntw");
    Repair failing =
        new Repair(
            Repair::lastWholeLine,
            (_, _) -> {
              throw new IOException("cannot write session.json: the disk is full");
            });
    Repair.Outcome outcome = failing.run(store);
    assertThat(outcome.repaired()).isEmpty();
    assertThat(outcome.failures()).containsExactly("cannot write session.json: the disk is full");
    assertThat(folder.all()).contains(LiveMark.NAME);

    assertThat(repair().repaired()).singleElement().satisfies(d -> assertThat(d.cuts()).isEmpty());
    assertThat(folder.path().resolve("shell-1.cast")).hasContent("one\n");
    assertThat(folder.all()).doesNotContain(LiveMark.NAME);
  }

  @Test
  void oneThatCannotBeRepairedDoesNotKeepTheOthersFromIt() throws Exception {
    SessionFolder bad = crashed("a\nb");
    SessionFolder good = crashed("c\nd");
    Repair.Outcome outcome =
        new Repair(
                file -> {
                  if (file.startsWith(bad.path())) {
                    throw new IOException("not a cast");
                  }
                  return Repair.lastWholeLine(file);
                },
                (_, _) -> {})
            .run(store);
    assertThat(outcome.failures())
        .containsExactly("cannot repair " + bad.path().resolve("shell-1.cast") + ": not a cast");
    assertThat(good.path().resolve("shell-1.cast")).hasContent("c\n");
    assertThat(bad.path().resolve("shell-1.cast")).hasContent("a\nb");
  }

  @Test
  void theMarkIsHeldWhileTheRepairGoesOn() throws Exception {
    SessionFolder folder = crashed("a\nb");
    List<Boolean> live = new ArrayList<>();
    new Repair(Repair::lastWholeLine, (f, _) -> live.add(f.isLive())).run(store);
    assertThat(live).containsExactly(true);
    assertThat(folder.isLive()).isFalse();
  }

  @Test
  void aSessionThatIsBeingMadeIsTakenForLive() throws Exception {
    Path folder = root.resolve("2026-11-21").resolve(SessionId.create().toString());
    Files.createDirectories(folder);
    Files.createFile(folder.resolve(LiveMark.UNBORN));
    assertThat(LiveMark.held(folder)).isTrue();
    Files.setLastModifiedTime(
        folder.resolve(LiveMark.UNBORN),
        java.nio.file.attribute.FileTime.from(Instant.now().minusSeconds(120)));
    assertThat(LiveMark.held(folder)).isFalse();
  }

  @Test
  void theLastWholeLineIsFoundInFilesOfAnySize() throws IOException {
    Path file = root.resolve("x.jsonl");
    for (String text :
        List.of("", "x", "x\n", "x\ny", "x\n" + "y".repeat(64 * 1024), "x".repeat(200_000))) {
      Files.writeString(file, text);
      assertThat(Repair.lastWholeLine(file)).isEqualTo(text.lastIndexOf('\n') + 1);
    }
    Files.writeString(file, "x".repeat(65_535) + "\n" + "y".repeat(65_536));
    assertThat(Repair.lastWholeLine(file)).isEqualTo(65_536);
  }

  @Test
  void aSessionWhoseRepairBreaksDownIsLeftAndTheOthersAreRepaired() throws Exception {
    SessionFolder bad = crashed("bad\n");
    SessionFolder good = crashed("good\n");
    for (Throwable fault : List.of(new IllegalStateException("x"), new OutOfMemoryError("y"))) {
      Files.write(good.path().resolve(LiveMark.NAME), new byte[0]);
      Repair.Outcome outcome =
          new Repair(Repair::lastWholeLine, (folder, _) -> fail(folder, bad, fault)).run(store);
      assertThat(outcome.repaired())
          .extracting(done -> done.folder().id())
          .containsExactly(good.id());
      assertThat(outcome.failures()).containsExactly("cannot repair " + bad.path() + ": " + fault);
      assertThat(bad.path().resolve(LiveMark.NAME)).exists();
    }
  }

  private static void fail(SessionFolder folder, SessionFolder bad, Throwable fault) {
    if (folder.id().equals(bad.id())) {
      switch (fault) {
        case Error error -> throw error;
        case RuntimeException exception -> throw exception;
        default -> throw new AssertionError(fault);
      }
    }
  }

  /** A folder as a dead gateway leaves it: marked, and nobody holds the lock. */
  private SessionFolder crashed(String cast) throws IOException {
    SessionId id = SessionId.create();
    Path folder = root.resolve("2026-11-21").resolve(id.toString());
    Files.createDirectories(folder);
    Files.write(folder.resolve(LiveMark.NAME), new byte[SessionFolder.RESERVE_BYTES]);
    Files.writeString(folder.resolve("shell-1.cast"), cast);
    return store.find(id).orElseThrow();
  }

  private Repair.Outcome repair() throws IOException {
    return new Repair(Repair::lastWholeLine, (folder, _) -> marked.add(folder.id())).run(store);
  }
}
