package dev.tapedeck.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskFileTest {

  @TempDir private Path folder;

  @Test
  void appendsGoBehindEachOther() throws IOException {
    Path path = folder.resolve("a.cast");
    try (DiskFile tape = DiskFile.create(path)) {
      append(tape, "one\n");
      append(tape, "two\n");
      assertThat(path).hasContent("one\ntwo\n");
      assertThat(tape.length()).isEqualTo(8);
    }
  }

  @Test
  void onlyThePartOfTheBufferIsWritten() throws IOException {
    Path path = folder.resolve("a.cast");
    try (DiskFile tape = DiskFile.create(path)) {
      tape.append("xxpartyy".getBytes(UTF_8), 2, 4);
      assertThatThrownBy(() -> tape.append(new byte[4], 2, 3))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(path).hasContent("part");
  }

  @Test
  void onlyTheOwnerMayReadIt() throws IOException {
    Path path = folder.resolve("a.cast");
    DiskFile.create(path).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    Path path = folder.resolve("a.cast");
    Files.writeString(path, "precious");
    assertThatIOException()
        .isThrownBy(() -> DiskFile.create(path))
        .withMessage("cannot create " + path + ": it exists already");
    assertThat(path).hasContent("precious");
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path target = folder.resolve("elsewhere");
    Path path = folder.resolve("a.cast");
    Files.createSymbolicLink(path, target);
    assertThatIOException()
        .isThrownBy(() -> DiskFile.create(path))
        .withMessage("cannot create " + path + ": it exists already");
    assertThat(target).doesNotExist();
  }

  @Test
  void aMissingFolderIsNamed() {
    Path path = folder.resolve("gone/a.cast");
    assertThatIOException()
        .isThrownBy(() -> DiskFile.create(path))
        .withMessage("cannot create " + path + ": no such file or folder");
  }

  @Test
  void anInterruptedThreadClosesNothing() throws IOException {
    Path path = folder.resolve("a.cast");
    try (DiskFile tape = DiskFile.create(path)) {
      append(tape, "one\n");
      Thread.currentThread().interrupt();
      append(tape, "two\n");
      assertThat(Thread.interrupted()).isTrue();
      append(tape, "three\n");
    }
    assertThat(path).hasContent("one\ntwo\nthree\n");
  }

  @Test
  void aWriteThatFailsHalfWayCountsForNothing() throws Exception {
    try (TinyDisk disk = TinyDisk.mount(folder.resolve("disk"), 64)) {
      Path path = disk.path().resolve("a.cast");
      try (DiskFile tape = DiskFile.create(path)) {
        append(tape, "one\n");
        assertThatIOException()
            .isThrownBy(() -> append(tape, "x\n".repeat(50_000)))
            .withMessage("cannot write " + path + ": No space left on device");
        assertThat(tape.length()).isEqualTo(4);
        assertThat(path).hasContent("one\n");
        append(tape, "two\n");
        tape.seal();
      }
      assertThat(path).hasContent("one\ntwo\n");
    }
  }

  @Test
  void aFullDiskIsUsableAgainWhenThereIsRoom() throws Exception {
    try (TinyDisk disk = TinyDisk.mount(folder.resolve("disk"), 64)) {
      Path path = disk.path().resolve("a.cast");
      try (DiskFile tape = DiskFile.create(path)) {
        Path filler = disk.fill();
        assertThatIOException().isThrownBy(() -> append(tape, "lost\n"));
        assertThatIOException().isThrownBy(() -> append(tape, "lost too\n"));
        Files.delete(filler);
        append(tape, "kept\n");
      }
      assertThat(path).hasContent("kept\n");
    }
  }

  @Test
  void aSealedTapeTakesNothing() throws IOException {
    DiskFile tape = DiskFile.create(folder.resolve("a.cast"));
    append(tape, "one\n");
    tape.seal();
    tape.seal();
    assertThatIOException().isThrownBy(() -> append(tape, "two\n")).withMessageEndingWith("closed");
    assertThat(tape.length()).isEqualTo(4);
  }

  private static void append(AppendFile tape, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    tape.append(bytes, 0, bytes.length);
  }
}
