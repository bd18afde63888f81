package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.cli.Main;
import dev.tapedeck.formats.har.HarWire;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.testing.ChildJvm;
import dev.tapedeck.testing.Needs;
import dev.tapedeck.testing.ScriptedUpstream;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A session whose first exchange is a stream: its times are those of the upstream, and a replay
 * takes as long. Nothing comes before it was sent, which holds on the busiest machine; how much
 * later it may come is a generous limit.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class PaceTest {

  private static final int EVENTS = 5;
  private static final long PAUSE_MILLIS = 450;

  /** What clocks and rounding may differ by. */
  private static final long SLACK_MILLIS = 20;

  private static final long LATE_MILLIS = 1500;

  private static final String ASKED = "{\"model\":\"m\",\"stream\":true,\"messages\":[]}";

  @TempDir Path home;

  /** When the request came, and when each event went, by the wall clock. */
  private volatile long asked;

  private final List<Long> sent = new ArrayList<>();

  private static String event(int number) {
    return switch (number) {
      case 0 ->
          "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"content\":[]}}\n\n";
      case 1 ->
          "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";
      case EVENTS - 1 -> "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
      default ->
          "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"%d \"}}\n\n"
              .formatted(number);
    };
  }

  /** A stream of two seconds. */
  private final Script script =
      (_, line) -> {
        asked = System.currentTimeMillis();
        for (int i = 0; i < EVENTS; i++) {
          // The pauses are what is tested: there is no condition to wait for, only time.
          new CountDownLatch(1).await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
          if (i == 0) {
            line.send(
                "HTTP/1.1 200 OK\nContent-Type: text/event-stream\nTransfer-Encoding: chunked\n\n");
          }
          sent.add(System.currentTimeMillis());
          line.chunk(event(i));
        }
        line.end();
      };

  private Path har() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("data/recordings"))) {
      return files
          .filter(file -> file.getFileName().toString().equals("api.har"))
          .findFirst()
          .orElseThrow();
    }
  }

  private Obj entry() throws Exception {
    Obj log = ((Obj) Json.parse(Files.readString(har()))).object("log");
    assertThat(log.array("entries").values()).hasSize(1);
    return (Obj) log.array("entries").values().getFirst();
  }

  private static double number(Obj object, String name) {
    assertThat(object.get(name)).as(name).isInstanceOf(Num.class);
    return Double.parseDouble(((Num) object.get(name)).text());
  }

  /** When each event came, by the recording, in milliseconds of the wall clock. */
  private static List<Double> arrivals(Obj entry) {
    return HarWire.expand(entry).array("_eventSourceMessages").values().stream()
        .map(message -> number((Obj) message, "time") * 1000)
        .toList();
  }

  private void assertTimes(Obj entry) {
    List<Double> arrivals = arrivals(entry);
    assertThat(arrivals).hasSize(EVENTS).isSorted();
    for (int i = 0; i < EVENTS; i++) {
      assertThat(arrivals.get(i))
          .as("event %d", i)
          .isBetween((double) sent.get(i) - SLACK_MILLIS, (double) sent.get(i) + LATE_MILLIS);
    }
    double began = OffsetDateTime.parse(entry.string("startedDateTime")).toInstant().toEpochMilli();
    assertThat(began).isLessThanOrEqualTo((double) asked + SLACK_MILLIS);
    long first = sent.getFirst() - asked;
    long whole = sent.getLast() - asked;
    Obj timings = entry.object("timings");
    assertThat(number(entry, "time")).isGreaterThanOrEqualTo((double) whole - SLACK_MILLIS);
    assertThat(number(timings, "wait")).isBetween(first - 2.0 * SLACK_MILLIS, first + 3000.0);
    assertThat(number(timings, "receive"))
        .isBetween(whole - first - (double) LATE_MILLIS, whole - first + 3000.0);
    // The third event brings the first words.
    long words = sent.get(2) - asked;
    assertThat(number(entry, "_ttft")).isBetween(words - (double) SLACK_MILLIS, words + 3000.0);
  }

  /** When each event comes from there, in milliseconds since it was asked. */
  private static List<Long> replayed(int port) throws IOException {
    List<Long> arrivals = new ArrayList<>();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      long began = System.nanoTime();
      socket
          .getOutputStream()
          .write(
              "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                  .formatted(ASKED.length(), ASKED)
                  .getBytes(StandardCharsets.UTF_8));
      InputStream in = socket.getInputStream();
      StringBuilder text = new StringBuilder();
      byte[] buffer = new byte[8192];
      while (!text.toString().endsWith("\r\n0\r\n\r\n")) {
        int count = in.read(buffer);
        assertThat(count).as("%s", text).isPositive();
        text.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
        long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        long events = text.toString().split("data: ", -1).length - 1L;
        while (arrivals.size() < events) {
          arrivals.add(now);
        }
      }
    }
    return arrivals;
  }

  private void assertReplayKeepsThePace(Obj entry) throws Exception {
    double began = OffsetDateTime.parse(entry.string("startedDateTime")).toInstant().toEpochMilli();
    List<Double> recorded = arrivals(entry);
    try (ChildJvm replay =
        ChildJvm.start(
            Main.class,
            "replay",
            "--data",
            home.resolve("data").toString(),
            "--listen",
            "127.0.0.1:0",
            har().toString())) {
      List<Long> arrivals = replayed(URI.create(replay.line()).getPort());
      assertThat(arrivals).hasSize(EVENTS);
      for (int i = 0; i < EVENTS; i++) {
        double due = recorded.get(i) - began;
        assertThat((double) arrivals.get(i))
            .as("event %d", i)
            .isBetween(due - SLACK_MILLIS, due + 2 * LATE_MILLIS);
      }
      assertThat(arrivals.getLast() - arrivals.getFirst())
          .as("not all at once")
          .isGreaterThan(PAUSE_MILLIS);
    }
  }

  @Test
  void theFirstExchangeOfARunHasItsTimesAndIsReplayedAtThatPace() throws Exception {
    Needs.program("curl", "curl");
    try (ScriptedUpstream model = ScriptedUpstream.start(script)) {
      Person.program(home);
      Files.writeString(
          home.resolve("ask"), "curl -sSN -d '" + ASKED + "' \"$ANTHROPIC_BASE_URL/v1/messages\"");
      Shell.run(
              home,
              "/bin/sh",
              "-c",
              "./tapedeck run --data data --no-db --upstream anthropic="
                  + model.url()
                  + " -- sh ask")
          .expect(0);
    }
    assertTimes(entry());
    assertReplayKeepsThePace(entry());
  }

  @Test
  void theFirstExchangeOfASessionOfTheApisOwnHasItsTimesToo() throws Exception {
    try (ScriptedUpstream model = ScriptedUpstream.start(script)) {
      Files.writeString(
          home.resolve("config.yaml"),
          "ssh: { listen: off }\napi: { listen: 127.0.0.1:0, upstreams: { anthropic: \"%s\" } }\n"
              .formatted(model.url()));
      Path ready = home.resolve("ready.json");
      try (ChildJvm _ =
          ChildJvm.start(
              Main.class,
              "serve",
              "--config",
              home.resolve("config.yaml").toString(),
              "--data",
              home.resolve("data").toString(),
              "--ready-file",
              ready.toString())) {
        await().atMost(60, TimeUnit.SECONDS).until(() -> Files.exists(ready));
        String api = ((Obj) Json.parse(Files.readString(ready))).string("api");
        replayed(URI.create(api).getPort());
        await()
            .atMost(30, TimeUnit.SECONDS)
            .ignoreExceptions()
            .until(() -> Files.readString(har()).contains("\"_end\""));
      }
    }
    assertTimes(entry());
    assertReplayKeepsThePace(entry());
  }
}
