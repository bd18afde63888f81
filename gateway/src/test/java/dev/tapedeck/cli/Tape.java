package dev.tapedeck.cli;

import dev.tapedeck.catalog.Exchanges;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.formats.cast.CastEncoder;
import dev.tapedeck.formats.cast.CastHeader;
import dev.tapedeck.formats.cast.CastLine;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.recording.SessionJson;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Payload;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.session.SessionRecord.TrackRecord;
import dev.tapedeck.storage.AppendFile;
import dev.tapedeck.storage.Checksums;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.SessionFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A recording made by hand, with the rooms that make real ones. */
final class Tape {

  private static final long MILLI = 1_000_000;

  private final SessionFolder folder;
  private final Instant started;
  private final String user;
  private final List<TrackRecord> tracks = new ArrayList<>();

  Tape(Path recordings, String user, Instant started) throws IOException {
    this.user = user;
    this.started = started;
    folder = new RecordingStore(recordings).create(SessionId.create(), started);
    write(Status.LIVE, null);
  }

  SessionId id() {
    return folder.id();
  }

  Path path() {
    return folder.path();
  }

  /** A shell whose outputs come 100 ms apart. */
  Tape shell(String... outputs) throws IOException {
    return cast("shell", null, List.of(), outputs);
  }

  /** An exec, with bytes that are no text behind its outputs; kept if {@code kept}. */
  Tape exec(String command, byte[] binary, boolean kept, String... outputs) throws IOException {
    long text = String.join("", outputs).length();
    String sha256 = sha256(binary);
    long count = kept ? binary.length : 0;
    return cast(
        "exec",
        command,
        List.of(new Payload("output", text, binary.length, count, sha256)),
        kept ? binary : new byte[0],
        outputs);
  }

  private Tape cast(
      String type, @Nullable String command, List<Payload> payloads, String... outputs)
      throws IOException {
    return cast(type, command, payloads, new byte[0], outputs);
  }

  private Tape cast(
      String type,
      @Nullable String command,
      List<Payload> payloads,
      byte[] binary,
      String... outputs)
      throws IOException {
    String name = type + "-" + (tracks.size() + 1);
    CastEncoder encoder = new CastEncoder((_, _) -> true, (_, _) -> true, (_, _) -> true);
    long bytes = binary.length;
    try (AppendFile tape = folder.open(name + ".cast")) {
      append(tape, encoder.header(CastHeader.of(80, 24).withTimestamp(started)));
      long time = 0;
      for (String output : outputs) {
        byte[] data = output.getBytes(StandardCharsets.UTF_8);
        bytes += data.length;
        time += 100 * MILLI;
        append(tape, encoder.output(time, data, 0, data.length));
      }
      append(tape, encoder.outputBytes(time, binary, 0, binary.length));
      append(tape, encoder.exit(time, 0));
    }
    tracks.add(
        new TrackRecord(
            name,
            type,
            name + ".cast",
            0,
            command,
            outputs.length + 1L,
            bytes,
            0,
            Checksums.sha256(path().resolve(name + ".cast")),
            payloads));
    write(Status.LIVE, null);
    return this;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void append(AppendFile tape, CastLine line) throws IOException {
    tape.append(line.array(), line.offset(), line.length());
  }

  /** A file of SFTP operations. */
  Tape files() throws IOException {
    String name = "files-" + (tracks.size() + 1);
    byte[] line = "{\"time\":0.1,\"event\":\"closed\"}\n".getBytes(StandardCharsets.UTF_8);
    try (AppendFile tape = folder.open(name + ".jsonl")) {
      tape.append(line, 0, line.length);
    }
    String sha256 = Checksums.sha256(path().resolve(name + ".jsonl"));
    tracks.add(
        new TrackRecord(name, "files", name + ".jsonl", 0, null, 1, 0, 0, sha256, List.of()));
    write(Status.LIVE, null);
    return this;
  }

  /** The session's API traffic. */
  Tape api(Obj... entries) throws IOException {
    Path file = Exchanges.har(path().resolve("api.har"), entries);
    tracks.add(
        new TrackRecord(
            "api",
            "api",
            "api.har",
            10,
            null,
            entries.length,
            5000,
            null,
            Checksums.sha256(file),
            List.of()));
    write(Status.LIVE, null);
    return this;
  }

  /** A track that is still being recorded, whose file is there. */
  Tape live(String name, String file) throws IOException {
    tracks.add(new TrackRecord(name, name, file, 10, null, 0, 0, null, null, List.of()));
    write(Status.LIVE, null);
    return this;
  }

  /** A track with this in its file, whatever it is. */
  Tape sealed(String name, String file, String content) throws IOException {
    Files.writeString(path().resolve(file), content);
    String sha256 = Checksums.sha256(path().resolve(file));
    tracks.add(new TrackRecord(name, name, file, 10, null, 0, 0, null, sha256, List.of()));
    write(Status.LIVE, null);
    return this;
  }

  /** As if the gateway were killed: its mark stays, and nobody holds it. */
  void abandon() throws IOException {
    Path live = path().resolve(".live");
    byte[] mark = Files.readAllBytes(live);
    folder.seal();
    Files.write(live, mark);
  }

  /** The session is over. */
  Tape seal() throws IOException {
    write(Status.COMPLETE, started.plusSeconds(75));
    folder.seal();
    return this;
  }

  private void write(Status status, @Nullable Instant ended) throws IOException {
    SessionRecord session =
        new SessionRecord(
            id(),
            "ssh",
            user,
            "192.0.2.7:4711",
            started,
            ended,
            status,
            ended == null ? null : "client disconnected",
            Map.of("client", "SSH-2.0-test"),
            tracks,
            List.of());
    folder.writeWhole(SessionFolder.SUMMARY, SessionJson.write(session));
  }
}
