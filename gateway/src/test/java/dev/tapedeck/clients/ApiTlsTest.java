package dev.tapedeck.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.formats.har.HarWire;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.testing.Authority;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.Http2Upstream;
import dev.tapedeck.testing.ScriptedUpstream;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.io.BufferedInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams behind TLS, which is how all of them are but those of tests. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ApiTlsTest {

  private static final int AT_ONCE = 40;
  private static final long CANCEL = 8;
  private static final String ASK =
      """
      POST /v1/messages?beta=true HTTP/1.1
      Host: ignored
      X-Custom: One
      Accept-Encoding: gzip, br
      x-custom: two
      Content-Length: 12

      {"n": 1.50 }\
      """;
  private static final List<String> PIECES =
      List.of("event: ping\ndata: {}\n\nda", "ta: {\"half\":", "1}\n\n: a comment\n\n");

  @TempDir Path home;

  private final Vertx vertx = Vertx.vertx();

  /** The library closes clients that nobody holds any more. */
  private final List<HttpClient> clients = new ArrayList<>();

  private final Authority authority = new Authority("ours");

  @AfterEach
  void closeClients() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static void answerInOrder(HttpServerRequest request, byte[] body) {
    HttpServerResponse response = request.response().setStatusCode(529);
    response
        .headers()
        .add("x-first", "1")
        .add("set-cookie", "a=1")
        .add("content-type", "application/octet-stream")
        .add("set-cookie", "b=2")
        .add("x-last", "2")
        // The library's HTTP/2 decoder sets this field anew, and so puts it behind all others.
        .add("content-length", "" + body.length);
    response.write(Buffer.buffer(body));
    response.end();
  }

  @Test
  void http2WhereTheUpstreamOffersIt() throws Exception {
    byte[] body = bytes(300_000);
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    try (Http2Upstream upstream =
            new Http2Upstream(
                authority.identity("localhost"),
                request -> {
                  seen.add(request.version() + " " + request.method() + " " + request.uri());
                  seen.add("authority: " + request.authority());
                  request.headers().forEach((name, value) -> seen.add(name + ": " + value));
                  request
                      .body()
                      .onSuccess(sent -> {
                        seen.add(sent.toString());
                        answerInOrder(request, body);
                      });
                });
        LiveApi api = Tls.start(home, upstream.url("localhost"), authority)) {
      Http.Message answer = api.ask(ASK);
      assertThat(answer.line()).startsWith("HTTP/1.1 529 ");
      assertThat(answer.fields())
          .containsExactly(
              "x-first: 1",
              "set-cookie: a=1",
              "content-type: application/octet-stream",
              "set-cookie: b=2",
              "x-last: 2",
              "content-length: 300000");
      assertThat(answer.body()).isEqualTo(body);
      assertThat(seen.stream().filter(line -> !line.startsWith(":")))
          .containsExactly(
              "HTTP_2 POST /v1/messages?beta=true",
              "authority: " + upstream.url("localhost").getAuthority(),
              "x-custom: One",
              "accept-encoding: gzip, br",
              "x-custom: two",
              "content-length: 12",
              "{\"n\": 1.50 }");
      Obj entry = api.entries(1).getFirst();
      assertThat(entry.object("request").string("httpVersion")).isEqualTo("HTTP/1.1");
      assertThat(entry.object("request").string("url"))
          .isEqualTo(upstream.url("localhost") + "/v1/messages?beta=true");
      assertThat(entry.object("response").string("httpVersion")).isEqualTo("HTTP/2");
      assertThat(HarWire.responseBody(entry).bytes()).isEqualTo(body);
      HarChecks.valid(api.har(), 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http/1.1"})
  void http1WhereItDoesNot(String alpn) throws Exception {
    byte[] body = bytes(300_000);
    Script script =
        (_, line) ->
            line.send(
                    """
                    HTTP/1.1 529 Overloaded, Quite
                    X-First: 1
                    Set-Cookie: a=1
                    x-FIRST: 2
                    Content-Length: 300000

                    """)
                .send(body);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.start(
                script,
                authority.identity("localhost"),
                alpn.isEmpty() ? new String[0] : new String[] {alpn});
        LiveApi api = Tls.start(home, upstream.url("localhost"), authority)) {
      Http.Message answer = api.ask(ASK);
      assertThat(answer.line()).isEqualTo("HTTP/1.1 529 Overloaded, Quite");
      assertThat(answer.fields())
          .containsExactly("X-First: 1", "Set-Cookie: a=1", "x-FIRST: 2", "Content-Length: 300000");
      assertThat(answer.body()).isEqualTo(body);
      Http.Message asked = upstream.requests().getFirst();
      assertThat(asked.line()).isEqualTo("POST /v1/messages?beta=true HTTP/1.1");
      assertThat(asked.fields())
          .containsSubsequence("X-Custom: One", "Accept-Encoding: gzip, br", "x-custom: two")
          .contains("host: " + upstream.url("localhost").getAuthority());
      assertThat(asked.text()).isEqualTo("{\"n\": 1.50 }");
      Obj entry = api.entries(1).getFirst();
      assertThat(entry.object("response").string("httpVersion")).isEqualTo("HTTP/1.1");
      assertThat(HarWire.responseBody(entry).bytes()).isEqualTo(body);
    }
  }

  @Test
  void eventsComeAtOnceMidEventOrNot() throws Exception {
    BlockingQueue<HttpServerResponse> answers = new LinkedBlockingQueue<>();
    try (Http2Upstream upstream =
            new Http2Upstream(
                authority.identity("localhost"), request -> answers.add(request.response()));
        LiveApi api = Tls.start(home, upstream.url("localhost"), authority);
        Socket client = new Socket(api.address().getAddress(), api.address().getPort())) {
      client.setSoTimeout(20_000);
      InputStream in = new BufferedInputStream(client.getInputStream());
      client.getOutputStream().write(ASK.replace("\n", "\r\n").getBytes(UTF_8));
      HttpServerResponse answer = answers.take();
      answer.putHeader("content-type", "text/event-stream");
      for (String piece : PIECES) {
        answer.write(piece);
        if (piece.equals(PIECES.getFirst())) {
          assertThat(Http.head(in)).contains("content-type: text/event-stream");
        }
        assertThat(Http.line(in)).isEqualTo(Integer.toHexString(piece.length()));
        assertThat(new String(in.readNBytes(piece.length()), UTF_8)).isEqualTo(piece);
        assertThat(Http.line(in)).isEmpty();
      }
      answer.end();
      assertThat(Http.chunks(in)).isEmpty();
      Obj entry = api.entries(1).getFirst();
      assertThat(new String(HarWire.responseBody(entry).bytes(), UTF_8))
          .isEqualTo(String.join("", PIECES));
    }
  }

  /** A client whose requests all share one connection, and so one of the gateway's event loops. */
  private HttpClient oneConnection() {
    HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    clients.add(client);
    return client;
  }

  private static Future<HttpClientRequest> request(HttpClient client, LiveApi api, String path) {
    return client.request(HttpMethod.POST, api.address().getPort(), "127.0.0.1", path);
  }

  private static List<Future<Buffer>> askAtOnce(HttpClient client, LiveApi api) {
    List<Future<Buffer>> answers = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      answers.add(
          request(client, api, "/v1/messages/" + i)
              .compose(request -> request.send(Buffer.buffer("{}")))
              .compose(HttpClientResponse::body));
    }
    return answers;
  }

  @Test
  void manyRequestsShareFewConnections() throws Exception {
    try (Http2Upstream upstream =
            new Http2Upstream(
                authority.identity("localhost"), request -> request.response().end(request.uri()));
        LiveApi api = Tls.start(home, upstream.url("localhost"), authority)) {
      HttpClient client = oneConnection();
      for (int round = 0; round < 3; round++) {
        List<Future<Buffer>> answers = askAtOnce(client, api);
        Future.all(answers).await(20, TimeUnit.SECONDS);
        for (int i = 0; i < AT_ONCE; i++) {
          assertThat(answers.get(i).result()).hasToString("/v1/messages/" + i);
        }
      }
      assertThat(upstream.requests()).isEqualTo(3 * AT_ONCE);
      assertThat(upstream.connections()).isEqualTo(1);
    }
  }

  @Test
  void streamsOverHttp1DoNotWaitForOneAnother() throws Exception {
    CountDownLatch all = new CountDownLatch(AT_ONCE);
    Script script =
        (_, line) -> {
          all.countDown();
          all.await();
          line.send("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");
        };
    try (ScriptedUpstream upstream =
            ScriptedUpstream.start(script, authority.identity("localhost"), "http/1.1");
        LiveApi api = Tls.start(home, upstream.url("localhost"), authority)) {
      List<Future<Buffer>> answers = askAtOnce(oneConnection(), api);
      Future.all(answers).await(20, TimeUnit.SECONDS);
      assertThat(answers).allSatisfy(answer -> assertThat(answer.result()).hasToString("ok"));
      assertThat(upstream.connections()).isEqualTo(AT_ONCE);
    }
  }

  @Test
  void aClientThatResetsItsStreamResetsTheUpstreamsAndNoOther() throws Exception {
    BlockingQueue<Throwable> resets = new LinkedBlockingQueue<>();
    BlockingQueue<HttpServerResponse> stays = new LinkedBlockingQueue<>();
    try (Http2Upstream upstream =
            new Http2Upstream(
                authority.identity("localhost"),
                request -> {
                  request.response().write("begun");
                  if (request.uri().equals("/v1/messages/stays")) {
                    stays.add(request.response());
                  } else {
                    request.response().exceptionHandler(resets::add);
                  }
                });
        LiveApi api = Tls.start(home, upstream.url("localhost"), authority)) {
      HttpClient client = oneConnection();
      HttpClientRequest staying =
          request(client, api, "/v1/messages/stays").await(20, TimeUnit.SECONDS);
      Future<Buffer> whole = staying.send(Buffer.buffer("{}")).compose(HttpClientResponse::body);
      HttpServerResponse answer = stays.take();
      HttpClientRequest leaving =
          request(client, api, "/v1/messages/leaves").await(20, TimeUnit.SECONDS);
      HttpClientResponse begun = leaving.send(Buffer.buffer("{}")).await(20, TimeUnit.SECONDS);
      begun.exceptionHandler(_ -> {});
      leaving.reset(CANCEL);
      assertThat(resets.take())
          .isInstanceOfSatisfying(
              StreamResetException.class, reset -> assertThat(reset.getCode()).isEqualTo(CANCEL));
      assertThat(api.entries(1).getFirst().string("_end")).isEqualTo("client_abort");
      answer.end(" and ended");
      assertThat(whole.await(20, TimeUnit.SECONDS)).hasToString("begun and ended");
      assertThat(api.entries(2).stream().map(entry -> entry.string("_end")))
          .containsExactlyInAnyOrder("client_abort", "complete");
      assertThat(upstream.connections()).isEqualTo(1);
    }
  }

  @Test
  void aClientThatHangsUpResetsTheUpstreamsStream() throws Exception {
    BlockingQueue<Throwable> resets = new LinkedBlockingQueue<>();
    try (Http2Upstream upstream =
            new Http2Upstream(
                authority.identity("localhost"),
                request -> {
                  request.response().exceptionHandler(resets::add);
                  request.response().write("begun");
                });
        LiveApi api = Tls.start(home, upstream.url("localhost"), authority)) {
      try (Socket client = new Socket(api.address().getAddress(), api.address().getPort())) {
        client.getOutputStream().write(ASK.replace("\n", "\r\n").getBytes(UTF_8));
        assertThat(Http.head(client.getInputStream())).isNotEmpty();
      }
      assertThat(resets.take())
          .isInstanceOfSatisfying(
              StreamResetException.class, reset -> assertThat(reset.getCode()).isEqualTo(CANCEL));
      Obj entry = api.entries(1).getFirst();
      assertThat(entry.string("_end")).isEqualTo("client_abort");
      assertThat(entry.object("response").string("httpVersion")).isEqualTo("HTTP/2");
    }
  }

  @Test
  void anUpstreamThatResetsItsStreamCutsTheAnswerOff() throws Exception {
    BlockingQueue<HttpServerResponse> answers = new LinkedBlockingQueue<>();
    try (Http2Upstream upstream =
            new Http2Upstream(
                authority.identity("localhost"),
                request -> {
                  request.response().write("begun");
                  answers.add(request.response());
                });
        LiveApi api = Tls.start(home, upstream.url("localhost"), authority);
        Socket client = new Socket(api.address().getAddress(), api.address().getPort())) {
      client.setSoTimeout(20_000);
      client.getOutputStream().write(ASK.replace("\n", "\r\n").getBytes(UTF_8));
      assertThat(Http.head(client.getInputStream())).isNotEmpty();
      answers.take().reset(2);
      await()
          .atMost(20, TimeUnit.SECONDS)
          .untilAsserted(() ->
              assertThat(api.entries(1).getFirst().string("_end")).isEqualTo("upstream_reset"));
      assertThat(new String(client.getInputStream().readAllBytes(), UTF_8))
          .doesNotEndWith("0\r\n\r\n");
    }
  }
}
