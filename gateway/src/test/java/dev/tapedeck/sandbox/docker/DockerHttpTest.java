package dev.tapedeck.sandbox.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Wire text over a real Unix socket. */
@Timeout(30)
class DockerHttpTest {

  private static final String CHUNKED =
      """
      HTTP/1.1 200 OK
      Transfer-Encoding: chunked
      Api-Version: 1.41

      5;ext=1
      hello
      A
       chunked w
      4
      orld
      0
      Trailer: yes

      """;

  @TempDir Path folder;
  private ScriptedEngine engine;
  private DockerHttp http;

  @BeforeEach
  void listen() throws IOException {
    engine = new ScriptedEngine(folder.resolve("engine.sock"));
    http = new DockerHttp(EngineSocket.at(engine.socket()), Duration.ofSeconds(10));
  }

  @AfterEach
  void close() throws IOException {
    engine.close();
  }

  @Test
  void requestWithoutABody() throws IOException {
    engine.answers("HTTP/1.1 204 No Content\n\n");
    assertThat(http.ask("POST", "/v1.41/containers/x/start", null).head().status()).isEqualTo(204);
    assertThat(engine.asked())
        .isEqualTo(
            """
            POST /v1.41/containers/x/start HTTP/1.1
            Host: docker
            User-Agent: tapedeck
            Connection: close
            Content-Length: 0

            """
                .replace("\n", "\r\n"));
  }

  @Test
  void requestWithJson() throws IOException {
    engine.answers("HTTP/1.1 201 Created\nContent-Length: 2\n\n{}");
    DockerHttp.Reply reply = http.ask("POST", "/x", "{\"a\":1}".getBytes(UTF_8));
    assertThat(reply.body().text()).isEqualTo("{}");
    assertThat(engine.asked()).contains("Content-Type: application/json\r\nContent-Length: 7\r\n");
    assertThat(engine.asked()).endsWith("\r\n\r\n{\"a\":1}");
  }

  @Test
  void bodyByLengthEndsThereThoughTheConnectionGoesOn() throws IOException {
    engine.keepsOpen().answers("HTTP/1.1 200 OK\ncontent-length: 3\n\nabcdef");
    assertThat(http.ask("GET", "/x", null).body().text()).isEqualTo("abc");
  }

  @Test
  void bodyWithoutALengthEndsWithTheConnection() throws IOException {
    engine.answers("HTTP/1.0 200 OK\n\nall of it");
    assertThat(http.ask("GET", "/x", null).body().text()).isEqualTo("all of it");
  }

  @Test
  void chunksSplitAtEveryByte() throws IOException {
    byte[] wire = CHUNKED.replace("\n", "\r\n").getBytes(US_ASCII);
    for (int split = 1; split < wire.length; split++) {
      engine.answersInTwo(wire, split);
      DockerHttp.Reply reply = http.ask("GET", "/x", null);
      assertThat(reply.body().text()).as("split at %d", split).isEqualTo("hello chunked world");
      assertThat(reply.head().header("api-version")).isEqualTo("1.41");
    }
  }

  @Test
  void hijackedConnectionKeepsWhatCameWithTheHead() throws IOException {
    engine
        .keepsOpen()
        .answers("HTTP/1.1 101 UPGRADED\nConnection: Upgrade\nUpgrade: tcp\n\nfirst bytes");
    try (DockerHttp.Stream stream = http.hijack("/exec/x/start", "{}".getBytes(UTF_8))) {
      assertThat(new String(stream.body().readNBytes(11), UTF_8)).isEqualTo("first bytes");
      stream.connection().output().write("typed".getBytes(UTF_8));
      stream.connection().output().close();
      engine.awaitInput("typed");
    }
    assertThat(engine.asked()).contains("Connection: Upgrade\r\nUpgrade: tcp\r\n");
  }

  @Test
  void streamThatIsClosedEndsForItsReader() throws Exception {
    engine.keepsOpen().answers("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\n{}\n");
    DockerHttp.Stream stream = http.stream("/events");
    assertThat(stream.body().readNBytes(2)).hasSize(2);
    Thread reader = Thread.ofPlatform().start(() -> drain(stream));
    stream.close();
    assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
  }

  private static void drain(DockerHttp.Stream stream) {
    try {
      stream.body().readAllBytes();
    } catch (IOException _) {
      // An end in the middle of a chunk is one, too.
    }
  }

  @Test
  void replyThatIsTooLongIsRefused() {
    engine.answers("HTTP/1.1 200 OK\n\n" + "x".repeat(DockerHttp.MAX_REPLY_BYTES + 1));
    assertThatThrownBy(() -> http.ask("GET", "/x", null))
        .hasMessage("the answer is longer than 8388608 bytes");
  }

  @Test
  void headThatIsTooLongIsRefused() {
    engine.answers("HTTP/1.1 200 OK\nX: " + "x".repeat(HttpReader.MAX_HEAD_BYTES) + "\n\n");
    assertThatThrownBy(() -> http.ask("GET", "/x", null))
        .hasMessage("the answer's head is longer than its limit");
  }

  @Test
  void garbageIsNamed() {
    engine.answers("SSH-2.0-OpenSSH_9.2\u0001\n\n");
    assertThatThrownBy(() -> http.ask("GET", "/x", null))
        .hasMessage("the answer is not HTTP: it begins with \"SSH-2.0-OpenSSH_9.2?\"");
  }

  @Test
  void malformedPartsAreNamed() {
    assertRefused("HTTP/1.1 200 OK\nno colon\n\n", "malformed header");
    assertRefused("HTTP/1.1 200 OK\nContent-Length: -1\n\n", "malformed length");
    assertRefused("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nxyz\n", "malformed chunk");
    assertRefused("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n-1\n", "malformed chunk");
    assertRefused(
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\nab\n0\n\n", "longer than it says");
    assertRefused("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nab", "middle of a chunk");
    assertRefused("HTTP/1.1 200 OK\nContent-Length: 10\n\nab", "8 bytes early");
    assertRefused("HTTP/1.1 200 OK\nContent-", "middle of an answer");
    assertRefused("", "middle of an answer");
  }

  private void assertRefused(String wire, String reason) {
    engine.answers(wire);
    assertThatThrownBy(() -> http.ask("GET", "/x", null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void silentEngineIsGivenUp() {
    DockerHttp impatient = new DockerHttp(EngineSocket.at(engine.socket()), Duration.ofMillis(50));
    engine.keepsOpen().answers("HTTP/1.1 200 OK\nContent-Length: 5\n\nab");
    assertThatThrownBy(() -> impatient.ask("GET", "/x", null))
        .hasMessage(engine.socket() + " did not answer within 50 ms");
  }

  @Test
  void missingAndDeadSocketsAreTold() throws IOException {
    Path missing = folder.resolve("missing.sock");
    assertThatThrownBy(() ->
            new DockerHttp(EngineSocket.at(missing), Duration.ofSeconds(1)).ask("GET", "/", null))
        .hasMessageStartingWith("there is no " + missing + ": is the engine running? If not, start")
        .hasMessageContaining("sandbox.docker.socket");
    Path file = Files.createFile(folder.resolve("file.sock"));
    assertThatThrownBy(() ->
            new DockerHttp(EngineSocket.at(file), Duration.ofSeconds(1)).ask("GET", "/", null))
        .hasMessageContaining(file.toString());
  }
}
