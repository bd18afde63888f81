package dev.tapedeck.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tapedeck.event.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SessionFolderTest {

  @TempDir private Path root;

  @Test
  void aFileIsReplacedWhole() throws IOException {
    SessionFolder folder = create(root);
    folder.writeWhole("session.json", "a long first one".getBytes(UTF_8));
    folder.writeWhole("session.json", "short".getBytes(UTF_8));
    assertThat(folder.read("session.json")).asString(UTF_8).isEqualTo("short");
    assertThat(folder.all()).containsExactly(LiveMark.NAME, "session.json");
    assertThat(RecordingStoreTest.mode(folder.path().resolve("session.json")))
        .isEqualTo("rw-------");
  }

  @Test
  void whatACrashLeftUnderThePassingNameIsNotInTheWay() throws IOException {
    SessionFolder folder = create(root);
    Files.writeString(folder.path().resolve(".session.json.tmp"), "half");
    folder.writeWhole("session.json", "new".getBytes(UTF_8));
    assertThat(folder.names()).containsExactly("session.json");
    assertThat(folder.all()).doesNotContain(".session.json.tmp");
  }

  @Test
  void aFailedWriteLeavesNoPassingFile() throws IOException {
    SessionFolder folder = create(root);
    Files.createDirectories(folder.path().resolve("session.json/x"));
    assertThatIOException()
        .isThrownBy(() -> folder.writeWhole("session.json", new byte[1]))
        .withMessageStartingWith("cannot write " + folder.path().resolve("session.json") + ": ");
    assertThat(folder.all()).containsExactly(LiveMark.NAME, "session.json");
  }

  @Test
  void aLinkUnderTheNameIsReplacedAndNotFollowed() throws IOException {
    SessionFolder folder = create(root);
    Path outside = Files.writeString(root.resolve("outside"), "precious");
    Files.createSymbolicLink(folder.path().resolve("session.json"), outside);
    assertThatIOException().isThrownBy(() -> folder.read("session.json"));
    folder.writeWhole("session.json", "new".getBytes(UTF_8));
    assertThat(outside).hasContent("precious");
    assertThat(folder.read("session.json")).asString(UTF_8).isEqualTo("new");
  }

  @Test
  void namesCannotLeadOutOfTheFolder() throws IOException {
    SessionFolder folder = create(root);
    for (String name : List.of("../x", "a/b", "", ".live", "/etc/passwd", "a\0b")) {
      assertThatIllegalArgumentException().isThrownBy(() -> folder.open(name));
      assertThatIllegalArgumentException().isThrownBy(() -> folder.read(name));
    }
  }

  @Test
  void aFullDiskStillTakesASessionJson() throws Exception {
    try (TinyDisk disk = TinyDisk.mount(root.resolve("disk"), 256)) {
      SessionFolder folder = create(disk.path());
      folder.writeWhole("session.json", "{\"status\":\"live\"}".getBytes(UTF_8));
      disk.fill();
      folder.writeWhole("session.json", "{\"status\":\"gap\"} ".getBytes(UTF_8));
      assertThat(folder.read("session.json")).asString(UTF_8).isEqualTo("{\"status\":\"gap\"} ");
      assertThat(folder.names()).containsExactly("session.json");
    }
  }

  @Test
  void aFullDiskThatCannotTakeMoreLeavesTheOldFileWhole() throws Exception {
    try (TinyDisk disk = TinyDisk.mount(root.resolve("disk"), 256)) {
      SessionFolder folder = create(disk.path());
      folder.writeWhole("session.json", "old".getBytes(UTF_8));
      disk.fill();
      assertThatIOException()
          .isThrownBy(() -> folder.writeWhole("session.json", new byte[10_000]))
          .withMessage(
              "cannot write "
                  + folder.path().resolve("session.json")
                  + ": No space left on device");
      assertThat(folder.read("session.json")).asString(UTF_8).isEqualTo("old");
    }
  }

  @Test
  void theReserveGivesRoomOnAFullDisk() throws Exception {
    try (TinyDisk disk = TinyDisk.mount(root.resolve("disk"), 256)) {
      SessionFolder folder = create(disk.path());
      AppendFile tape = folder.open("shell-1.cast");
      Path filler = disk.fill();
      byte[] mark = new byte[5_000];
      assertThatIOException().isThrownBy(() -> tape.append(mark, 0, mark.length));
      assertThat(folder.releaseReserve()).isTrue();
      assertThat(folder.releaseReserve()).isFalse();
      tape.append(mark, 0, mark.length);
      folder.writeWhole("session.json", new byte[3_000]);
      assertThat(folder.isLive()).isTrue();

      assertThat(folder.refillReserve()).isFalse();
      Files.delete(filler);
      assertThat(folder.refillReserve()).isTrue();
      assertThat(Files.size(folder.path().resolve(LiveMark.NAME)))
          .isEqualTo(SessionFolder.RESERVE_BYTES);
      tape.seal();
      folder.seal();
      assertThat(folder.all()).containsExactly("session.json", "shell-1.cast");
    }
  }

  @Test
  void theReserveHasRealBlocks() throws Exception {
    try (TinyDisk disk = TinyDisk.mount(root.resolve("disk"), 256)) {
      long before = disk.path().toFile().getUsableSpace();
      create(disk.path());
      assertThat(before - disk.path().toFile().getUsableSpace())
          .isGreaterThanOrEqualTo(SessionFolder.RESERVE_BYTES);
    }
  }

  @Test
  void aSessionBeginsOnADiskWithoutRoomForTheReserve() throws Exception {
    try (TinyDisk disk = TinyDisk.mount(root.resolve("disk"), 256)) {
      disk.fill();
      SessionFolder folder = create(disk.path());
      assertThat(folder.isLive()).isTrue();
      assertThat(folder.releaseReserve()).isFalse();
      folder.seal();
      assertThat(folder.all()).isEmpty();
    }
  }

  @Test
  void sealingEndsTheLife() throws IOException {
    SessionFolder folder = create(root);
    assertThat(folder.isLive()).isTrue();
    folder.seal();
    folder.seal();
    assertThat(folder.isLive()).isFalse();
    assertThat(folder.refillReserve()).isFalse();
    assertThat(folder.all()).isEmpty();
  }

  @Test
  void sizesAndNamesAreOfTheSessionsFiles() throws IOException {
    SessionFolder folder = create(root);
    folder.writeWhole("session.json", new byte[10]);
    folder.writeWhole("exec-2.cast", new byte[20]);
    folder.seal();
    assertThat(folder.size()).isEqualTo(30);
    assertThat(folder.names()).containsExactly("exec-2.cast", "session.json");
    assertThat(folder.lastWritten()).isBetween(Instant.now().minusSeconds(60), Instant.now());
  }

  @Test
  void aFileTooLargeToReadIsRefused() throws IOException {
    SessionFolder folder = create(root);
    Path file = folder.path().resolve("session.json");
    try (var sparse = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(SessionFolder.MAX_READ_BYTES + 1L);
    }
    assertThatIOException()
        .isThrownBy(() -> folder.read("session.json"))
        .withMessage("cannot read " + file + ": it has more than 16777216 bytes");
  }

  private static SessionFolder create(Path root) throws IOException {
    return new RecordingStore(root).create(SessionId.create(), Instant.now());
  }
}
