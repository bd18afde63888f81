package dev.tapedeck.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.clients.LiveApi;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.storage.AppendFiles;
import dev.tapedeck.testing.Http;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP allows and few do is in the recording, too. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RareFactsTest {

  @TempDir Path home;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fieldsBehindBodiesPassAndAreRecordedBothWays(boolean strict) throws Exception {
    List<String> sent = new CopyOnWriteArrayList<>();
    try (LiveApi api =
            LiveApi.start(
                home,
                (request, line) -> {
                  sent.add(request.text() + request.trailers());
                  line.send(
                      """
                      HTTP/1.1 200 OK
                      Transfer-Encoding: chunked
                      Trailer: X-Sum

                      2
                      ok
                      0
                      X-Sum: 7
                      X-Api-Key: sk-ant-planted-0123456789

                      """);
                },
                RecordingOptions.DEFAULT,
                AppendFiles.DISK,
                options -> strict ? ApiFixture.strict(options) : options);
        Socket client = new Socket(api.address().getAddress(), api.address().getPort())) {
      client
          .getOutputStream()
          .write(
              """
              POST /v1/messages HTTP/1.1
              Host: x
              Transfer-Encoding: chunked

              2
              {}
              0
              X-Checked: yes

              """
                  .replace("\n", "\r\n")
                  .getBytes(StandardCharsets.UTF_8));
      Http.Message answer = Http.response(client.getInputStream());
      assertThat(answer.text()).isEqualTo("ok");
      assertThat(answer.trailers())
          .containsExactly("X-Sum: 7", "X-Api-Key: sk-ant-planted-0123456789");
      assertThat(sent).containsExactly("{}[X-Checked: yes]");
      Obj wire = api.entries(1).getFirst().object("_wire");
      assertThat(wire.object("request").array("trailers").text())
          .isEqualTo("[{\"name\":\"X-Checked\",\"value\":\"yes\"}]");
      assertThat(wire.object("response").array("trailers").text())
          .startsWith("[{\"name\":\"X-Sum\",\"value\":\"7\"},{\"name\":\"X-Api-Key\",\"value\":\"")
          .doesNotContain("planted");
    }
  }

  @Test
  void interimAnswersAndASecondAttemptAreToldOf() throws Exception {
    AtomicBoolean closed = new AtomicBoolean();
    try (LiveApi api =
            LiveApi.start(
                home,
                (request, line) -> {
                  if (request.line().contains("/2") && closed.compareAndSet(false, true)) {
                    line.close();
                    return;
                  }
                  line.send("HTTP/1.1 103 Early Hints\nLink: </a>\n\n");
                  line.send("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");
                });
        Socket client = new Socket(api.address().getAddress(), api.address().getPort())) {
      for (String path : List.of("/v1/models/1", "/v1/models/2")) {
        client
            .getOutputStream()
            .write(
                ("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        assertThat(Http.response(client.getInputStream()).text()).isEqualTo("ok");
      }
      List<Obj> entries = api.entries(2);
      for (Obj entry : entries) {
        assertThat(entry.object("_wire").object("response").array("interim").text())
            .isEqualTo("[{\"status\":103,\"headers\":[{\"name\":\"Link\",\"value\":\"</a>\"}]}]");
      }
      assertThat(entries.get(0).object("_wire").object("request").get("resent")).isNull();
      assertThat(entries.get(1).object("_wire").object("request").get("resent"))
          .hasToString("Bool[value=true]");
    }
  }
}
