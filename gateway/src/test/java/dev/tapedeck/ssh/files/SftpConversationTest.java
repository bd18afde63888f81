package dev.tapedeck.ssh.files;

import static dev.tapedeck.ssh.files.Dialogue.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.Event.FileOperation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SftpConversationTest {

  private static final int READING = 1;
  private static final int WRITING = 2 | 8 | 16;

  @Test
  void anUploadIsOneWrite() {
    assertThat(
            begun()
                .client(SftpWire.open(1, "/home/a.txt", WRITING))
                .server(SftpWire.handle(1, "h"))
                .client(SftpWire.write(2, "h", 0, "hello "))
                .client(SftpWire.write(3, "h", 6, "world"))
                .server(SftpWire.ok(2))
                .server(SftpWire.ok(3))
                .client(SftpWire.close(4, "h"))
                .server(SftpWire.ok(4))
                .read(new SftpConversation()))
        .containsExactly(
            new FileOperation("write", "/home/a.txt", null, 11, sha256("hello world"), null, 0644));
  }

  @Test
  void aDownloadIsOneRead() {
    assertThat(
            begun()
                .client(SftpWire.open(1, "a", READING))
                .server(SftpWire.handle(1, "h"))
                .client(SftpWire.read(2, "h", 0, 6))
                .client(SftpWire.read(3, "h", 6, 6))
                .client(SftpWire.read(4, "h", 12, 6))
                .server(SftpWire.data(2, "hello "))
                .server(SftpWire.data(3, "world"))
                .server(SftpWire.status(4, 1, "End of file"))
                .client(SftpWire.close(5, "h"))
                .server(SftpWire.ok(5))
                .read(new SftpConversation()))
        .containsExactly(new FileOperation("read", "a", null, 11, sha256("hello world"), null));
  }

  @Test
  void repliesOutOfOrderAreOneFileAllTheSame() {
    assertThat(
            begun()
                .client(SftpWire.open(1, "a", READING))
                .server(SftpWire.handle(1, "h"))
                .client(SftpWire.read(2, "h", 0, 6))
                .client(SftpWire.read(3, "h", 6, 6))
                .client(SftpWire.read(4, "h", 12, 6))
                .server(SftpWire.data(4, "again"))
                .server(SftpWire.data(3, "world "))
                .server(SftpWire.data(2, "hello "))
                .client(SftpWire.close(5, "h"))
                .server(SftpWire.ok(5))
                .read(new SftpConversation()))
        .containsExactly(
            new FileOperation("read", "a", null, 17, sha256("hello world again"), null));
  }

  @Test
  void aHoleLeavesNoDigest() {
    assertThat(
            begun()
                .client(SftpWire.open(1, "a", WRITING))
                .server(SftpWire.handle(1, "h"))
                .client(SftpWire.write(2, "h", 100, "tail"))
                .server(SftpWire.ok(2))
                .client(SftpWire.close(3, "h"))
                .server(SftpWire.ok(3))
                .read(new SftpConversation()))
        .containsExactly(new FileOperation("write", "a", null, 4, null, null, 0644));
  }

  @Test
  void whatCameTwiceLeavesNoDigest() {
    assertThat(
            begun()
                .client(SftpWire.open(1, "a", READING))
                .server(SftpWire.handle(1, "h"))
                .client(SftpWire.read(2, "h", 0, 6))
                .server(SftpWire.data(2, "hello"))
                .client(SftpWire.read(2, "h", 0, 6))
                .server(SftpWire.data(2, "hello"))
                .client(SftpWire.close(3, "h"))
                .server(SftpWire.ok(3))
                .read(new SftpConversation()))
        .containsExactly(new FileOperation("read", "a", null, 10, null, null));
  }

  @Test
  void anEmptyFileHasADigestToo() {
    assertThat(
            begun()
                .client(SftpWire.open(1, "a", WRITING))
                .server(SftpWire.handle(1, "h"))
                .client(SftpWire.close(2, "h"))
                .server(SftpWire.ok(2))
                .read(new SftpConversation()))
        .containsExactly(new FileOperation("write", "a", null, 0, sha256(""), null, 0644));
  }

  @Test
  void readingAndWritingOneHandleAreTwoOperations() {
    assertThat(
            begun()
                .client(SftpWire.open(1, "a", READING | 2))
                .server(SftpWire.handle(1, "h"))
                .client(SftpWire.read(2, "h", 0, 3))
                .server(SftpWire.data(2, "old"))
                .client(SftpWire.write(3, "h", 0, "new"))
                .server(SftpWire.ok(3))
                .client(SftpWire.close(4, "h"))
                .server(SftpWire.ok(4))
                .read(new SftpConversation()))
        .containsExactly(
            new FileOperation("read", "a", null, 3, sha256("old"), null),
            new FileOperation("write", "a", null, 3, sha256("new"), null, 0644));
  }

  @Test
  void whatTheServerDidNotTakeIsNotCounted() {
    assertThat(
            begun()
                .client(SftpWire.open(1, "a", WRITING))
                .server(SftpWire.handle(1, "h"))
                .client(SftpWire.write(2, "h", 0, "hello "))
                .client(SftpWire.write(3, "h", 6, "world"))
                .server(SftpWire.ok(2))
                .server(SftpWire.status(3, 4, "No space left on device"))
                .client(SftpWire.close(4, "h"))
                .server(SftpWire.ok(4))
                .read(new SftpConversation()))
        .containsExactly(
            new FileOperation("write", "a", null, 6, null, "No space left on device", 0644));
  }

  @Test
  void aRefusedOpenCarriesTheServersWords() {
    assertThat(
            begun()
                .client(SftpWire.open(1, "/etc/shadow", READING))
                .server(SftpWire.status(1, 3, "Permission denied"))
                .client(SftpWire.open(2, "/etc/shadow", WRITING))
                .server(SftpWire.packet(101).int32(2).int32(3).bytes())
                .read(new SftpConversation()))
        .containsExactly(
            new FileOperation("read", "/etc/shadow", null, 0, null, "Permission denied", 0644),
            new FileOperation("write", "/etc/shadow", null, 0, null, "permission denied", 0644));
  }

  @Test
  void changesAreRecordedWhenTheyAreAnswered() {
    assertThat(
            begun()
                .client(SftpWire.byPath(13, 1, "gone"))
                .client(SftpWire.byPaths(18, 2, "from", "to"))
                .client(SftpWire.packet(14).int32(3).string("d").int32(4).int32(0750).bytes())
                .client(SftpWire.byPath(15, 4, "d"))
                .client(SftpWire.byPaths(20, 5, "pointed-to", "link"))
                .client(SftpWire.packet(9).int32(6).string("f").int32(4).int32(0600).bytes())
                .client(SftpWire.packet(9).int32(7).string("f").int32(1).int64(0).bytes())
                .server(SftpWire.ok(1))
                .server(SftpWire.status(2, 4, "Failure"))
                .server(SftpWire.ok(3))
                .server(SftpWire.ok(4))
                .server(SftpWire.ok(5))
                .server(SftpWire.ok(6))
                .server(SftpWire.ok(7))
                .read(new SftpConversation()))
        .containsExactly(
            change("remove", "gone", null, null),
            change("rename", "from", "to", "Failure"),
            new FileOperation("mkdir", "d", null, 0, null, null, 0750),
            change("rmdir", "d", null, null),
            change("symlink", "pointed-to", "link", null),
            new FileOperation("setstat", "f", null, 0, null, null, 0600),
            change("truncate", "f", null, null));
  }

  @Test
  void opensshsExtensionsAreChangesToo() {
    assertThat(
            begun()
                .client(
                    SftpWire.extended(1, "posix-rename@openssh.com")
                        .string("a")
                        .string("b")
                        .bytes())
                .server(SftpWire.ok(1))
                .client(
                    SftpWire.extended(2, "hardlink@openssh.com").string("a").string("b").bytes())
                .server(SftpWire.ok(2))
                .client(
                    SftpWire.extended(3, "lsetstat@openssh.com")
                        .string("a")
                        .int32(8)
                        .int32(1)
                        .int32(2)
                        .bytes())
                .server(SftpWire.ok(3))
                .client(SftpWire.open(4, "in", READING))
                .server(SftpWire.handle(4, "0"))
                .client(SftpWire.open(5, "out", WRITING))
                .server(SftpWire.handle(5, "1"))
                .client(
                    SftpWire.extended(6, "copy-data")
                        .string("0")
                        .int64(0)
                        .int64(0)
                        .string("1")
                        .int64(0)
                        .bytes())
                .server(SftpWire.ok(6))
                .client(SftpWire.close(7, "0"))
                .server(SftpWire.ok(7))
                .client(SftpWire.close(8, "1"))
                .server(SftpWire.ok(8))
                .client(SftpWire.extended(9, "limits@openssh.com").bytes())
                .server(SftpWire.packet(201).int32(9).int64(1).int64(2).int64(3).int64(4).bytes())
                .read(new SftpConversation()))
        .containsExactly(
            change("rename", "a", "b", null),
            change("link", "a", "b", null),
            change("setstat", "a", null, null),
            change("copy", "in", "out", null),
            new FileOperation("read", "in", null, 0, sha256(""), null),
            new FileOperation("write", "out", null, 0, null, null, 0644));
  }

  @Test
  void attributesByHandleNameTheFile() {
    assertThat(
            begun()
                .client(SftpWire.open(1, "a", WRITING))
                .server(SftpWire.handle(1, "h"))
                .client(SftpWire.packet(10).int32(2).string("h").int32(4).int32(0755).bytes())
                .client(SftpWire.close(3, "h"))
                .server(SftpWire.ok(2))
                .server(SftpWire.ok(3))
                .read(new SftpConversation()))
        .containsExactly(
            new FileOperation("setstat", "a", null, 0, null, null, 0755),
            new FileOperation("write", "a", null, 0, sha256(""), null, 0644));
  }

  @Test
  void aListingIsAListAndQuestionsAreNothing() {
    assertThat(
            begun()
                .client(SftpWire.byPath(16, 1, "."))
                .server(SftpWire.names(1, "/home"))
                .client(SftpWire.opendir(2, "/home"))
                .server(SftpWire.handle(2, "h"))
                .client(SftpWire.readdir(3, "h"))
                .server(SftpWire.names(3, "a", "b", "c"))
                .client(SftpWire.readdir(4, "h"))
                .server(SftpWire.status(4, 1, "End of file"))
                .client(SftpWire.byPath(17, 5, "missing"))
                .server(SftpWire.status(5, 2, "No such file"))
                .client(SftpWire.byPath(7, 6, "a"))
                .server(SftpWire.packet(105).int32(6).int32(1).int64(5).bytes())
                .client(SftpWire.close(7, "h"))
                .server(SftpWire.ok(7))
                .read(new SftpConversation()))
        .containsExactly(new FileOperation("list", "/home", null, 0, null, null));
  }

  @Test
  void whatIsLeftOpenOrUnansweredIsReportedAtTheEnd() {
    assertThat(
            begun()
                .client(SftpWire.open(1, "a", WRITING))
                .server(SftpWire.handle(1, "h"))
                .client(SftpWire.write(2, "h", 0, "hello "))
                .client(SftpWire.write(3, "h", 6, "world"))
                .server(SftpWire.ok(2))
                .client(SftpWire.byPath(13, 4, "evidence"))
                .read(new SftpConversation()))
        .containsExactly(
            change("remove", "evidence", null, "not answered"),
            new FileOperation(
                "write",
                "a",
                null,
                6,
                null,
                "not closed; 5 more bytes were sent but not acknowledged",
                0644));
  }

  @Test
  void idsMayRepeat() {
    assertThat(
            begun()
                .client(SftpWire.byPath(13, 1, "a"))
                .client(SftpWire.byPath(13, 1, "b"))
                .server(SftpWire.ok(1))
                .server(SftpWire.status(1, 2, "No such file"))
                .read(new SftpConversation()))
        .containsExactly(
            change("remove", "a", null, null), change("remove", "b", null, "No such file"));
  }

  @Test
  void dataSentToAGuessedHandleIsRecordedAsWell() {
    byte[] write = SftpWire.write(2, "0", 0, "hidden");
    assertThat(
            begun()
                .client(SftpWire.open(1, "a", WRITING))
                .client(write)
                .client(SftpWire.close(3, "0"))
                .server(SftpWire.handle(1, "0"))
                .server(SftpWire.ok(2))
                .server(SftpWire.ok(3))
                .read(new SftpConversation()))
        .containsExactly(
            new FileOperation("write", "a", null, 6, null, null, 0644),
            new FileOperation(
                "unreadable",
                "from client",
                null,
                write.length,
                sha256(write),
                "data for a handle that is not open"));
  }

  @Test
  void unknownPacketsAreRecordedAndReadingGoesOn() {
    byte[] odd = SftpWire.packet(77).int32(5).string("smuggled").bytes();
    byte[] reply = SftpWire.data(99, "smuggled too");
    assertThat(
            begun()
                .client(odd)
                .server(reply)
                .client(SftpWire.byPath(13, 1, "a"))
                .server(SftpWire.ok(1))
                .read(new SftpConversation()))
        .containsExactly(
            change("remove", "a", null, null),
            new FileOperation(
                "unreadable", "from client", null, odd.length, sha256(odd), "a request of type 77"),
            new FileOperation(
                "unreadable",
                "from server",
                null,
                reply.length,
                sha256(reply),
                "a reply to no request"));
  }

  @Test
  void bytesBehindThePacketsFieldsAreRecorded() {
    byte[] remove = SftpWire.packet(13).int32(1).string("a").int64(0x4142434445464748L).bytes();
    assertThat(begun().client(remove).server(SftpWire.ok(1)).read(new SftpConversation()))
        .containsExactly(
            change("remove", "a", null, null),
            new FileOperation(
                "unreadable",
                "from client",
                null,
                8,
                sha256("ABCDEFGH"),
                "more bytes in a packet than it needs"));
  }

  @Test
  void afterAnImpossibleLengthEverythingIsUnreadable() {
    assertThat(
            begun()
                .client("GET / HTTP/1.1\r\n")
                .client(SftpWire.byPath(13, 1, "a"))
                .read(new SftpConversation()))
        .singleElement()
        .satisfies(operation -> {
          assertThat(operation.operation()).isEqualTo("unreadable");
          assertThat(operation.bytes()).isEqualTo(16 + SftpWire.byPath(13, 1, "a").length);
          assertThat(operation.error()).isEqualTo("a packet of 1195725856 bytes");
        });
  }

  @Test
  void aLaterVersionIsUnreadableBothWays() {
    byte[] remove = SftpWire.byPath(13, 1, "a");
    byte[] ok = SftpWire.ok(1);
    String why = "SFTP version 6 was agreed, and only 3 is known";
    assertThat(
            Dialogue.of()
                .client(SftpWire.init())
                .server(SftpWire.version(6))
                .client(remove)
                .server(ok)
                .read(new SftpConversation()))
        .containsExactly(
            new FileOperation(
                "unreadable", "from client", null, remove.length, sha256(remove), why),
            new FileOperation("unreadable", "from server", null, ok.length, sha256(ok), why));
  }

  @Test
  void namesThatAreNotTextKeepTheirBytes() {
    byte[] name = "caf\u00e9-".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(
            begun()
                .client(SftpWire.packet(13).int32(1).string(name).bytes())
                .server(SftpWire.ok(1))
                .read(new SftpConversation()))
        .containsExactly(change("remove", "caf\\xe9-", null, null));
  }

  @Test
  void everySplitComesToTheSame() {
    Dialogue dialogue =
        begun()
            .client(SftpWire.open(1, "a", WRITING))
            .server(SftpWire.handle(1, "h"))
            .client(SftpWire.write(2, "h", 6, "world"))
            .client(SftpWire.write(3, "h", 0, "hello "))
            .server(SftpWire.ok(3))
            .server(SftpWire.ok(2))
            .client(SftpWire.close(4, "h"))
            .server(SftpWire.ok(4))
            .client(SftpWire.open(5, "b", READING))
            .server(SftpWire.handle(5, "i"))
            .client(SftpWire.read(6, "i", 0, 100))
            .client(SftpWire.read(7, "i", 5, 100))
            .server(SftpWire.data(7, " there"))
            .server(SftpWire.data(6, "hello"))
            .client(SftpWire.packet(77).int32(5).string("odd").bytes())
            .server(SftpWire.names(77, "odd", "too"))
            .client(SftpWire.opendir(8, "d"))
            .server(SftpWire.status(8, 2, "No such file"))
            .client(new byte[] {0, 0, 0, 0, 1, 2, 3});
    List<FileOperation> whole = dialogue.read(new SftpConversation());

    assertThat(whole)
        .contains(
            new FileOperation("write", "a", null, 11, sha256("hello world"), null, 0644),
            new FileOperation("read", "b", null, 11, sha256("hello there"), "not closed"));
    for (int split = 0; split <= dialogue.length(); split++) {
      assertThat(dialogue.readSplit(new SftpConversation(), split))
          .as("at %d", split)
          .isEqualTo(whole);
    }
    for (int piece : new int[] {1, 2, 3, 5, 7, 11}) {
      assertThat(dialogue.read(new SftpConversation(), piece)).as("by %d", piece).isEqualTo(whole);
    }
  }

  private static Dialogue begun() {
    return Dialogue.of().client(SftpWire.init()).server(SftpWire.version(3));
  }

  private static FileOperation change(String operation, String path, String target, String error) {
    return new FileOperation(operation, path, target, 0, null, error);
  }
}
