package dev.tapedeck.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.formats.har.HarWire;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.MessageStream;
import dev.tapedeck.formats.llm.Protocol;
import dev.tapedeck.formats.llm.StreamEnd;
import dev.tapedeck.formats.llm.Streams;
import dev.tapedeck.testing.Coded;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.ScriptedUpstream.Line;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sequences of exchanges on few connections, made of a seed: any API, any coding, bytes divided
 * anywhere, ends of every kind. What the client got is what the upstream sent, and both are in the
 * recording.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ApiSequencesTest {

  private static final int SEQUENCES = 50;
  private static final int AT_ONCE = 6;

  @TempDir Path home;

  /** How an exchange goes. */
  private enum Way {
    WHOLE,
    PLAIN_JSON,
    REFUSED,
    ERROR_AMID,
    UPSTREAM_CLOSES,
    UPSTREAM_RESETS,
    CLIENT_ABORTS
  }

  /** One exchange, all of it made of its name. */
  private record Exchange(String name) {

    Random random() {
      return new Random(name.hashCode() * 7919L);
    }

    Way way() {
      Way[] ways = Way.values();
      int pick = random().nextInt(ways.length + 5);
      return pick < ways.length ? ways[pick] : Way.WHOLE;
    }

    Protocol protocol() {
      return List.of(Protocol.ANTHROPIC_MESSAGES, Protocol.OPENAI_CHAT, Protocol.OPENAI_RESPONSES)
          .get(Math.abs(name.hashCode() % 3));
    }

    String path() {
      return switch (protocol()) {
        case OPENAI_CHAT -> "/v1/chat/completions";
        case OPENAI_RESPONSES -> "/v1/responses";
        default -> "/v1/messages?beta=true&n=" + name;
      };
    }

    String coding() {
      return Coded.CODINGS.get(Math.abs(name.hashCode() / 3 % Coded.CODINGS.size()));
    }

    String asked() {
      String blank = random().nextBoolean() ? " " : "";
      return "{\"model\":\"m\",%s\"stream\"%s:%strue,\"n\":1.50,\"say\":\"%s \u00e9\"}"
          .formatted(blank, blank, blank, name.repeat(1 + random().nextInt(200)));
    }

    List<byte[]> answer() {
      long seed = name.hashCode();
      List<Streams.Event> events = Streams.of(protocol(), seed);
      return switch (way()) {
        case WHOLE, CLIENT_ABORTS -> ModelApi.pieces(events, coding(), random());
        case ERROR_AMID -> ModelApi.pieces(Streams.overloaded(events, seed), coding(), random());
        case UPSTREAM_CLOSES, UPSTREAM_RESETS -> {
          List<byte[]> pieces = ModelApi.pieces(events, coding(), random());
          yield pieces.subList(0, 1 + random().nextInt(pieces.size()));
        }
        case PLAIN_JSON ->
            List.of(Coded.whole(coding(), "{\"a\":[1.0,2e3,\"\u00fc\"]}".getBytes(UTF_8)));
        case REFUSED ->
            List.of(Coded.whole(coding(), "{\"error\":{\"message\":\"no\"}}".getBytes(UTF_8)));
      };
    }

    boolean streamed() {
      return way() != Way.PLAIN_JSON && way() != Way.REFUSED;
    }

    List<String> fields() {
      List<String> fields = new ArrayList<>();
      fields.add("X-Name: " + name);
      fields.add("x-MIXED: " + name);
      fields.add("Content-Type: " + (streamed() ? "text/event-stream" : "application/json"));
      if (!coding().isEmpty()) {
        fields.add("Content-Encoding: " + coding());
      }
      fields.add("Set-Cookie: a=1");
      fields.add("Set-Cookie: b=2; Path=/");
      return fields;
    }
  }

  private static void answer(Http.Message request, Line line) throws Exception {
    Exchange exchange = new Exchange(request.field("x-name"));
    byte[] all = Coded.joined(exchange.answer());
    boolean chunked = exchange.streamed() || exchange.random().nextBoolean();
    line.send(
        (exchange.way() == Way.REFUSED ? "HTTP/1.1 400 No, Thanks\n" : "HTTP/1.1 200 OK\n")
            + String.join("\n", exchange.fields())
            + (chunked
                ? "\nTransfer-Encoding: chunked\n\n"
                : "\nContent-Length: " + all.length + "\n\n"));
    if (!chunked) {
      line.send(all);
      return;
    }
    for (byte[] piece : exchange.answer()) {
      line.chunk(piece);
    }
    switch (exchange.way()) {
      case UPSTREAM_CLOSES -> line.close();
      case UPSTREAM_RESETS -> line.reset();
      case CLIENT_ABORTS -> {
        // It waits for the client to go: the end never comes.
        if (line.in().read() < 0) {
          line.close();
        }
      }
      case WHOLE, PLAIN_JSON, REFUSED, ERROR_AMID -> line.end();
    }
  }

  /** What a client got of an answer. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Got(List<String> head, byte[] body, boolean whole) {}

  private static Got ask(Exchange exchange, Socket socket, InputStream in) throws IOException {
    byte[] body = exchange.asked().getBytes(UTF_8);
    byte[] head =
        ("POST "
                + exchange.path()
                + " HTTP/1.1\r\nHost: x\r\nX-Name: "
                + exchange.name
                + "\r\nx-api-key: sk-planted-of-"
                + exchange.name
                + "-0123456789\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(UTF_8);
    byte[] all = Coded.joined(List.of(head, body));
    int split = exchange.random().nextInt(all.length);
    socket.getOutputStream().write(all, 0, split);
    socket.getOutputStream().write(all, split, all.length - split);
    List<String> answered = Http.head(in);
    if (answered == null) {
      return new Got(List.of(), new byte[0], false);
    }
    Http.Message message = new Http.Message(answered, new byte[0]);
    String length = message.field("content-length");
    if (length != null) {
      return new Got(answered, in.readNBytes(Integer.parseInt(length)), true);
    }
    int limit =
        exchange.way() == Way.CLIENT_ABORTS
            ? Coded.joined(exchange.answer().subList(0, 1)).length
            : Integer.MAX_VALUE;
    return chunks(answered, in, limit);
  }

  private static Got chunks(List<String> head, InputStream in, int limit) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try {
      while (body.size() < limit) {
        int length = Integer.parseInt(Http.line(in), 16);
        byte[] chunk = in.readNBytes(length);
        body.writeBytes(chunk);
        if (chunk.length < length) {
          return new Got(head, body.toByteArray(), false);
        }
        Http.line(in);
        if (length == 0) {
          return new Got(head, body.toByteArray(), true);
        }
      }
    } catch (IOException cut) {
      // Cut off, as some ways have it.
      return new Got(head, body.toByteArray(), false);
    }
    return new Got(head, body.toByteArray(), false);
  }

  private final Map<String, Got> got = new ConcurrentHashMap<>();

  private void sequence(LiveApi api, int seed) throws IOException {
    Random random = new Random(seed);
    int count = 1 + random.nextInt(4);
    Socket socket = new Socket(api.address().getAddress(), api.address().getPort());
    InputStream in = new BufferedInputStream(socket.getInputStream());
    try {
      for (int i = 0; i < count; i++) {
        Exchange exchange = new Exchange("s" + seed + "e" + i);
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(30));
        Got answer = ask(exchange, socket, in);
        got.put(exchange.name, answer);
        if (!answer.whole) {
          socket.close();
          socket = new Socket(api.address().getAddress(), api.address().getPort());
          in = new BufferedInputStream(socket.getInputStream());
        }
      }
    } finally {
      socket.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void everythingIsRecordedAsItPassed(int tenth) throws Exception {
    LiveApi api = LiveApi.start(home, ApiSequencesTest::answer);
    try (api;
        ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < SEQUENCES; i++) {
        int seed = tenth * SEQUENCES + i;
        all.add(
            clients.submit(() -> {
              sequence(api, seed);
              return null;
            }));
      }
      for (Future<?> each : all) {
        each.get();
      }
      api.entries(got.size());
    }
    List<Obj> entries = api.entries(got.size());
    assertThat(entries).hasSameSizeAs(got.keySet());
    HarChecks.valid(api.har(), got.size());
    for (Obj entry : entries) {
      String name = header(entry.object("request").array("headers"), "X-Name");
      check(new Exchange(name), got.get(name), entry);
    }
    assertThat(api.recorded()).doesNotContain("sk-planted-of");
    assertThat(api.folder().names()).containsExactly("api.har", "session.json");
  }

  private static void check(Exchange exchange, Got got, Obj entry) throws Exception {
    String as = exchange + " " + exchange.way() + " in " + exchange.coding();
    byte[] sent = Coded.joined(exchange.answer());
    byte[] kept = HarWire.responseBody(entry).bytes();
    HarChecks.checksums(entry);
    assertThat(HarWire.requestBody(entry).bytes())
        .as(as)
        .isEqualTo(exchange.asked().getBytes(UTF_8));
    String end = entry.string("_end");
    switch (exchange.way()) {
      case WHOLE, PLAIN_JSON, REFUSED, ERROR_AMID -> {
        assertThat(got.whole).as(as).isTrue();
        assertThat(HarChecks.sha256(got.body)).as(as).isEqualTo(HarChecks.sha256(sent));
        assertThat(HarChecks.sha256(kept)).as(as).isEqualTo(HarChecks.sha256(sent));
        assertThat(entry.object("_wire").object("response").string("sha256")).isNotNull();
        // A stream that breaks off within a response is none that the protocol has ended.
        assertThat(end).as(as).isEqualTo(exchange.way() == Way.ERROR_AMID ? "error" : "complete");
      }
      case UPSTREAM_CLOSES -> {
        assertThat(got.whole).as(as).isFalse();
        // A block that is cut off cannot be searched for secrets: it is counted, and not kept.
        long missing = entry.object("_wire").object("response").integer("missing").orElse(0);
        assertThat(kept.length + missing).as(as).isEqualTo(sent.length);
        assertThat(missing > 0 && !exchange.coding().equals("zstd")).as(as).isFalse();
        assertThat(startsWith(sent, kept) && startsWith(sent, got.body)).as(as).isTrue();
        assertThat(end).as(as).isIn("upstream_eof", "complete");
      }
      case UPSTREAM_RESETS, CLIENT_ABORTS -> {
        long bytes = entry.object("_wire").object("response").integer("bytes").orElse(0);
        assertThat(startsWith(sent, kept) && startsWith(sent, got.body)).as(as).isTrue();
        assertThat(bytes).as(as).isGreaterThanOrEqualTo(got.body.length);
        assertThat(end)
            .as(as)
            .isIn("upstream_reset", "upstream_eof", "client_abort", "error", "complete");
      }
    }
    if (!got.head.isEmpty()) {
      assertThat(got.head.stream().skip(1).filter(each -> !each.startsWith("Content-Length:")))
          .as(as)
          .startsWith(exchange.fields().toArray(String[]::new));
    }
    if (exchange.way() == Way.WHOLE) {
      assertThat(entry.object("response").object("content").string("text"))
          .as(as)
          .isEqualTo(message(exchange, sent));
    }
  }

  private static boolean startsWith(byte[] whole, byte[] begin) {
    return begin.length <= whole.length
        && Arrays.equals(whole, 0, begin.length, begin, 0, begin.length);
  }

  private static String message(Exchange exchange, byte[] sent) {
    byte[] decoded = BodyDecoder.decode(exchange.coding(), sent, 1 << 26).bytes();
    MessageStream stream = MessageStream.of(exchange.protocol()).orElseThrow();
    stream.feed(decoded, 0, decoded.length, 0);
    return stream.finish(StreamEnd.COMPLETE).message().text();
  }

  private static String header(Arr headers, String name) {
    return headers.values().stream()
        .map(Obj.class::cast)
        .filter(header -> name.equals(header.string("name")))
        .map(header -> header.string("value"))
        .findFirst()
        .orElseThrow();
  }
}
