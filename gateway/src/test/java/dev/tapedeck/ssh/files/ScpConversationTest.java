package dev.tapedeck.ssh.files;

import static dev.tapedeck.ssh.files.Dialogue.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.Event.FileOperation;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScpConversationTest {

  private static final String OK = "\0";

  @Test
  void anUploadIsOneWrite() {
    assertThat(
            Dialogue.of()
                .server(OK)
                .client("T1700000000 0 1700000000 0\n")
                .server(OK)
                .client("C0644 5 a b.txt\n")
                .server(OK)
                .client("hello\0")
                .server(OK)
                .read(sink()))
        .containsExactly(
            new FileOperation("write", "a b.txt", "dir", 5, sha256("hello"), null, 0644));
  }

  @Test
  void aDownloadIsOneRead() {
    assertThat(
            Dialogue.of()
                .client(OK)
                .server("C0600 5 a\n")
                .client(OK)
                .server("hello\0")
                .client(OK)
                .read(source()))
        .containsExactly(new FileOperation("read", "a", "dir", 5, sha256("hello"), null, 0600));
  }

  @Test
  void foldersMakeThePath() {
    assertThat(
            Dialogue.of()
                .server(OK)
                .client("D0755 0 top\n")
                .server(OK)
                .client("D0700 0 inner\n")
                .server(OK)
                .client("C0644 1 x\n")
                .server(OK)
                .client("X\0")
                .server(OK)
                .client("E\n")
                .server(OK)
                .client("C0644 0 y\n")
                .server(OK)
                .client(OK)
                .server(OK)
                .client("E\n")
                .server(OK)
                .read(sink()))
        .containsExactly(
            new FileOperation("mkdir", "top", "dir", 0, null, null, 0755),
            new FileOperation("mkdir", "top/inner", "dir", 0, null, null, 0700),
            new FileOperation("write", "top/inner/x", "dir", 1, sha256("X"), null, 0644),
            new FileOperation("write", "top/y", "dir", 0, sha256(""), null, 0644));
  }

  @Test
  void aRefusedFileSendsNoData() {
    assertThat(
            Dialogue.of()
                .server(OK)
                .client("C0644 5 a\n")
                .server("\1scp: dir/a: Permission denied\n")
                .client("C0644 1 b\n")
                .server(OK)
                .client("B\0")
                .server(OK)
                .read(sink()))
        .containsExactly(
            new FileOperation("write", "a", "dir", 0, null, "scp: dir/a: Permission denied", 0644),
            new FileOperation("write", "b", "dir", 1, sha256("B"), null, 0644));
  }

  @Test
  void aRefusedFolderIsNotEntered() {
    assertThat(
            Dialogue.of()
                .server(OK)
                .client("D0755 0 d\n")
                .server("\1scp: d: Not a directory\n")
                .client("C0644 1 b\n")
                .server(OK)
                .client("B\0")
                .server(OK)
                .read(sink()))
        .containsExactly(
            new FileOperation("mkdir", "d", "dir", 0, null, "scp: d: Not a directory", 0755),
            new FileOperation("write", "b", "dir", 1, sha256("B"), null, 0644));
  }

  @Test
  void errorsOfEitherSideAreRecorded() {
    assertThat(
            Dialogue.of()
                .client(OK)
                .server("\1scp: nothing: No such file or directory\n")
                .server("C0644 2 a\n")
                .client(OK)
                .server("xx\1scp: a: Input/output error\n")
                .client(OK)
                .server("C0644 1 b\n")
                .client(OK)
                .server("y\0")
                .client("\1b: No space left on device\n")
                .read(source()))
        .containsExactly(
            new FileOperation(
                "read", "", "dir", 0, null, "scp: nothing: No such file or directory"),
            new FileOperation(
                "read", "a", "dir", 2, sha256("xx"), "scp: a: Input/output error", 0644),
            new FileOperation(
                "read", "b", "dir", 1, sha256("y"), "b: No space left on device", 0644));
  }

  @Test
  void aClientThatWaitsForNoAnswerIsReadAllTheSame() {
    assertThat(
            Dialogue.of()
                .client("C0644 5 a\nhello\0C0644 1 b\nB\0")
                .server(OK)
                .server(OK)
                .server(OK)
                .server(OK)
                .server(OK)
                .read(sink()))
        .containsExactly(
            new FileOperation("write", "a", "dir", 5, sha256("hello"), null, 0644),
            new FileOperation("write", "b", "dir", 1, sha256("B"), null, 0644));
  }

  @Test
  void muchDataBeforeAnyAnswerIsTakenForGranted() {
    String data = "0123456789".repeat(100_000);
    assertThat(
            Dialogue.of()
                .server(OK)
                .client("C0644 " + data.length() + " a\n" + data + "\0")
                .server(OK)
                .server(OK)
                .read(sink()))
        .containsExactly(
            new FileOperation("write", "a", "dir", data.length(), sha256(data), null, 0644));
  }

  @Test
  void dataOfAFileThatIsRefusedAfterwardsIsRecorded() {
    String data = "0123456789".repeat(100_000);
    String rest = "C0644 1 b\n";
    assertThat(
            Dialogue.of()
                .server(OK)
                .client("C0644 " + data.length() + " a\n" + data.substring(1))
                .server("\1scp: no\n")
                .client(rest)
                .read(sink()))
        .containsExactly(
            new FileOperation(
                "write", "a", "dir", data.length() - 1, sha256(data.substring(1)), "scp: no", 0644),
            new FileOperation(
                "unreadable",
                "from client",
                null,
                rest.length(),
                sha256(rest),
                "what follows a file that was refused after it had been sent"));
  }

  @Test
  void answersMayComeEarlyFromTheClient() {
    assertThat(
            Dialogue.of()
                .client("\0\0\0\0\0")
                .server("C0644 5 a\nhello\0C0644 1 b\nB\0")
                .read(source()))
        .containsExactly(
            new FileOperation("read", "a", "dir", 5, sha256("hello"), null, 0644),
            new FileOperation("read", "b", "dir", 1, sha256("B"), null, 0644));
  }

  @Test
  void whatFollowsTheEndIsUnreadable() {
    assertThat(
            Dialogue.of()
                .server(OK)
                .client("E\n")
                .server(OK)
                .client("and now for something completely different")
                .server("indeed")
                .read(sink()))
        .containsExactly(
            unreadable(
                "client",
                "and now for something completely different",
                "after the end of the transfer"),
            unreadable("server", "indeed", "after the end of the transfer"));
  }

  @Test
  void whatIsNotScpIsUnreadable() {
    assertThat(
            Dialogue.of()
                .client(OK)
                .server("root:x:0:0:root:/root:/bin/bash\n")
                .server("more\n")
                .client("more")
                .read(source()))
        .containsExactly(
            unreadable(
                "server", "root:x:0:0:root:/root:/bin/bash\nmore\n", "a line that is not SCP's"),
            unreadable("client", "more", "a line that is not SCP's"));
  }

  @Test
  void whatBreaksTheProtocolIsToldFromItsFirstByte() {
    Dialogue dialogue =
        Dialogue.of()
            .server(OK)
            .client("C0644 2 a\n")
            .server(OK)
            .client("hi\0")
            .server(OK)
            .client("id; cat secret\n")
            .server("uid=0(root)\nsecret words\n")
            .client("exit\n");
    dialogue.read(sink());
    assertThat(dialogue.unexplained())
        .isEqualTo("client: id; cat secret\n|server: uid=0(root)\nsecret words\n|client: exit\n|");
  }

  @Test
  void whatWasHeldBackIsToldAtTheEnd() {
    Dialogue dialogue =
        Dialogue.of().server("\0").client("C0644 9 a\nls").server("sh-5.2$ ").client(" -l\n");
    dialogue.read(sink());
    assertThat(dialogue.unexplained()).isEqualTo("client: ls -l\n|server: sh-5.2$ |");
  }

  @Test
  void aFileThatWasCutOffIsReported() {
    assertThat(
            Dialogue.of().server(OK).client("C0644 10 a\n").server(OK).client("hell").read(sink()))
        .containsExactly(
            new FileOperation(
                "write", "a", "dir", 4, sha256("hell"), "cut off after 4 of 10 bytes", 0644));
  }

  @Test
  void aFileWithoutItsLastAnswerIsReported() {
    assertThat(
            Dialogue.of().server(OK).client("C0644 2 a\n").server(OK).client("hi\0").read(sink()))
        .containsExactly(
            new FileOperation("write", "a", "dir", 2, sha256("hi"), "not answered", 0644));
  }

  @Test
  void whatWasHeldBackAtTheEndIsUnreadable() {
    assertThat(Dialogue.of().client("C0644 1 a\nA\0").read(sink()))
        .containsExactly(unreadable("client", "C0644 1 a\nA\0", "cut off"));
  }

  @Test
  void everySplitComesToTheSame() {
    Dialogue dialogue =
        Dialogue.of()
            .server(OK)
            .client("T1 0 1 0\n")
            .server(OK)
            .client("D0755 0 top\n")
            .server(OK)
            .client("C0644 5 x\nhello")
            .server(OK)
            .client("\1x: read error\n")
            .server("\1scp: quota\n")
            .client("C0644 3 y\n")
            .server("\1scp: top/y: denied\n")
            .client("E\nC0600 2 z\nok\0")
            .server(OK)
            .server(OK)
            .server(OK)
            .client("E\n")
            .server(OK)
            .client("trailing")
            .server("noise");
    List<FileOperation> whole = dialogue.read(sink());

    assertThat(whole).hasSize(6);
    for (int split = 0; split <= dialogue.length(); split++) {
      assertThat(dialogue.readSplit(sink(), split)).as("at %d", split).isEqualTo(whole);
    }
    assertThat(dialogue.read(sink(), 1)).isEqualTo(whole);
  }

  private static ScpConversation sink() {
    return new ScpConversation(new ScpCommand(true, List.of("dir")));
  }

  private static ScpConversation source() {
    return new ScpConversation(new ScpCommand(false, List.of("dir")));
  }

  private static FileOperation unreadable(String side, String bytes, String why) {
    return new FileOperation(
        "unreadable", "from " + side, null, bytes.length(), sha256(bytes), why);
  }
}
