package dev.tapedeck.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.cli.Run;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import dev.tapedeck.formats.llm.Streams;
import dev.tapedeck.testing.Needs;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An exported HAR in the DevTools of Chromium: its own importer, its own Network panel. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class DevToolsTest {

  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final List<Streams.Event> EVENTS = Streams.anthropic(3);

  /** Streams are labelled as vendors do it, with a charset. */
  private static final Script SCRIPT =
      (request, line) -> {
        if (request.text().contains("whole")) {
          line.send("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 2\n\n{}");
          return;
        }
        line.send(
            "HTTP/1.1 200 OK\nContent-Type: text/event-stream; charset=utf-8\nTransfer-Encoding: chunked\n\n");
        line.chunk(Streams.wire(EVENTS)).end();
      };

  @TempDir Path home;

  @Test
  void theNetworkPanelHasAnEventStreamTabWithARowForEachEvent() throws Exception {
    Needs.need("chromium", Files.isExecutable(CHROMIUM), "there is no " + CHROMIUM);
    JavaScript.install();
    Path har = home.resolve("wire.har");
    try (LiveApi api = LiveApi.start(home, SCRIPT)) {
      for (String body : List.of("{\"stream\":true}", "{\"a\":\"whole\"}")) {
        api.ask(
            "POST /v1/messages HTTP/1.1\nHost: x\nContent-Length: %d\n\n%s"
                .formatted(body.getBytes(UTF_8).length, body));
      }
      api.entries(2);
      String[] target = {"latest", "--format", "har", "--wire", "-o", har.toString()};
      Run export = Run.of(home, "export", target);
      assertThat(export.status()).as(export.err()).isZero();
    }
    List<Obj> shown = JavaScript.run("devtools.mjs", CHROMIUM.toString(), har.toString());
    assertThat(shown).hasSize(2);
    assertThat(tabs(shown.getFirst())).contains("eventSource");
    List<Obj> rows = shown.getFirst().array("rows").values().stream().map(Obj.class::cast).toList();
    assertThat(rows).hasSize(EVENTS.size());
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i).string("eventName")).isEqualTo(EVENTS.get(i).name());
      assertThat(rows.get(i).string("data")).isEqualTo(EVENTS.get(i).data());
    }
    assertThat(tabs(shown.getLast())).isNotEmpty().doesNotContain("eventSource");
    assertThat(shown.getLast().array("rows")).isEqualTo(new Arr());

    // With the charset, as it came, the tab is not there: that is what --wire is careful about.
    String exported = Files.readString(har);
    String exact = "\"mimeType\":\"text/event-stream\"";
    assertThat(exported).contains(exact);
    Files.writeString(
        har, exported.replace(exact, "\"mimeType\":\"text/event-stream; charset=utf-8\""));
    assertThat(tabs(JavaScript.run("devtools.mjs", CHROMIUM.toString(), har.toString()).getFirst()))
        .isNotEmpty()
        .doesNotContain("eventSource");
  }

  private static List<String> tabs(Obj request) {
    return request.array("tabs").values().stream().map(tab -> ((Str) tab).value()).toList();
  }
}
