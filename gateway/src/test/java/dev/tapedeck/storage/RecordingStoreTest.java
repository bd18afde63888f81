package dev.tapedeck.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.tapedeck.event.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordingStoreTest {

  private static final Instant LATE = Instant.parse("2026-11-21T23:59:59.999Z");

  @TempDir private Path temp;

  @Test
  void aSessionLiesUnderItsDay() throws IOException {
    Path root = temp.resolve("data/recordings");
    SessionId id = SessionId.create();
    SessionFolder folder = new RecordingStore(root).create(id, LATE);
    assertThat(folder.path()).isEqualTo(root.resolve("2026-11-21").resolve(id.toString()));
    for (Path made : List.of(folder.path(), root.resolve("2026-11-21"), root, root.getParent())) {
      assertThat(mode(made)).as("%s", made).isEqualTo("rwx------");
    }
    assertThat(mode(folder.path().resolve(LiveMark.NAME))).isEqualTo("rw-------");
  }

  @Test
  void aSessionHasOneFolder() throws IOException {
    RecordingStore store = new RecordingStore(temp);
    SessionId id = SessionId.create();
    SessionFolder folder = store.create(id, LATE);
    assertThatIOException()
        .isThrownBy(() -> store.create(id, LATE))
        .withMessage("cannot create " + folder.path() + ": it exists already");
    assertThat(folder.isLive()).isTrue();
  }

  @Test
  void aRootThatIsALinkIsFollowed() throws IOException {
    Path real = Files.createDirectories(temp.resolve("big-disk"));
    Path link = Files.createSymbolicLink(temp.resolve("recordings"), real);
    SessionFolder folder = new RecordingStore(link).create(SessionId.create(), LATE);
    assertThat(real.resolve("2026-11-21").resolve(folder.id().toString())).isDirectory();
  }

  @Test
  void aFileInTheWayIsNamed() throws IOException {
    Path root = Files.writeString(temp.resolve("recordings"), "");
    assertThatIOException()
        .isThrownBy(() -> new RecordingStore(root).create(SessionId.create(), LATE))
        .withMessageStartingWith("cannot create " + root + "/2026-11-21/");
  }

  @Test
  void aReadOnlyDiskIsNamed() throws Exception {
    try (TinyDisk disk = TinyDisk.mount(temp.resolve("disk"), 64)) {
      disk.readOnly();
      assertThatIOException()
          .isThrownBy(() -> new RecordingStore(disk.path()).create(SessionId.create(), LATE))
          .withMessageEndingWith(": Read-only file system");
    }
  }

  @Test
  void sessionsAreFoundByIdWhateverTheirDay() throws IOException {
    RecordingStore store = new RecordingStore(temp);
    SessionFolder today = store.create(SessionId.create(), Instant.now());
    SessionFolder imported =
        store.create(SessionId.create(), Instant.parse("2020-02-29T00:00:00Z"));
    assertThat(store.find(today.id())).get().hasToString(today.path().toString());
    assertThat(store.find(imported.id())).get().hasToString(imported.path().toString());
    assertThat(store.find(SessionId.create())).isEmpty();
    assertThat(new RecordingStore(temp.resolve("none")).find(today.id())).isEmpty();
  }

  @Test
  void theNewestComesFirstAndStrangersAreLeftOut() throws IOException {
    RecordingStore store = new RecordingStore(temp);
    SessionId a = SessionId.create();
    SessionId b = SessionId.create();
    SessionId c = SessionId.create();
    SessionId d = SessionId.create();
    store.create(a, LATE);
    store.create(b, LATE);
    store.create(c, LATE.plusMillis(1));
    store.create(d, LATE.plusMillis(1));
    Files.createDirectories(temp.resolve("lost+found"));
    Files.createDirectories(temp.resolve("2026-11-21/1-1-1-1-1"));
    Files.writeString(temp.resolve("2026-11-21/notes.txt"), "");
    Files.writeString(temp.resolve("2026-11-23"), "");
    try (Stream<SessionFolder> all = store.list()) {
      assertThat(all.map(SessionFolder::id)).containsExactly(d, c, b, a);
    }
  }

  @Test
  void noFolderIsNoSessions() throws IOException {
    try (Stream<SessionFolder> all = new RecordingStore(temp.resolve("none")).list()) {
      assertThat(all).isEmpty();
    }
  }

  @Test
  void listingTakesDaysAsItComesToThem() throws IOException {
    RecordingStore store = new RecordingStore(temp);
    SessionFolder old = store.create(SessionId.create(), LATE);
    SessionFolder young = store.create(SessionId.create(), LATE.plusMillis(1));
    old.seal();
    try (Stream<SessionFolder> all = store.list()) {
      var walk = all.iterator();
      assertThat(walk.next().id()).isEqualTo(young.id());
      // Gone before the walk comes to its day: no error, for pruning goes on meanwhile.
      assertThat(store.delete(old.id())).isTrue();
      assertThat(walk.hasNext()).isFalse();
    }
  }

  @Test
  void aSessionIsRemovedWithItsFilesAndItsEmptyDay() throws IOException {
    RecordingStore store = new RecordingStore(temp);
    SessionFolder a = store.create(SessionId.create(), LATE);
    SessionFolder b = store.create(SessionId.create(), LATE);
    a.writeWhole("session.json", "{}".getBytes(UTF_8));
    a.seal();
    b.seal();
    assertThat(store.delete(a.id())).isTrue();
    assertThat(store.delete(a.id())).isFalse();
    assertThat(a.path()).doesNotExist();
    assertThat(b.path()).isDirectory();
    assertThat(store.delete(b.id())).isTrue();
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void aLiveSessionIsNotRemoved() throws IOException {
    RecordingStore store = new RecordingStore(temp);
    SessionFolder live = store.create(SessionId.create(), LATE);
    live.writeWhole("session.json", "{}".getBytes(UTF_8));
    assertThatIOException()
        .isThrownBy(() -> store.delete(live.id()))
        .withMessage("cannot remove " + live.path() + ": the session is live");
    assertThat(live.names()).containsExactly("session.json");
  }

  @Test
  void tapesComeFromWhereTheStoreIsTold() throws IOException {
    RecordingStore store =
        new RecordingStore(temp, path -> new FaultyTape(AppendFiles.DISK.create(path)));
    SessionFolder folder = store.create(SessionId.create(), LATE);
    try (FaultyTape tape = (FaultyTape) folder.open("shell-1.cast")) {
      tape.failAt(3);
      tape.append(new byte[3], 0, 3);
      assertThatIOException().isThrownBy(() -> tape.append(new byte[1], 0, 1));
      assertThat(tape.length()).isEqualTo(3);
    }
  }

  static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
