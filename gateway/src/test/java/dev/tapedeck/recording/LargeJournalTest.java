package dev.tapedeck.recording;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.formats.har.HarFiles;
import dev.tapedeck.formats.har.HarReader;
import dev.tapedeck.formats.har.HarWire;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.storage.Checksums;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.Repair;
import dev.tapedeck.storage.SessionFolder;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a gateway leaves that was killed with more in flight than its successor has memory for. The
 * size that is asked of a release is run with {@code -Dtapedeck.large.streams=24
 * -Dtapedeck.large.mebibytes=50 -Dtapedeck.large.heap=512m}.
 */
class LargeJournalTest {

  private static final int STREAMS = Integer.getInteger("tapedeck.large.streams", 6);
  private static final int MEBIBYTES = Integer.getInteger("tapedeck.large.mebibytes", 37);
  private static final String HEAP = System.getProperty("tapedeck.large.heap", "64m");
  private static final int CHUNK_BYTES = Integer.getInteger("tapedeck.large.chunk", 64 * 1024);

  @TempDir Path folder;

  /** The gateway's successor: repairs what lies in a folder, with the memory that it was given. */
  static final class Successor {

    private Successor() {}

    /** Says which sessions are repaired, or why one is not. */
    public static void main(String[] args) throws IOException {
      Repair.Outcome outcome = CrashRepair.run(new RecordingStore(Path.of(args[0])));
      System.out.println(outcome.repaired().size() + " repaired " + outcome.failures());
    }
  }

  private Path deadSession() throws IOException {
    SessionId id = SessionId.create();
    Instant started = Instant.now();
    String day = LocalDate.ofInstant(started, ZoneOffset.UTC).toString();
    Path session = Files.createDirectories(folder.resolve(day).resolve(id.toString()));
    SessionRecord live =
        new SessionRecord(
            id,
            "api",
            "api",
            "127.0.0.1:1",
            started,
            null,
            Status.LIVE,
            null,
            Map.of(),
            List.of(),
            List.of());
    Files.write(session.resolve(SessionFolder.SUMMARY), SessionJson.write(live));
    Files.createFile(session.resolve(".live"));
    return session;
  }

  /** A journal with streams of which none has ended, each a line in turn. */
  private static void journal(Path journal) throws IOException {
    byte[] chunk = chunk(CHUNK_BYTES);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(journal), 1 << 20)) {
      long time = 1_000;
      for (int i = 1; i <= STREAMS; i++) {
        out.write(
            Journal.line(
                new HttpEvent.Requested(
                    i,
                    Instant.now(),
                    "anthropic",
                    "POST",
                    "https://api.example/v1/messages",
                    "HTTP/1.1",
                    List.of()),
                time++));
        out.write(
            Journal.line(
                new HttpEvent.Body(
                    i, Side.REQUEST, Bytes.of("{\"model\":\"m-1\",\"stream\":true}"), false),
                time++));
        out.write(
            Journal.line(
                new HttpEvent.Answered(
                    i,
                    200,
                    "OK",
                    "HTTP/1.1",
                    List.of(new HttpHeader("Content-Type", "text/event-stream"))),
                time++));
      }
      for (long written = 0; written < ((long) MEBIBYTES << 20); written += chunk.length) {
        for (int i = 1; i <= STREAMS; i++) {
          out.write(
              Journal.line(
                  new HttpEvent.Body(i, Side.RESPONSE, Bytes.of(chunk), false), time += 1_000));
        }
      }
    }
  }

  private static byte[] chunk(int length) {
    StringBuilder text = new StringBuilder("event: ping\ndata: {\"type\": \"ping\", \"x\": \"");
    text.repeat("0123456789abcdef", Math.max(0, length - text.length() - 4) / 16);
    return text.append("\"}\n\n").toString().getBytes(US_ASCII);
  }

  @Test
  void aJournalLargerThanMemoryBecomesEntriesWithFilesBesideThem() throws Exception {
    Path session = deadSession();
    journal(session.resolve("api.har.journal"));

    assertThat(successor()).isEqualTo("1 repaired []\n");

    int chunk = chunk(CHUNK_BYTES).length;
    long chunks = (((long) MEBIBYTES << 20) + chunk - 1) / chunk;
    List<Long> seen = new ArrayList<>();
    try (HarReader har = HarReader.of(Files.newInputStream(session.resolve("api.har")))) {
      for (HarReader.Item item = har.next(); item != null; item = har.next()) {
        Obj entry = item.entry();
        seen.add(entry.integer("_exchange").orElse(-1));
        assertThat(entry.string("_error")).isEqualTo("the gateway was ended by force");
        Obj facts = entry.object("_wire").object("response");
        assertThat(facts.integer("bytes")).hasValue(chunks * chunk);
        Path body = session.resolve(facts.object("body").string("_file"));
        assertThat(Files.size(body)).isEqualTo(chunks * chunk);
        assertThat(Checksums.sha256(body)).isEqualTo(facts.string("sha256"));
        assertThat(entry.object("response").object("content").string("_file"))
            .isEqualTo(String.valueOf(body.getFileName()));
        assertThat(new String(HarWire.requestBody(entry).bytes(), UTF_8)).contains("\"stream\"");
      }
    }
    assertThat(seen).hasSize(STREAMS).doesNotHaveDuplicates();
    assertThat(session.resolve("api.har.journal")).doesNotExist();
    assertThat(session.resolve(".live")).doesNotExist();
    Obj first = HarReader.entryAt(session.resolve("api.har"), offsetOfFirst(session));
    Obj whole = HarFiles.whole(first, session.resolve("api.har"));
    assertThat(HarWire.responseBody(whole).bytes())
        .hasSize(Math.toIntExact(chunks * chunk))
        .startsWith(chunk(CHUNK_BYTES));
  }

  private static long offsetOfFirst(Path session) throws IOException {
    try (HarReader har = HarReader.of(Files.newInputStream(session.resolve("api.har")))) {
      HarReader.Item item = har.next();
      assertThat(item).isNotNull();
      return item.offset();
    }
  }

  private String successor() throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Successor.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), UTF_8);
    assertThat(child.waitFor()).isZero();
    return said.lines().reduce("", (_, line) -> line + "\n");
  }
}
