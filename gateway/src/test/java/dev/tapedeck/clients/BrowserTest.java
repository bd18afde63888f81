package dev.tapedeck.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.cli.Run;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.Streams;
import dev.tapedeck.testing.Coded;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.Needs;
import dev.tapedeck.testing.ScriptedUpstream.Line;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A page in Chromium whose network is what was recorded, by Playwright's {@code routeFromHAR}: it
 * gets to the byte what the upstream sent.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class BrowserTest {

  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

  private static final String MESSAGES = "/v1/messages?beta=true";
  private static final String EVENTS = "text/event-stream; charset=utf-8";
  private static final String JSON = "application/json";

  /** What is asked, and what the upstream answers before any coding. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Exchange(
      String method,
      String path,
      @Nullable String body,
      String status,
      String type,
      String coding,
      byte[] answer) {

    boolean isAskedBy(Http.Message request) {
      return request.line().equals(method + " " + path + " HTTP/1.1")
          && request.text().equals(body == null ? "" : body);
    }

    /** In chunks that end anywhere, as streams do. */
    void answer(Line line) throws Exception {
      line.send(
          "HTTP/1.1 " + status + "\nContent-Type: " + type + "\nTransfer-Encoding: chunked\n");
      line.send((coding.isEmpty() ? "" : "Content-Encoding: " + coding + "\n") + "\n");
      byte[] sent = Coded.whole(coding, answer);
      for (int at = 0; at < sent.length; at += 700) {
        line.chunk(Arrays.copyOfRange(sent, at, Math.min(sent.length, at + 700)));
      }
      line.end();
    }

    Obj question(LiveApi api) {
      Obj question = new Obj().put("method", method).put("url", api.upstream().url() + path);
      return body == null ? question : question.put("body", body);
    }
  }

  private static Exchange stream(String ask, String coding, List<Streams.Event> events) {
    return new Exchange("POST", MESSAGES, ask, "200 OK", EVENTS, coding, Streams.wire(events));
  }

  private static Exchange get(String path, String type, byte[] answer) {
    return new Exchange("GET", path, null, "200 OK", type, "", answer);
  }

  private static byte[] anyBytes() {
    byte[] bytes = new byte[5000];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private static final List<Exchange> EXCHANGES =
      List.of(
          stream("{\"stream\":true,\"q\":\"Zürich?\"}", "", Streams.anthropic(3)),
          stream("{\"stream\": true, \"q\": 2}", "gzip", Streams.anthropic(4)),
          stream("{\"stream\":true,\"q\":3}", "", Streams.cut(Streams.anthropic(5), 5)),
          new Exchange(
              "POST",
              "/v1/chat/completions",
              "{\"q\":4}",
              "200 OK",
              JSON,
              "gzip",
              "{\"choices\":[], \"id\":\"\u00fc \ud83d\ude00\"}\n".getBytes(UTF_8)),
          new Exchange(
              "POST",
              MESSAGES,
              "{\"q\":5}",
              "529 Overloaded",
              JSON,
              "",
              "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}".getBytes(UTF_8)),
          new Exchange("DELETE", "/v1/files/f", null, "404 Not Found", JSON, "", new byte[0]),
          get("/v1/models?limit=1000", JSON + ";charset=utf-8", "\ufeff{}\r\n\0".getBytes(UTF_8)),
          get("/v1/files/f/content", "application/octet-stream", anyBytes()));

  @TempDir Path home;

  @Test
  void aPageGetsFromTheExportedHarWhatTheUpstreamSent() throws Exception {
    Needs.need("chromium", Files.isExecutable(CHROMIUM), "there is no " + CHROMIUM);
    JavaScript.install();
    try (LiveApi api = LiveApi.start(home, BrowserTest::upstream)) {
      for (Exchange each : EXCHANGES) {
        ask(api, each);
      }
      api.entries(EXCHANGES.size());
      Path har = home.resolve("wire.har");
      String[] target = {"latest", "--format", "har", "--wire", "-o", har.toString()};
      Run export = Run.of(home, "export", target);
      assertThat(export.status()).as(export.err()).isZero();
      HarChecks.valid(har, EXCHANGES.size());

      Arr questions = new Arr();
      EXCHANGES.forEach(each -> questions.add(each.question(api)));
      Exchange otherBody = stream("{\"stream\":false,\"q\":\"Zürich?\"}", "", List.of());
      questions
          .add(otherBody.question(api))
          .add(get("/v1/models", JSON, new byte[0]).question(api));
      List<Obj> got = browse(har, questions);

      for (int i = 0; i < EXCHANGES.size(); i++) {
        Exchange sent = EXCHANGES.get(i);
        Obj page = got.get(i);
        assertThat(page.integer("status")).as("%s", page).hasValue(status(sent));
        assertThat(page.string("type")).isEqualTo(sent.type());
        assertThat(Base64.getDecoder().decode(page.string("body"))).isEqualTo(sent.answer());
      }
      // The upstream is still there, and would have been asked if anything but the HAR had
      // answered.
      assertThat(got.subList(EXCHANGES.size(), got.size()))
          .hasSize(2)
          .allSatisfy(page -> assertThat(page.string("failed")).contains("Failed to fetch"));
      assertThat(api.upstream().requests()).hasSize(EXCHANGES.size());
    }
  }

  private static void upstream(Http.Message request, Line line) throws Exception {
    for (Exchange each : EXCHANGES) {
      if (each.isAskedBy(request)) {
        each.answer(line);
        return;
      }
    }
    line.reset();
  }

  private static void ask(LiveApi api, Exchange exchange) throws Exception {
    String body = exchange.body() == null ? "" : exchange.body();
    Http.Message answer =
        api.ask(
            "%s %s HTTP/1.1\nHost: x\nContent-Type: application/json\nContent-Length: %d\n\n%s"
                .formatted(exchange.method(), exchange.path(), body.getBytes(UTF_8).length, body));
    assertThat(answer.line()).isEqualTo("HTTP/1.1 " + exchange.status());
  }

  private List<Obj> browse(Path har, Arr questions) throws Exception {
    Path list = Files.write(home.resolve("asked.json"), questions.bytes());
    return JavaScript.run("browser.mjs", CHROMIUM.toString(), har.toString(), list.toString());
  }

  private static long status(Exchange exchange) {
    return Long.parseLong(exchange.status().substring(0, 3));
  }
}
