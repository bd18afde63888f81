package dev.tapedeck.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.cli.Main;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.formats.har.HarWire;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.Streams;
import dev.tapedeck.recording.Journal;
import dev.tapedeck.testing.ChildJvm;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.ScriptedUpstream;
import dev.tapedeck.testing.ScriptedUpstream.Line;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole program killed amid many streams, and what the next start finds of them. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ApiKillTest {

  private static final int STREAMS = 64;

  /** What had been at the client for so long when the gateway died is in the recording. */
  private static final long WRITTEN_WITHIN_MILLIS = 100;

  private static final byte[] WHOLE = Streams.wire(Streams.anthropic(11));

  private final AtomicBoolean over = new AtomicBoolean();

  /** One client: a stream that it gets whole, then one without an end. */
  private final class Client {
    final String name;
    final Thread thread;
    final ByteArrayOutputStream whole = new ByteArrayOutputStream();

    /** What there is of the second stream. */
    private final ByteArrayOutputStream endless = new ByteArrayOutputStream();

    /** How many bytes of it there were, by the time when they came. */
    private final TreeMap<Long, Integer> got = new TreeMap<>();

    Client(String name, int port) {
      this.name = name;
      this.thread = Thread.ofVirtual().start(() -> run(port));
    }

    private void run(int port) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        ask(socket, "whole");
        Http.head(in);
        whole.writeBytes(Http.chunks(in));
        ask(socket, "endless");
        Http.head(in);
        while (true) {
          byte[] chunk = in.readNBytes(Integer.parseInt(Http.line(in), 16));
          Http.line(in);
          synchronized (got) {
            endless.writeBytes(chunk);
            got.put(System.nanoTime(), endless.size());
          }
        }
      } catch (IOException | NumberFormatException killed) {
        over.set(true);
      }
    }

    private void ask(Socket socket, String what) throws IOException {
      socket
          .getOutputStream()
          .write(
              ("POST /v1/messages?"
                      + what
                      + " HTTP/1.1\r\nHost: x\r\nX-Name: "
                      + name
                      + "\r\nx-api-key: sk-ant-planted-0123456789\r\nContent-Length: 2\r\n\r\n{}")
                  .getBytes(UTF_8));
    }

    byte[] before(long time) {
      synchronized (got) {
        return Arrays.copyOf(endless.toByteArray(), bytesBefore(time));
      }
    }

    int bytesBefore(long time) {
      synchronized (got) {
        Map.Entry<Long, Integer> last = got.floorEntry(time);
        return last == null ? 0 : last.getValue();
      }
    }

    int events() {
      synchronized (got) {
        return got.size();
      }
    }
  }

  private void answer(Http.Message request, Line line) throws Exception {
    ModelApi.head(line, "");
    if (request.line().contains("whole")) {
      line.chunk(WHOLE).end();
      return;
    }
    line.chunk(
        """
        data: {"type":"message_start","message":{"id":"m","content":[]}}

        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        """);
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; !over.get(); i++) {
      line.chunk(
          "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"%d \"}}\n\n"
              .formatted(i));
      never.await(25, TimeUnit.MILLISECONDS);
    }
  }

  private static ChildJvm serve(Path home) throws IOException {
    return ChildJvm.start(
        Main.class,
        "serve",
        "--config",
        home.resolve("config.yaml").toString(),
        "--data",
        home.resolve("data").toString(),
        "--ready-file",
        home.resolve("ready.json").toString());
  }

  private static int port(Path home) throws Exception {
    Path ready = home.resolve("ready.json");
    await().atMost(60, TimeUnit.SECONDS).until(() -> Files.exists(ready));
    return URI.create(((Obj) Json.parse(Files.readString(ready))).string("api")).getPort();
  }

  @Test
  void whatClientsGotIsInTheRecordingAfterKill(@TempDir Path home) throws Exception {
    List<Client> clients = new ArrayList<>();
    long killed;
    try (ScriptedUpstream upstream = ScriptedUpstream.start(this::answer)) {
      Files.writeString(
          home.resolve("config.yaml"),
          "ssh: { listen: off }\napi: { listen: 127.0.0.1:0, upstreams: { anthropic: \"%s\" } }\n"
              .formatted(upstream.url()));
      try (ChildJvm gateway = serve(home)) {
        int port = port(home);
        for (int i = 0; i < STREAMS; i++) {
          clients.add(new Client("client-" + i, port));
        }
        await()
            .atMost(60, TimeUnit.SECONDS)
            .until(() -> clients.stream().allMatch(client -> client.events() > 20));
        // A cold program on a busy machine may be behind at first: the promise holds from when it
        // has caught up.
        await()
            .atMost(60, TimeUnit.SECONDS)
            // The HAR comes with the first exchange that is over.
            .ignoreException(NoSuchElementException.class)
            .until(() -> hasCaughtUp(home, clients));
        killed = System.nanoTime();
        gateway.kill();
      }
      for (Client client : clients) {
        client.thread.join();
      }
      Files.deleteIfExists(home.resolve("ready.json"));
      try (ChildJvm next = serve(home)) {
        port(home);
        check(home, clients, killed);
        next.kill();
      }
    }
  }

  /** What was due is asked first: reading takes its time, and in it more becomes due. */
  private static boolean hasCaughtUp(Path home, List<Client> clients) throws IOException {
    long due = due(clients);
    return recorded(home) >= due;
  }

  /** How many bytes the endless streams should have in the recording by now. */
  private static long due(List<Client> clients) {
    long time = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(WRITTEN_WITHIN_MILLIS);
    return clients.stream().mapToLong(client -> client.bytesBefore(time)).sum();
  }

  /** How many bytes the journal has of them. */
  private static long recorded(Path home) throws IOException {
    Set<Long> endless = new HashSet<>();
    long bytes = 0;
    for (String line :
        Files.readString(har(home).resolveSibling("api.har.journal")).lines().toList()) {
      if (!line.endsWith("}")) {
        break; // It is being written.
      }
      if (Journal.read(line) instanceof Journal.Entry.Happened(Journal.Line(_, HttpEvent event))) {
        if (event instanceof HttpEvent.Requested asked && asked.url().endsWith("endless")) {
          endless.add(event.exchange());
        } else if (event instanceof HttpEvent.Body body && endless.contains(event.exchange())) {
          bytes += body.side() == HttpEvent.Side.RESPONSE ? body.data().length() : 0;
        }
      }
    }
    return bytes;
  }

  private static Path har(Path home) throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("data"))) {
      return files.filter(file -> file.endsWith("api.har")).findFirst().orElseThrow();
    }
  }

  private static String status(Path har) throws Exception {
    Obj session = (Obj) Json.parse(Files.readString(har.resolveSibling("session.json")));
    return String.valueOf(session.string("status"));
  }

  private static void check(Path home, List<Client> clients, long killed) throws Exception {
    Path har = har(home);
    // It is repaired while the gateway listens already.
    Path journal = har.resolveSibling("api.har.journal");
    await()
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> !Files.exists(journal) && status(har).equals("truncated"));
    HarChecks.valid(har, 2 * STREAMS);
    Map<String, Obj> entries = new TreeMap<>();
    for (Json each :
        ((Obj) Json.parse(Files.readString(har))).object("log").array("entries").values()) {
      Obj entry = (Obj) each;
      Obj request = entry.object("request");
      String name =
          request.array("headers").values().stream()
              .map(Obj.class::cast)
              .filter(header -> "X-Name".equals(header.string("name")))
              .map(header -> header.string("value"))
              .findFirst()
              .orElseThrow();
      entries.put(name + request.string("url").replaceFirst(".*\\?", " "), entry);
    }
    for (Client client : clients) {
      Obj whole = entries.get(client.name + " whole");
      assertThat(client.whole.toByteArray()).isEqualTo(WHOLE);
      assertThat(HarWire.responseBody(whole).bytes()).isEqualTo(WHOLE);
      assertThat(whole.string("_end")).isEqualTo("complete");
      Obj cut = entries.get(client.name + " endless");
      assertThat(cut.string("_end")).isNotEqualTo("complete");
      assertThat(cut.string("_error")).contains("ended by force");
      byte[] kept = HarWire.responseBody(cut).bytes();
      byte[] due = client.before(killed - TimeUnit.MILLISECONDS.toNanos(WRITTEN_WITHIN_MILLIS));
      assertThat(due).isNotEmpty();
      assertThat(new String(kept, UTF_8)).startsWith(new String(due, UTF_8));
      assertThat(cut.object("response").object("content").string("text")).contains("0 1 2 3 4");
    }
    assertThat(Files.readString(har)).doesNotContain("sk-ant-planted");
  }
}
