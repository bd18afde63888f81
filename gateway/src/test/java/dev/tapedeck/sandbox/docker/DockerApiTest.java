package dev.tapedeck.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.sandbox.Finding;
import dev.tapedeck.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DockerApiTest {

  @TempDir Path folder;
  private ScriptedEngine engine;
  private DockerApi api;

  @BeforeEach
  void listen() throws IOException {
    engine = new ScriptedEngine(folder.resolve("engine.sock"));
    api = new DockerApi(new DockerHttp(EngineSocket.at(engine.socket()), Duration.ofSeconds(10)));
  }

  @AfterEach
  void close() throws IOException {
    engine.close();
  }

  @Test
  void speaksTheOlderOfBothVersions() throws IOException {
    pings("1.41").answers("HTTP/1.1 200 OK\n\n{}");
    assertThat(api.negotiated()).isEqualTo(new ApiVersion(1, 41));
    assertThat(api.info().isObject()).isTrue();
    assertThat(engine.asked()).contains("GET /_ping HTTP/1.1", "GET /v1.41/info HTTP/1.1");
  }

  @Test
  void newerEnginesAreSpokenToInWhatWeKnow() throws IOException {
    pings("1.99");
    assertThat(api.negotiated()).isEqualTo(ApiVersion.NEWEST);
  }

  @Test
  void enginesThatAreTooOldAreTold() {
    pings("1.24");
    assertThatThrownBy(() -> api.negotiated())
        .isInstanceOf(SandboxException.class)
        .hasMessage("The engine speaks version 1.24 of the API; 1.40 is needed.");
  }

  @Test
  void strangersAreTold() {
    engine.answers("HTTP/1.1 200 OK\n\nwelcome");
    assertThatThrownBy(() -> api.negotiated())
        .hasMessage("What listens there does not say which version of the Engine API it speaks.");
  }

  @Test
  void refusalIsOneSentenceInTheEnginesWords() {
    pings("1.41")
        .answers(
            """
            HTTP/1.1 409 Conflict
            Content-Type: application/json

            {"message":"Conflict. The name is in\\nuse."}\
            """);
    assertThatThrownBy(() -> api.createContainer("x", Map.of()))
        .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.status()).isEqualTo(409))
        .hasMessage("The engine would not create a container: Conflict. The name is in use.");
  }

  @Test
  void refusalWithoutWordsTellsItsStatus() {
    pings("1.41").answers("HTTP/1.1 502 Bad Gateway\n\n<html>");
    assertThatThrownBy(() -> api.info())
        .hasMessage("The engine would not ask what it can do: it answered with status 502.");
  }

  @Test
  void answerThatIsNotJsonIsTold() {
    pings("1.41").answers("HTTP/1.1 200 OK\n\nnot json");
    assertThatThrownBy(() -> api.info())
        .hasMessage("The engine's answer to \"ask what it can do\" is not JSON.");
  }

  @Test
  void removingWhatIsGoneIsDone() throws IOException {
    pings("1.41").answers("HTTP/1.1 404 Not Found\n\n{\"message\":\"No such container: x\"}");
    api.removeContainer("x");
    assertThat(engine.asked()).contains("DELETE /v1.41/containers/x?force=1&v=1 HTTP/1.1");
  }

  @Test
  void missingImageIsNoError() throws IOException {
    pings("1.41").answers("HTTP/1.1 404 Not Found\n\n{\"message\":\"No such image\"}");
    assertThat(api.inspectImage("a/b:c")).isEmpty();
    assertThat(engine.asked()).contains("/images/a%2Fb%3Ac/json");
  }

  @Test
  void importTellsWhatWentWrongAfterItsGoodStatus() throws IOException {
    Path tar = Files.writeString(folder.resolve("root.tar"), "not a tar");
    pings("1.41")
        .answers("HTTP/1.1 200 OK\n\n{\"status\":\"reading\"}\n{\"error\":\"unexpected EOF\"}\n");
    assertThatThrownBy(() -> api.importImage(tar, "tapedeck-x", "latest"))
        .hasMessage("The engine would not import an image: unexpected EOF.");
    assertThat(engine.asked()).contains("Content-Type: application/x-tar").endsWith("not a tar");
  }

  @Test
  void terminalSizeIsSentOnlyToEnginesThatKnowIt() throws IOException {
    pings("1.41").answers("HTTP/1.1 101 UPGRADED\n\n");
    api.startExec("x", new TerminalSize(100, 30)).close();
    assertThat(engine.asked()).contains("\"Tty\":true").doesNotContain("ConsoleSize");
  }

  @Test
  void terminalSizeIsHeightThenWidth() throws IOException {
    pings("1.42").answers("HTTP/1.1 101 UPGRADED\n\n");
    api.startExec("x", new TerminalSize(100, 30)).close();
    assertThat(engine.asked()).contains("\"ConsoleSize\":[30,100]");
  }

  @Test
  void execThatRunsHasNoCode() throws IOException {
    pings("1.41").answers("HTTP/1.1 200 OK\n\n{\"Running\":true,\"ExitCode\":null}");
    assertThat(api.inspectExec("x")).isEqualTo(new DockerApi.ExecState(true, null));
    engine.answers("HTTP/1.1 200 OK\n\n{\"Running\":false,\"ExitCode\":137}");
    assertThat(api.inspectExec("x")).isEqualTo(new DockerApi.ExecState(false, 137));
    engine.answers("HTTP/1.1 200 OK\n\n{\"Running\":false,\"ExitCode\":null}");
    assertThat(api.inspectExec("x")).isEqualTo(new DockerApi.ExecState(false, null));
  }

  @Test
  void examinationOfNothingSaysWhatToDo() throws IOException {
    DockerOptions options =
        DockerOptions.DEFAULTS.withSocket(EngineSocket.at(folder.resolve("none.sock")));
    try (DockerEngine none = new DockerEngine(options)) {
      assertThat(none.examine())
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Finding.Level.MISSING);
            assertThat(finding.detail())
                .contains("none.sock", "systemctl start docker", "DOCKER_HOST");
          });
    }
  }

  @Test
  void examinationNamesWhatIsLess() {
    pings("1.41")
        .answers("HTTP/1.1 200 OK\n\n{\"Version\":\"4.3.1\"}")
        .answers(
            """
            HTTP/1.1 200 OK

            {"MemoryLimit":true,"PidsLimit":false,"SecurityOptions":["name=rootless"]}\
            """)
        .answers("HTTP/1.1 404 Not Found\n\n{\"message\":\"no such image\"}");
    DockerOptions options = DockerOptions.DEFAULTS.withSocket(EngineSocket.at(engine.socket()));
    assertThat(new DockerChecks(api, options).findings())
        .extracting(finding -> finding.subject() + " " + finding.level())
        .containsExactly(
            "engine GOOD",
            "memory GOOD",
            "processes LESSER",
            "processor LESSER",
            "system calls LESSER",
            "user namespaces GOOD",
            "terminals LESSER",
            "API gateway LESSER",
            "image MISSING");
  }

  private ScriptedEngine pings(String version) {
    return engine.answers("HTTP/1.1 200 OK\nApi-Version: " + version + "\n\nOK");
  }
}
