package dev.tapedeck.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.clients.LiveApi;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reader of a HAR gets while exchanges are written to it. */
class LiveHarTest {

  private static final String ASK = "GET /v1/models HTTP/1.1\nHost: x\n\n";
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

  @TempDir Path data;

  private Obj exported() throws Exception {
    Run run = Run.of(data, "export", "latest", "--format", "har");
    assertThat(run.err()).isEmpty();
    return ((Obj) Json.parse(run.bytes())).object("log");
  }

  @Test
  void whatIsExportedWhileExchangesAreWrittenIsJson() throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    try (LiveApi api =
        LiveApi.start(
            data, (_, line) -> line.send((HEAD + "Content-Length: 2\r\n\r\nok").getBytes(UTF_8)))) {
      api.ask(ASK);
      api.entries(1);
      CompletableFuture<Integer> asking =
          CompletableFuture.supplyAsync(() -> {
            int asked = 0;
            while (!enough.get()) {
              try {
                api.ask(ASK);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
              asked++;
            }
            return asked;
          });
      int before = 0;
      for (int i = 0; i < 60; i++) {
        int entries = exported().array("entries").values().size();
        assertThat(entries).isGreaterThanOrEqualTo(before);
        before = entries;
      }
      enough.set(true);
      assertThat(asking.get()).isGreaterThanOrEqualTo(before - 1);
      assertThat(before).isGreaterThan(1);
    }
  }

  @Test
  void aBodyThatLiesInAFileIsInWhatIsExported() throws Exception {
    String body = "0123456789abcdef".repeat((9 << 20) / 16);
    try (LiveApi api =
        LiveApi.start(
            data,
            (_, line) ->
                line.send(
                    (HEAD + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                        .getBytes(UTF_8)))) {
      assertThat(api.ask(ASK).body()).hasSize(body.length());
      Obj inFolder = api.entries(1).getFirst();
      assertThat(inFolder.object("response").object("content").string("text")).isNull();
    }
    Obj entry = (Obj) exported().array("entries").values().getFirst();
    Obj content = entry.object("response").object("content");
    assertThat(content.string("text")).isEqualTo(body);
    assertThat(content.string("_file")).isNull();
  }
}
