package dev.tapedeck.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.api.ApiLimits;
import dev.tapedeck.api.ApiOptions;
import dev.tapedeck.formats.har.HarWire;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.Streams;
import dev.tapedeck.recording.FaultyTapes;
import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionRecord.Status;
import dev.tapedeck.storage.TinyDisk;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.io.BufferedInputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Disks that are full, read-only, fail or hang, while answers stream: clients notice nothing, and
 * what is not recorded is said to be missing.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ApiDisksTest {

  private static final String ASK =
      "POST /v1/messages HTTP/1.1\nHost: x\nContent-Length: 15\n\n{\"stream\":true}";

  private static final RecordingOptions STRICT =
      new RecordingOptions(
          RecordingOptions.Policy.STRICT,
          true,
          RecordingOptions.DEFAULT_PAYLOAD_LIMIT,
          RecordingOptions.DEFAULT_STALL_LIMIT,
          RecordingOptions.DEFAULT_BACKLOG_BYTES);

  @TempDir Path home;

  /** A stream with so much that does not get smaller, in events of a kilobyte. */
  private static byte[] stream(int kibibytes) {
    Random random = new Random(1);
    StringBuilder stream = new StringBuilder();
    byte[] noise = new byte[480];
    for (int i = 0; i < kibibytes; i++) {
      random.nextBytes(noise);
      stream.append("data: {\"type\":\"ping\",\"x\":\"");
      stream.append(HexFormat.of().formatHex(noise)).append("\"}\n\n");
    }
    return stream.toString().getBytes(UTF_8);
  }

  private static Script sends(byte[] stream) {
    return (_, line) -> {
      ModelApi.head(line, "");
      for (int at = 0; at < stream.length; at += 8192) {
        line.chunk(java.util.Arrays.copyOfRange(stream, at, Math.min(at + 8192, stream.length)));
      }
      line.end();
    };
  }

  @Test
  void fullDiskLeavesStreamsWholeAndMarksTheGap() throws Exception {
    byte[] stream = stream(100);
    try (TinyDisk disk = TinyDisk.mount(home.resolve("data"), 400)) {
      LiveApi api = LiveApi.start(disk.path(), sends(stream));
      try (api) {
        for (int i = 0; i < 12; i++) {
          assertThat(api.ask(ASK).body()).isEqualTo(stream);
        }
      }
      SessionRecord session = api.session();
      assertThat(session.status()).isEqualTo(Status.GAP);
      assertThat(session.gaps()).isNotEmpty();
      assertThat(session.gaps().getFirst().reason()).contains("No space left");
      assertThat(session.gaps()).anySatisfy(gap -> assertThat(gap.bytes()).isPositive());
      assertThat(Files.readString(api.folder().path().resolve("session.json")))
          .contains("\"gap\"", "No space left");
      Obj log = ((Obj) Json.parse(api.recorded())).object("log");
      assertThat(log.array("_gaps").text()).contains("No space left");
      for (Json entry : log.array("entries").values()) {
        assertThat(HarWire.responseBody((Obj) entry).bytes()).isEqualTo(stream);
      }
      HarChecks.valid(api.har(), log.array("entries").values().size());
    }
  }

  @Test
  void readOnlyDiskLeavesStreamsWhole() throws Exception {
    byte[] stream = stream(20);
    try (TinyDisk disk = TinyDisk.mount(home.resolve("data"), 4096)) {
      disk.readOnly();
      LiveApi api = LiveApi.start(disk.path(), sends(stream));
      try (api) {
        for (int i = 0; i < 5; i++) {
          assertThat(api.ask(ASK).body()).isEqualTo(stream);
        }
      }
      assertThat(api.session().status()).isEqualTo(Status.FAILED);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 50, 300, 5_000, 30_000, 60_000})
  void diskThatFailsForAWhileCostsNothing(int bytes) throws Exception {
    FaultyTapes disk = new FaultyTapes();
    byte[] stream = stream(20);
    LiveApi api =
        LiveApi.start(home, sends(stream), RecordingOptions.DEFAULT, disk, options -> options);
    try (api) {
      disk.failAfter(bytes);
      for (int i = 0; i < 4; i++) {
        assertThat(api.ask(ASK).body()).isEqualTo(stream);
      }
      disk.recover();
    }
    List<Obj> entries = api.entries(4);
    assertThat(entries).hasSize(4);
    for (Obj entry : entries) {
      assertThat(HarWire.responseBody(entry).bytes()).isEqualTo(stream);
    }
    assertThat(api.session().status()).isEqualTo(Status.COMPLETE);
    HarChecks.valid(api.har(), 4);
  }

  @Test
  void diskThatHangsDelaysNoStreamAndCostsNothing() throws Exception {
    FaultyTapes disk = new FaultyTapes();
    byte[] stream = stream(20);
    LiveApi api =
        LiveApi.start(home, sends(stream), RecordingOptions.DEFAULT, disk, options -> options);
    try (api) {
      assertThat(api.ask(ASK).body()).isEqualTo(stream);
      disk.hang();
      long begun = System.nanoTime();
      for (int i = 0; i < 10; i++) {
        assertThat(api.ask(ASK).body()).as("while the disk hangs").isEqualTo(stream);
      }
      // The disk has not come back: whoever waited for it would wait still.
      assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(15));
      disk.release();
    }
    assertThat(api.entries(11))
        .hasSize(11)
        .allSatisfy(entry -> assertThat(HarWire.responseBody(entry).bytes()).isEqualTo(stream));
    assertThat(api.session().status()).isEqualTo(Status.COMPLETE);
  }

  @Test
  void whatADiskThatHangsCannotTakeIsCountedAndMarked() throws Exception {
    FaultyTapes disk = new FaultyTapes();
    byte[] stream = stream(200);
    LiveApi api =
        LiveApi.start(
            home,
            sends(stream),
            RecordingOptions.DEFAULT,
            disk,
            options -> withQueue(options, 100_000));
    try (api) {
      api.ask("GET /v1/models HTTP/1.1\nHost: x\n\n");
      disk.hang();
      for (int i = 0; i < 3; i++) {
        assertThat(api.ask(ASK).body()).isEqualTo(stream);
      }
      disk.release();
    }
    List<Obj> entries = api.entries(4);
    assertThat(entries).hasSize(4);
    long kept = 0;
    long missing = 0;
    for (Obj entry : entries) {
      Obj wire = entry.object("_wire").object("response");
      kept += HarWire.responseBody(entry).bytes().length;
      missing += wire.integer("missing").orElse(0);
      assertThat(wire.integer("bytes")).hasValue(stream.length);
    }
    assertThat(missing).isPositive();
    assertThat(kept + missing).isEqualTo(4L * stream.length);
    assertThat(api.session().status()).isEqualTo(Status.GAP);
    assertThat(api.session().gaps().stream().mapToLong(SessionRecord.Gap::bytes).sum())
        .isEqualTo(missing);
  }

  @Test
  void exchangesThatADiskThatHangsCannotTakeAreCountedAndNotQueuedWithoutBound() throws Exception {
    FaultyTapes disk = new FaultyTapes();
    LiveApi api =
        LiveApi.start(
            home,
            sends(stream(1)),
            RecordingOptions.DEFAULT,
            disk,
            options -> withQueue(options, 100_000));
    int asked = 400;
    try (api) {
      api.ask("GET /v1/models HTTP/1.1\nHost: x\n\n");
      disk.hang();
      for (int i = 0; i < asked; i++) {
        assertThat(api.ask("GET /v1/models HTTP/1.1\nHost: x\n\n").line()).contains("200");
      }
      disk.release();
      api.ask("GET /v1/models HTTP/1.1\nHost: x\n\n");
    }
    int recorded = api.entries(1).size();
    assertThat(recorded).isBetween(10, asked / 2);
    assertThat(api.session().status()).isEqualTo(Status.GAP);
    assertThat(api.session().gaps())
        .anySatisfy(gap -> assertThat(gap.reason()).contains("exchanges", "did not keep up"));
  }

  private static ApiOptions withQueue(ApiOptions options, long bytes) {
    ApiLimits limits = options.limits();
    return options.with(limits.withBodies(limits.captureLimit(), bytes, limits.idleTimeout()));
  }

  @Test
  void strictPolicyLetsNothingPassThatIsNotRecorded() throws Exception {
    FaultyTapes disk = new FaultyTapes();
    try (LiveApi api =
        LiveApi.start(
            home, sends(Streams.wire(Streams.anthropic(1))), STRICT, disk, options -> options)) {
      assertThat(api.ask(ASK).line()).contains("200");
      disk.failAfter(0);
      Http.Message refused = api.ask(ASK);
      assertThat(refused.line()).isEqualTo("HTTP/1.1 503 Service Unavailable");
      assertThat(refused.text()).contains("recording.policy is strict");
      assertThat(api.upstream().requests()).as("what passed").hasSize(1);
    }
  }

  @Test
  void strictPolicyCutsAStreamThatIsNoLongerRecorded() throws Exception {
    FaultyTapes disk = new FaultyTapes();
    CountDownLatch failing = new CountDownLatch(1);
    Script script =
        (_, line) -> {
          ModelApi.head(line, "");
          line.chunk("data: recorded\n\n");
          failing.await();
          line.chunk("data: not recorded\n\n").end();
        };
    try (LiveApi api = LiveApi.start(home, script, STRICT, disk, options -> options);
        Socket client = new Socket(api.address().getAddress(), api.address().getPort())) {
      client.setSoTimeout(20_000);
      client.getOutputStream().write(ASK.replace("\n", "\r\n").getBytes(UTF_8));
      BufferedInputStream in = new BufferedInputStream(client.getInputStream());
      Http.head(in);
      assertThat(Http.line(in)).isEqualTo("10");
      assertThat(new String(in.readNBytes(16), UTF_8)).isEqualTo("data: recorded\n\n");
      disk.failAfter(0);
      failing.countDown();
      String rest;
      try {
        rest = new String(in.readAllBytes(), UTF_8);
      } catch (java.io.IOException reset) {
        rest = "";
      }
      assertThat(rest).doesNotContain("not recorded");
      disk.recover();
    }
  }
}
