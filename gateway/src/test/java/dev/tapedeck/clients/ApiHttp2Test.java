package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.har.HarWire;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.Streams;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that speak HTTP/2 to the gateway without TLS, knowing that it can. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ApiHttp2Test {

  private static final int AT_ONCE = 20;

  @TempDir Path home;

  @Test
  void streamsOverOneConnectionAreEachWhole() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (LiveApi api =
        LiveApi.start(
            home,
            (request, line) -> {
              int seed = Integer.parseInt(request.field("x-seed"));
              ModelApi.stream(line, Streams.anthropic(seed), "gzip", seed);
            })) {
      HttpClient client =
          vertx.createHttpClient(
              new HttpClientOptions()
                  .setProtocolVersion(HttpVersion.HTTP_2)
                  .setHttp2ClearTextUpgrade(false));
      List<Future<Buffer>> answers = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        int seed = i;
        answers.add(
            client
                .request(HttpMethod.POST, api.address().getPort(), "127.0.0.1", "/v1/messages")
                .compose(request -> {
                  assertThat(request.version()).isEqualTo(HttpVersion.HTTP_2);
                  return request
                      .putHeader("x-seed", "" + seed)
                      .putHeader("x-api-key", "sk-ant-planted-0123456789")
                      .send(Buffer.buffer("{\"stream\":true}"));
                })
                .compose(response -> {
                  assertThat(response.version()).isEqualTo(HttpVersion.HTTP_2);
                  assertThat(response.getHeader("request-id")).isEqualTo("req_1");
                  return response.body();
                }));
      }
      Future.all(answers).await(30, TimeUnit.SECONDS);
      List<Obj> entries = api.entries(AT_ONCE);
      for (Obj entry : entries) {
        assertThat(entry.object("request").string("httpVersion")).isEqualTo("HTTP/2");
        assertThat(entry.string("_end")).isEqualTo("complete");
        byte[] kept = HarWire.responseBody(entry).bytes();
        assertThat(answers)
            .anySatisfy(each -> assertThat(each.result().getBytes()).isEqualTo(kept));
      }
      HarChecks.valid(api.har(), AT_ONCE);
      assertThat(api.recorded()).doesNotContain("sk-ant-planted");
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }
}
