package dev.tapedeck.recording;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.event.TrackType;
import dev.tapedeck.formats.cast.CastBytes;
import dev.tapedeck.formats.cast.CastCode;
import dev.tapedeck.formats.cast.CastEvent;
import dev.tapedeck.formats.cast.CastReader;
import dev.tapedeck.recording.RecordingOptions.Policy;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Payload;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.session.Track;
import dev.tapedeck.storage.RecordingStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever passes is in the recording, or the recording says what is not. */
class KeptBytesTest {

  @TempDir private Path folder;
  private final AtomicReference<SessionRecord> known = new AtomicReference<>();

  private RecordingStore store() {
    return new RecordingStore(folder.resolve("recordings"));
  }

  private interface Passing {
    void on(Track track) throws IOException;
  }

  private SessionRecord recorded(@Nullable TerminalSize terminal, Passing passing)
      throws IOException {
    return recorded(TrackType.EXEC, terminal, Policy.BEST_EFFORT, 1000, passing);
  }

  private SessionRecord recorded(
      TrackType type, @Nullable TerminalSize terminal, Policy policy, long limit, Passing passing)
      throws IOException {
    RecordingOptions options =
        new RecordingOptions(policy, true, limit, Duration.ofSeconds(5), 1 << 20);
    try (SessionRecorder recorder =
        new SessionRecorder(store(), options, RecordingListener.of(known::set))) {
      SessionInfo info =
          new SessionInfo(SessionId.create(), "ssh", "alice", "[::1]:1", Instant.now(), Map.of());
      Session session = Session.start(info, List.of(recorder), List.of());
      Track track =
          session.open(type, new Event.TrackOpened(Instant.now(), "x", terminal, Map.of()));
      passing.on(track);
      track.close(new ExitStatus.Code(0));
      session.end("client disconnected");
    }
    return known.get();
  }

  private Path file(SessionRecord record) throws IOException {
    return store().find(record.id()).orElseThrow().path().resolve(record.tracks().get(0).file());
  }

  private byte[] bytes(SessionRecord record, CastCode code) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    CastBytes exact = new CastBytes();
    try (CastReader reader = new CastReader(Files.newInputStream(file(record)))) {
      for (CastEvent event = reader.next(); event != null; event = reader.next()) {
        byte[] some = exact.of(event);
        if (event.code().equals(code)) {
          all.writeBytes(some);
        }
      }
    }
    return all.toByteArray();
  }

  private List<String> lines(SessionRecord record) throws IOException {
    List<String> lines = new ArrayList<>();
    try (CastReader reader = new CastReader(Files.newInputStream(file(record)))) {
      for (CastEvent event = reader.next(); event != null; event = reader.next()) {
        lines.add(event.code().text() + " " + event.data());
      }
    }
    return lines;
  }

  private static Event output(byte[] bytes) {
    return new Event.Output(Bytes.of(bytes));
  }

  private static Event output(String text) {
    return output(text.getBytes(UTF_8));
  }

  @Test
  void whatFollowsANulIsText() throws Exception {
    SessionRecord record =
        recorded(
            null,
            track -> {
              track.emit(output("\0"));
              track.emit(output("secret words\n"));
            });
    assertThat(lines(record)).containsExactly("o \0", "o secret words\n", "x 0");
    assertThat(record.status()).isEqualTo(Status.COMPLETE);
    assertThat(record.tracks().getFirst().payloads()).isEmpty();
  }

  @Test
  void directionTurnsToBytesAndBackToText() throws Exception {
    byte[] archive = new byte[100];
    new Random(1).nextBytes(archive);
    SessionRecord record =
        recorded(
            null,
            track -> {
              track.emit(output("beginning\n"));
              track.emit(output(archive));
              track.emit(output("secret words\n"));
              track.emit(output(archive));
            });
    assertThat(lines(record).stream().filter(line -> !line.startsWith("b ")))
        .containsExactly(
            "o beginning\n",
            "m output is not text from byte 10 on: kept as bytes",
            "o ",
            "o secret words\n",
            "o ",
            "x 0");
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    sent.writeBytes("beginning\n".getBytes(UTF_8));
    sent.writeBytes(archive);
    sent.writeBytes("secret words\n".getBytes(UTF_8));
    sent.writeBytes(archive);
    assertThat(bytes(record, CastCode.Known.OUTPUT)).isEqualTo(sent.toByteArray());
    assertThat(record.status()).isEqualTo(Status.COMPLETE);
    Payload payload = record.tracks().getFirst().payloads().getFirst();
    assertThat(payload.offset()).isEqualTo(10);
    assertThat(payload.bytes()).isEqualTo(200).isEqualTo(payload.kept());
  }

  @Test
  void terminalOfAnOldEncodingKeepsEveryByteAndShowsWhatItCan() throws Exception {
    for (String charset : List.of("KOI8-R", "GBK", "Shift_JIS")) {
      byte[] line =
          "\u043f\u0430\u0440\u043e\u043b\u044c ls\r\n".getBytes(Charset.forName(charset));
      SessionRecord record =
          recorded(
              new TerminalSize(80, 24),
              track -> {
                track.emit(output(Arrays.copyOf(line, 3)));
                track.emit(new Event.Input(Bytes.of(line)));
                track.emit(output(Arrays.copyOfRange(line, 3, line.length)));
              });
      assertThat(bytes(record, CastCode.Known.OUTPUT)).as(charset).isEqualTo(line);
      assertThat(bytes(record, CastCode.Known.INPUT)).as(charset).isEqualTo(line);
      assertThat(String.join("", lines(record))).contains(" ls\r\n");
    }
  }

  @Test
  void whatIsBeyondTheLimitIsSizeAndChecksumAndAGap() throws Exception {
    byte[] archive = new byte[2500];
    new Random(7).nextBytes(archive);
    SessionRecord record =
        recorded(
            null,
            track -> {
              for (int at = 0; at < archive.length; at += 500) {
                track.emit(new Event.Output(Bytes.view(archive, at, 500)));
              }
              track.emit(output("still text\n"));
            });
    String sha = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive));
    assertThat(record.tracks().getFirst().payloads())
        .containsExactly(new Payload("output", 0, 2500, 1000, sha));
    assertThat(record.status()).isEqualTo(Status.GAP);
    assertThat(record.gaps())
        .singleElement()
        .satisfies(gap -> {
          assertThat(gap.track()).isEqualTo("exec-1");
          assertThat(gap.events()).isEqualTo(3);
          assertThat(gap.bytes()).isEqualTo(1500);
          assertThat(gap.toMillis()).isNull();
          assertThat(gap.reason())
              .isEqualTo(
                  "of what is not text 1000 bytes a track are kept (recording.payload_limit)");
        });
    assertThat(lines(record))
        .contains(
            "m recording gap begins: of what is not text 1000 bytes a track are kept"
                + " (recording.payload_limit)",
            "o still text\n",
            "m output: 2500 bytes are not text, 1000 of them kept, SHA-256 " + sha)
        .anyMatch(line -> line.startsWith("m recording gap: 3 events, 1500 bytes lost"));
    assertThat(bytes(record, CastCode.Known.OUTPUT))
        .startsWith(Arrays.copyOf(archive, 1000))
        .hasSize(1000 + "still text\n".length());
  }

  @Test
  void strictPolicyRefusesWhatItDoesNotKeep() throws Exception {
    SessionRecord record =
        recorded(
            TrackType.EXEC,
            null,
            Policy.STRICT,
            100,
            track -> {
              track.emit(output(new byte[90]));
              track.emit(output("text has no limit\n".repeat(10)));
              assertThatThrownBy(() -> track.emit(output(new byte[90])))
                  .isInstanceOf(IOException.class)
                  .hasMessage(
                      "strict recording lets nothing pass that it does not keep: of what is not"
                          + " text 100 bytes a track are kept (recording.payload_limit)");
            });
    assertThat(record.status()).isEqualTo(Status.GAP);
  }

  @Test
  void transferKeepsWhatIsNoPartOfIt() throws Exception {
    byte[] odd = "caf\u00e9".getBytes(ISO_8859_1);
    SessionRecord record =
        recorded(
            TrackType.FILES,
            null,
            Policy.BEST_EFFORT,
            6,
            track -> {
              track.emit(output("sh-5.2$ "));
              track.emit(new Event.Input(Bytes.of(odd)));
              track.emit(new Event.ErrorOutput(Bytes.of(odd)));
            });
    String lines = Files.readString(file(record));
    assertThat(lines)
        .contains("\"event\":\"output\",\"text\":\"sh-5.2$ \"}")
        .contains("\"event\":\"input\",\"base64\":\"Y2Fm6Q==\"}")
        .contains("\"event\":\"marker\",\"text\":\"recording gap begins: of what is not text");
    assertThat(record.tracks().getFirst().payloads())
        .extracting(Payload::direction, Payload::bytes, Payload::kept)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("input", 4L, 4L),
            org.assertj.core.groups.Tuple.tuple("error", 4L, 0L));
    assertThat(record.status()).isEqualTo(Status.GAP);
  }

  @Test
  void anyBytesInAnyChunksComeBackInOrder() throws Exception {
    Random random = new Random(3);
    for (int round = 0; round < 60; round++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteArrayOutputStream in = new ByteArrayOutputStream();
      SessionRecord record =
          recorded(
              TrackType.EXEC,
              random.nextBoolean() ? new TerminalSize(80, 24) : null,
              random.nextBoolean() ? Policy.STRICT : Policy.BEST_EFFORT,
              1 << 20,
              track -> {
                for (int i = 0; i < 40; i++) {
                  byte[] chunk = chunk(random);
                  boolean output = random.nextBoolean();
                  (output ? out : in).writeBytes(chunk);
                  Bytes data = Bytes.of(chunk);
                  track.emit(output ? new Event.Output(data) : new Event.Input(data));
                }
              });
      assertThat(bytes(record, CastCode.Known.OUTPUT)).isEqualTo(out.toByteArray());
      assertThat(bytes(record, CastCode.Known.INPUT)).isEqualTo(in.toByteArray());
      assertThat(record.status()).isEqualTo(Status.COMPLETE);
    }
  }

  /** Text that may be cut inside a character, single bytes, and bytes of any kind. */
  private static byte[] chunk(Random random) {
    byte[] any = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 300 : 3)];
    random.nextBytes(any);
    byte[] text = "pa\u0440\u043e\u043b\u044c \u65e5\u672c \ud83d\ude00 x\n".getBytes(UTF_8);
    int from = random.nextInt(text.length);
    return random.nextInt(3) == 0
        ? any
        : Arrays.copyOfRange(text, from, text.length - random.nextInt(text.length - from));
  }
}
