package dev.tapedeck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Transfers by SFTP and SCP are found by name. */
class FilesTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String SHA256 = "0123456789abcdef".repeat(4);

  @TempDir Path data;

  @BeforeEach
  void record() throws IOException {
    tape("alice").shell("$ ls walrus\r\n").seal();
    tape("bob")
        .sealed(
            "files-1",
            "files-1.jsonl",
            """
            {"time":0.1,"event":"opened","command":"sftp"}
            {"time":1.25,"event":"operation","operation":"write","path":"/home/bob/Quarterly Report.pdf","bytes":2048,"sha256":"%s"}
            {"time":2,"event":"operation","operation":"rename","path":"/home/bob/a.txt","target":"/home/bob/walrus.txt","bytes":0}
            {"time":2.5,"event":"operation","operation":"list","path":"/home/bob/hidden-folder","bytes":0}
            this line is damaged
            {"time":3,"event":"operation","operation":"read","path":"/etc/shadow","bytes":0,"error":"permission denied"}
            {"time":3.5,"event":"operation","operation":"write","path":"data.bin","target":"old.bin","bytes":7,"sha256":"ff"}
            {"time":4,"event":"closed","exit_status":0}
            {"time":5,"event":"operation","operation":"wri\
            """
                .formatted(SHA256))
        .seal();
  }

  private Tape tape(String user) throws IOException {
    return new Tape(data.resolve("recordings"), user, Instant.now());
  }

  private JsonNode found(String... query) {
    String[] rest = new String[query.length + 1];
    System.arraycopy(query, 0, rest, 0, query.length);
    rest[query.length] = "--json";
    List<String> lines = Run.of(data, "search", rest).lines();
    assertThat(lines).hasSize(1);
    return JSON.readTree(lines.getFirst());
  }

  @Test
  void aNarrowTerminalCutsTheChecksumAndNotThePath() {
    assertThat(Run.wide(100, data, "files").out())
        .contains("/home/bob/Quarterly Report.pdf  0123")
        .doesNotContain(SHA256);
  }

  @Test
  void filesAreListedWithDirectionSizeAndChecksum() {
    List<String> lines = Run.of(data, "files").lines();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0).split(" +", -1))
        .containsExactly("TRACK", "TIME", "DIRECTION", "SIZE", "PATH", "SHA-256");
    assertThat(lines.get(1))
        .contains("/files-1", "upload", "2.0 KiB", SHA256, "/home/bob/Quarterly Report.pdf");
    assertThat(lines.get(2)).contains("download", "/etc/shadow: permission denied");
    assertThat(lines.get(3)).contains("upload", "7 B", "data.bin (scp old.bin)");
    assertThat(Run.of(data, "files", "latest/files-1").lines()).isEqualTo(lines);
    JsonNode first = JSON.readTree(Run.of(data, "files", "latest", "--json").lines().getFirst());
    assertThat(first.get("path").asString()).isEqualTo("/home/bob/Quarterly Report.pdf");
    assertThat(first.get("direction").asString()).isEqualTo("upload");
    assertThat(first.get("bytes").asLong()).isEqualTo(2048);
    assertThat(first.get("sha256").asString()).isEqualTo(SHA256);
    assertThat(first.get("second").asDouble()).isEqualTo(1.25);
  }

  @Test
  void aSessionThatMovedNoneSaysSo() throws IOException {
    tape("carol").shell("x").seal();
    Run run = Run.of(data, "files", "latest");
    assertThat(run.status()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEqualTo("No files were moved.\n");
  }

  @Test
  void showHasThemToo() {
    assertThat(Run.of(data, "show", "latest").out())
        .contains("upload", "2.0 KiB", SHA256, "/home/bob/Quarterly Report.pdf");
    JsonNode files = JSON.readTree(Run.of(data, "show", "latest", "--json").out()).get("files");
    assertThat(files.size()).isEqualTo(3);
    assertThat(files.get(0).get("sha256").asString()).isEqualTo(SHA256);
  }

  @Test
  void searchFindsThemByNameWithPathSizeAndChecksum() {
    assertThat(Run.of(data, "reindex").status()).isZero();
    JsonNode hit = found("quarterly");
    assertThat(hit.get("kind").asString()).isEqualTo("file");
    assertThat(hit.get("name").asString()).isEqualTo("upload");
    assertThat(hit.get("track").asString()).isEqualTo("files-1");
    assertThat(hit.get("second").asDouble()).isEqualTo(1.25);
    assertThat(hit.get("text").asString())
        .isEqualTo("/home/bob/Quarterly Report.pdf, 2048 bytes, sha256 " + SHA256);
    assertThat(found(SHA256).get("track").asString()).isEqualTo("files-1");
    assertThat(found("shadow").get("text").asString())
        .isEqualTo("/etc/shadow, 0 bytes: permission denied");
    assertThat(found("walrus.txt").get("name").asString()).isEqualTo("rename");
    assertThat(Run.of(data, "search", "Report.pdf").out())
        .contains("/files-1  1.3s  upload\n", "    /home/bob/Quarterly Report.pdf, 2048 bytes");
    assertThat(Run.of(data, "search", "hidden-folder").out()).isEmpty();
  }

  @Test
  void aLongPathIsFoundWhole() throws IOException {
    String path = "/deep".repeat(60) + "/needle" + "/below".repeat(60);
    tape("dave")
        .sealed(
            "files-1",
            "files-1.jsonl",
            "{\"time\":1,\"event\":\"operation\",\"operation\":\"write\",\"path\":\""
                + path
                + "\",\"bytes\":5,\"sha256\":\"ab\"}\n")
        .seal();
    Run.of(data, "reindex");
    assertThat(found("needle").get("text").asString()).isEqualTo(path + ", 5 bytes, sha256 ab");
  }

  @Test
  void catOfASessionWithoutATerminalSaysSo() throws IOException {
    Run files = Run.of(data, "cat", "latest");
    assertThat(files.status()).isEqualTo(1);
    assertThat(files.out()).isEmpty();
    assertThat(files.err())
        .contains("has no terminal recording; there is files-1; see file transfers with files");
    assertThat(Run.of(data, "cat", "latest/files-1").err()).contains("see it with files or path");
    tape("carol").seal();
    Run none = Run.of(data, "cat", "latest");
    assertThat(none.status()).isEqualTo(1);
    assertThat(none.err()).contains("has no terminal recording; it has no tracks");
  }
}
