package dev.tapedeck.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.testing.Authority;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.ScriptedUpstream;
import dev.tapedeck.testing.ScriptedUpstream.Line;
import dev.tapedeck.testing.ScriptedUpstream.Talk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that do what they should not, on real sockets. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class UpstreamFaultsTest {

  private static final String OK = "HTTP/1.1 200 OK\nContent-Length: 2\n\nok";
  private static final String GET = "GET /v1/models HTTP/1.1\nHost: x\n\n";
  private static final String POST = "POST /v1/messages HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}";

  private static void answerAll(Line line, String answer) throws IOException {
    while (Http.request(line.in()) != null) {
      line.send(answer);
    }
  }

  private static ApiFixture gateway(boolean strict, Talk talk) throws IOException {
    return new ApiFixture(
        ScriptedUpstream.talking(talk), options -> strict ? ApiFixture.strict(options) : options);
  }

  @Test
  void headsGoOutWithWhatIsThereOfTheirBodies() throws Exception {
    List<Boolean> together = new CopyOnWriteArrayList<>();
    Talk talk =
        (_, line) -> {
          byte[] read = new byte[4096];
          for (int length; (length = line.in().read(read)) > 0; ) {
            together.add(new String(read, 0, length, StandardCharsets.UTF_8).endsWith("{}"));
            line.send(OK);
          }
        };
    try (ApiFixture gateway = gateway(false, talk);
        ApiFixture.Client client = gateway.client()) {
      for (int i = 0; i < 20; i++) {
        client.send(POST);
        byte[] read = new byte[4096];
        int length = client.in.read(read);
        assertThat(new String(read, 0, length, StandardCharsets.UTF_8)).endsWith("ok");
      }
      assertThat(together).hasSize(20).containsOnly(true);
    }
  }

  @ParameterizedTest
  @CsvSource({"100, false", "102, false", "103, false", "103, true", "199, false"})
  void anInterimAnswerIsNotTheAnswer(int status, boolean strict) throws Exception {
    String interim = "HTTP/1.1 " + status + " Wait\nLink: </a>\n\n";
    try (ApiFixture gateway =
            gateway(strict, (_, line) -> answerAll(line, interim + interim + OK));
        ApiFixture.Client client = gateway.client()) {
      for (int i = 0; i < 2; i++) {
        Http.Message answer = client.send(POST).response();
        assertThat(answer.line()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(answer.text()).isEqualTo("ok");
      }
      assertThat(gateway.finished(2))
          .extracting(HttpEvent.Finished::end)
          .containsOnly(End.COMPLETE);
      assertThat(gateway.frames.events(HttpEvent.Answered.class).map(HttpEvent.Answered::status))
          .containsExactly(200, 200);
      assertThat(gateway.upstream.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HEAD; HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
        "HEAD; HTTP/1.1 200 OK\nContent-Length: 41\n\nHTTP/1.1 200 OK\nContent-Length: 4\n\nevil",
        "GET; HTTP/1.1 204 No Content\n\nhello",
        "GET; HTTP/1.1 304 Not Modified\n\nHTTP/1.1 200 OK\nContent-Length: 4\n\nevil",
        "GET; HTTP/1.1 200 OK\nContent-Length: 2\n\nokHTTP/1.1 200 OK\nContent-Length: 4\n\nevil",
        "GET; HTTP/1.1 200 OK\nContent-Length: 2\n\nokH",
        "GET; HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nok\n0\n\nHTTP"
      })
  void aConnectionWithBytesBehindTheAnswerIsNotUsedAgain(String fault) throws Exception {
    String[] parts = fault.split("; ", 2);
    Talk talk =
        (connection, line) -> {
          if (connection == 1) {
            Http.request(line.in());
            line.send(parts[1]);
          }
          answerAll(line, OK);
        };
    try (ApiFixture gateway = gateway(false, talk);
        ApiFixture.Client client = gateway.client()) {
      client.send(parts[0] + " /v1/models HTTP/1.1\nHost: x\n\n");
      List<String> head = Http.head(client.in);
      assertThat(head.getFirst()).isEqualTo(parts[1].split("\n", 2)[0]);
      if (head.getFirst().contains("200") && parts[0].equals("GET")) {
        assertThat(
                new String(
                    (head.toString().contains("chunked") ? chunked(client) : client.in)
                        .readNBytes(2),
                    StandardCharsets.UTF_8))
            .isEqualTo("ok");
      }
      Http.Message next = client.send(GET).response();
      assertThat(next.line()).isEqualTo("HTTP/1.1 200 OK");
      assertThat(next.text()).isEqualTo("ok");
      assertThat(gateway.upstream.connections()).isEqualTo(2);
    }
  }

  private static InputStream chunked(ApiFixture.Client client) throws IOException {
    return new ByteArrayInputStream(Http.chunks(client.in));
  }

  @Test
  void bytesThatNobodyAskedForEndAConnection() throws Exception {
    AtomicBoolean hungUp = new AtomicBoolean();
    Talk talk =
        (_, line) -> {
          Http.request(line.in());
          line.send(OK);
          line.send("HTT");
          hungUp.set(line.in().read() < 0);
        };
    try (ApiFixture gateway = gateway(false, talk)) {
      assertThat(gateway.ask(GET).text()).isEqualTo("ok");
      await().untilTrue(hungUp);
    }
  }

  @ParameterizedTest
  @CsvSource({"401, false", "413, false", "401, true"})
  void anAnswerInTheMidstOfAnUploadReachesTheClient(int status, boolean strict) throws Exception {
    Talk talk =
        (_, line) -> {
          Http.head(line.in());
          line.in().readNBytes(100);
          line.send(
              "HTTP/1.1 "
                  + status
                  + " No\nContent-Type: application/json\nContent-Length: 14\n"
                  + "Connection: close\n\n{\"error\":\"no\"}");
          line.close();
        };
    byte[] part = new byte[1 << 20];
    Arrays.fill(part, (byte) 'x');
    try (ApiFixture gateway = gateway(strict, talk)) {
      for (int i = 0; i < 20; i++) {
        try (ApiFixture.Client client = gateway.client()) {
          client.send("POST /v1/messages HTTP/1.1\nHost: x\nContent-Length: 4194304\n\n");
          for (int sent = 0; sent < 4; sent++) {
            client.send(part);
          }
          Http.Message answer = client.response();
          assertThat(answer.line()).isEqualTo("HTTP/1.1 " + status + " No");
          assertThat(answer.text()).isEqualTo("{\"error\":\"no\"}");
        }
      }
      assertThat(gateway.finished(20))
          .extracting(HttpEvent.Finished::end)
          .containsOnly(End.COMPLETE);
    }
  }

  @ParameterizedTest
  @CsvSource({"close, false", "reset, false", "close, true"})
  void aRequestOnAKeptConnectionThatWasClosedIsSentOnceMore(String how, boolean strict)
      throws Exception {
    Talk talk =
        (connection, line) -> {
          Http.Message request = Http.request(line.in());
          line.send("HTTP/1.1 200 OK\nContent-Length: 2\n\n" + request.text());
          Http.request(line.in());
          if (how.equals("reset")) {
            line.reset();
          }
        };
    try (ApiFixture gateway = gateway(strict, talk);
        ApiFixture.Client client = gateway.client()) {
      assertThat(client.send(POST).response().text()).isEqualTo("{}");
      assertThat(client.send(POST).response().text()).isEqualTo("{}");
      assertThat(gateway.upstream.connections()).isEqualTo(2);
      assertThat(gateway.finished(2))
          .extracting(HttpEvent.Finished::end)
          .containsOnly(End.COMPLETE);
      assertThat(gateway.frames.events(HttpEvent.Connected.class).map(HttpEvent.Connected::reused))
          .containsExactly(false, true, false);
      assertThat(gateway.body(2, Side.REQUEST)).isEqualTo("{}");
    }
  }

  @Test
  void itIsNotSentAThirdTimeAndANewConnectionIsNotTriedAgain() throws Exception {
    Talk talk =
        (connection, line) -> {
          Http.request(line.in());
          if (connection == 1) {
            line.send(OK);
            Http.request(line.in());
          }
        };
    try (ApiFixture gateway = gateway(false, talk);
        ApiFixture.Client client = gateway.client()) {
      assertThat(client.send(POST).response().text()).isEqualTo("ok");
      assertThat(client.send(POST).response().line()).contains("502");
      assertThat(gateway.upstream.connections()).isEqualTo(2);
      assertThat(client.send(POST).response().line()).contains("502");
      assertThat(gateway.upstream.connections()).isEqualTo(3);
      assertThat(gateway.finished(3))
          .extracting(HttpEvent.Finished::end)
          .containsExactly(End.COMPLETE, End.UPSTREAM_EOF, End.UPSTREAM_EOF);
    }
  }

  @Test
  void anAnswerThatHasBegunIsNotAskedForAgain() throws Exception {
    Talk talk =
        (_, line) -> {
          Http.request(line.in());
          line.send(OK);
          Http.request(line.in());
          line.send("HTTP/1.1 2");
        };
    try (ApiFixture gateway = gateway(false, talk);
        ApiFixture.Client client = gateway.client()) {
      assertThat(client.send(POST).response().text()).isEqualTo("ok");
      assertThat(client.send(POST).response().line()).contains("502");
      assertThat(gateway.upstream.connections()).isEqualTo(1);
    }
  }

  @Test
  void anUpstreamMayBeNamedByAnAddressOfVersionSix() throws Exception {
    try (ApiFixture gateway =
        new ApiFixture(
            ScriptedUpstream.talking(
                (_, line) -> answerAll(line, OK), InetAddress.ofLiteral("::1")))) {
      assertThat(gateway.ask(GET).text()).isEqualTo("ok");
      assertThat(gateway.finished(1).getFirst().end()).isEqualTo(End.COMPLETE);
    }
  }

  @Test
  void whateverIsThrownAtTheBeginningIsARecordedAnswer() throws Exception {
    URI address = URI.create("http://upstream.invalid:70000");
    try (ApiFixture gateway =
        new ApiFixture(
            (_, line) -> line.send(OK),
            options ->
                ApiOptions.of(
                    options.listen(),
                    List.of(new Upstream("anthropic", address, null)),
                    options.strict()))) {
      Http.Message answer = gateway.ask(POST);
      assertThat(answer.line()).isEqualTo("HTTP/1.1 502 Bad Gateway");
      assertThat(gateway.finished(1).getFirst().end()).isEqualTo(End.ERROR);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'SSH-2.0-what\n\n', false, ERROR",
    "'HTTP/1.1 abc\n\n', false, ERROR",
    "'', false, UPSTREAM_EOF",
    "'', true, UPSTREAM_RESET"
  })
  void whatAnsweredBadlyWasReached(String answer, boolean reset, End end) throws Exception {
    Talk talk =
        (_, line) -> {
          Http.request(line.in());
          line.send(answer);
          if (reset) {
            line.reset();
          }
        };
    try (ApiFixture gateway = gateway(false, talk)) {
      Http.Message said = gateway.ask(POST);
      assertThat(said.line()).isEqualTo("HTTP/1.1 502 Bad Gateway");
      assertThat(said.text()).doesNotContain("cannot reach").contains("gave no valid answer");
      HttpEvent.Finished finished = gateway.finished(1).getFirst();
      assertThat(finished.end()).isEqualTo(end);
      assertThat(finished.error()).doesNotContain("cannot reach").contains("anthropic");
    }
  }

  @Test
  void whatFailsAtTlsWasReachedToo() throws Exception {
    Authority authority = new Authority("theirs");
    try (ScriptedUpstream behindTls =
            ScriptedUpstream.start(
                (_, line) -> line.send(OK), authority.identity("localhost"), "http/1.1");
        ApiFixture gateway =
            new ApiFixture(
                (_, line) -> line.send(OK),
                options ->
                    ApiOptions.of(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        List.of(new Upstream("anthropic", behindTls.url("localhost"), null)),
                        false))) {
      assertThat(gateway.ask(POST).text())
          .contains("no authority that is trusted")
          .doesNotContain("cannot reach");
    }
  }

  @Test
  void bytesThatNoAddressHoldsAreRefusedInASentence() throws Exception {
    try (ApiFixture gateway = gateway(false, (_, line) -> answerAll(line, OK));
        ApiFixture.Client client = gateway.client()) {
      client.send(
          "GET /v1/models?name=\u00e9 HTTP/1.1\nHost: x\n\n"
              .replace("\n", "\r\n")
              .getBytes(StandardCharsets.UTF_8));
      Http.Message answer = client.response();
      assertThat(answer.line()).isEqualTo("HTTP/1.1 400 Bad Request");
      assertThat(answer.text()).contains("percent");
    }
  }
}
