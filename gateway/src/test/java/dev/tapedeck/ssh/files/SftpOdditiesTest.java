package dev.tapedeck.ssh.files;

import static dev.tapedeck.ssh.files.Dialogue.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.Event.FileOperation;
import org.junit.jupiter.api.Test;

/** What SFTP does not allow: no byte of it passes unrecorded. */
final class SftpOdditiesTest {

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

  private static Dialogue begun() {
    return Dialogue.of().client(SftpWire.init()).server(SftpWire.version(3));
  }

  private static FileOperation change(String operation, String path, String target, String error) {
    return new FileOperation(operation, path, target, 0, null, error);
  }
}
