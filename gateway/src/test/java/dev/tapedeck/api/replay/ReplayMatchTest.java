package dev.tapedeck.api.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.api.redaction.SecretNames;
import dev.tapedeck.clients.LiveApi;
import dev.tapedeck.testing.Coded;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which recorded request is the same as one that comes. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReplayMatchTest {

  private static final InetSocketAddress ANYWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** Says which request this was. */
  private static final Script COUNT =
      (request, line) -> {
        String answer = request.line() + " " + request.body().length;
        line.send("HTTP/1.1 200 OK\nContent-Length: %d\n\n%s".formatted(answer.length(), answer));
      };

  @TempDir Path home;

  private static byte[] request(String head, byte[] body) {
    String[] line = head.strip().split("\n", 2);
    String text =
        line[0]
            + " HTTP/1.1\n"
            + (line.length > 1 ? line[1] + "\n" : "")
            + "Host: x\nContent-Length: "
            + body.length
            + "\n\n";
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    wire.writeBytes(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    wire.writeBytes(body);
    return wire.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Http.Message ask(int port, String head, byte[] body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(request(head, body));
      return Http.response(new BufferedInputStream(socket.getInputStream()));
    }
  }

  private Path record(String head, byte[] body) throws Exception {
    try (LiveApi api = LiveApi.start(home, COUNT)) {
      ask(api.address().getPort(), head, body);
      api.entries(1);
      return api.har();
    }
  }

  private static void assertFound(Path har, String head, byte[] body) throws IOException {
    try (Replay replay = Replay.start(har, ANYWHERE, true)) {
      Http.Message answer = ask(replay.port(), head, body);
      assertThat(answer.line()).as(answer.text()).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  private Path har(String... entries) throws IOException {
    return Files.writeString(
        home.resolve("foreign.har"),
        """
        {"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[%s]}}
        """
            .formatted(String.join(",", entries)));
  }

  private static String entry(String method, String url, String request, String answer) {
    return """
    {"startedDateTime":"2026-01-01T00:00:00.000Z","time":1,
    "request":{"method":"%s","url":"%s"%s},
    "response":{"status":200,"statusText":"OK","headers":[],
    "content":{"size":5,"mimeType":"text/plain","text":"%s"}},
    "cache":{},"timings":{"send":0,"wait":1,"receive":0}}
    """
        .formatted(method, url, request.isEmpty() ? "" : "," + request, answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AIzaPlanted0123456789", "another-key-98765", "x"})
  void aKeyInTheAddressMakesNoDifference(String key) throws Exception {
    Path har =
        record(
            "POST /anthropic/v1beta/models/m:generateContent?key=AIzaPlanted0123456789",
            bytes("{}"));
    assertFound(har, "POST /anthropic/v1beta/models/m:generateContent?key=" + key, bytes("{}"));
  }

  @Test
  void aKeyInTheAddressOfAForeignRecordingMakesNoDifference() throws Exception {
    Path har = har(entry("GET", "https://g.example/v1beta/models?key=AIza1234567890", "", "ok"));
    assertFound(har, "GET /v1beta/models?key=other-0123456789", bytes(""));
  }

  @Test
  void theRestOfTheAddressStillMakesOne() throws Exception {
    Path har = har(entry("GET", "https://g.example/v1/models?key=AIza1234567890&n=1", "", "ok"));
    try (Replay replay = Replay.start(har, ANYWHERE, true)) {
      Http.Message miss = ask(replay.port(), "GET /v1/models?key=planted-key-98765&n=2", bytes(""));
      assertThat(miss.line()).isEqualTo("HTTP/1.1 404 Not Found");
      assertThat(miss.text())
          .contains("n=2", "n=1")
          .doesNotContain("planted-key", "AIza1234567890");
    }
  }

  @Test
  void aCredentialThatWasTakenOutOfTheBodyMakesNoDifference() throws Exception {
    String body = "{\"m\":\"my key is sk-ant-planted-0123456789, look\"}";
    String head = "POST /v1/messages\nx-api-key: ";
    Path har = record(head + "sk-ant-planted-0123456789", bytes(body));
    assertFound(har, head + "sk-ant-planted-0123456789", bytes(body));
    assertFound(
        har,
        head + "sk-ant-other-9876543210",
        bytes(body.replace("sk-ant-planted-0123456789", "sk-ant-other-9876543210")));
  }

  @Test
  void aDummyKeyThatIsAWordOfTheBodyDoesNotHideTheRequest() throws Exception {
    String body = "{\"m\":\"placeholder text\"}";
    Path har = record("POST /v1/messages\nx-api-key: sk-ant-planted-0123456789", bytes(body));
    assertFound(har, "POST /v1/messages\nx-api-key: placeholder", bytes(body + " "));
  }

  @ParameterizedTest
  @CsvSource({"zstd, gzip", "gzip, zstd", "gzip, ''", "'', zstd"})
  void aBodysCodingMakesNoDifference(String recorded, String asked) throws Exception {
    byte[] body = bytes("{\"messages\":[{\"content\":\"hi\"}],\"stream\":true}");
    Path har = record(head(recorded), coded(recorded, body));
    byte[] other = bytes("{\"stream\": false, \"messages\":[{\"content\":\"hi\"}]}");
    assertFound(har, head(asked), coded(asked, other));
  }

  private static String head(String coding) {
    return "POST /v1/responses\nContent-Type: application/json"
        + (coding.isEmpty() ? "" : "\nContent-Encoding: " + coding);
  }

  private static byte[] coded(String coding, byte[] body) {
    return coding.isEmpty() ? body : Coded.whole(coding, body);
  }

  @Test
  void aBoundaryIsNoContent() throws Exception {
    Path har = record(upload("one"), parts("one", "some\r\n\r\nbytes\u0001"));
    assertFound(har, upload("another-0123"), parts("another-0123", "some\r\n\r\nbytes\u0001"));
    try (Replay replay = Replay.start(har, ANYWHERE, true)) {
      assertThat(ask(replay.port(), upload("one"), parts("one", "other")).line())
          .isEqualTo("HTTP/1.1 404 Not Found");
    }
  }

  private static String upload(String boundary) {
    return "POST /v1/files\nContent-Type: multipart/form-data; boundary=\"" + boundary + "\"";
  }

  private static byte[] parts(String boundary, String content) {
    return ("""
    --B\r
    Content-Disposition: form-data; name="purpose"\r
    \r
    batch\r
    --B\r
    Content-Disposition: form-data; name="file"; filename="a.jsonl"\r
    Content-Type: application/jsonl\r
    \r
    """
                .replace("B", boundary)
            + content
            + "\r\n--B--\r\n".replace("B", boundary))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void bytesThatAreNoTextMatchInAnotherBoundary() throws Exception {
    String binary = "\u0000\u00ff\u00fe\r\n--on\r\n";
    Path har = record(upload("one"), parts("one", binary));
    assertFound(har, upload("two"), parts("two", binary));
  }

  @Test
  void parametersAloneAreABody() throws Exception {
    Path har =
        har(
            entry(
                "POST",
                "https://a.example/v1/forms",
                """
                "postData":{"mimeType":"application/x-www-form-urlencoded",
                "params":[{"name":"grant","value":"a b"},{"name":"n","value":"ü&"}]}\
                """,
                "form"),
            entry(
                "POST",
                "https://a.example/v1/files",
                """
                "postData":{"mimeType":"multipart/form-data","params":[{"name":"purpose","value":"batch"},
                {"name":"file","value":"x","fileName":"a.jsonl","contentType":"application/jsonl"}]}\
                """,
                "parts"));
    String form = "POST /v1/forms\nContent-Type: application/x-www-form-urlencoded; charset=UTF-8";
    assertFound(har, form, bytes("n=%C3%BC%26&grant=a+b"));
    assertFound(har, upload("B0"), parts("B0", "x"));
  }

  @Test
  void aFileWhoseContentARecordingLeavesOutIsAnyFileOfThatName() throws Exception {
    String params =
        """
        "postData":{"mimeType":"multipart/form-data","params":[{"name":"purpose","value":"batch"},
        {"name":"file","fileName":"a.jsonl","contentType":"application/jsonl"}]}\
        """;
    Path har = har(entry("POST", "https://a.example/v1/files", params, "parts"));
    assertFound(har, upload("B0"), parts("B0", "x"));
    assertFound(har, upload("B0"), parts("B0", ""));
    Path other =
        har(entry("POST", "https://a.example/v1/files", params.replace("a.js", "b.js"), "parts"));
    try (Replay replay = Replay.start(other, ANYWHERE, true)) {
      assertThat(ask(replay.port(), upload("B0"), parts("B0", "x")).line())
          .isEqualTo("HTTP/1.1 404 Not Found");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://g.example/base/responses, /responses",
    "https://g.example/a/b/chat/completions, /chat/completions",
    "https://g.example/chat/completions, /s/tok/openai/chat/completions",
    "https://g.example/base/models?x=1, /models?x=1",
    "http://g.example/llm/api/generate, /api/generate",
    "https://r.example/openai/deployments/d/embeddings?api-version=1, /azure/openai/deployments/d/embeddings?api-version=1",
  })
  void aPrefixBeforeAPathWithoutAVersionMakesNoDifference(String recorded, String asked)
      throws Exception {
    Path har =
        har(
            entry(
                "POST",
                recorded,
                "\"postData\":{\"mimeType\":\"application/json\",\"text\":\"{}\"}",
                "x"));
    assertFound(har, "POST " + asked, bytes("{}"));
  }

  @Test
  void aDeploymentIsAPartOfWhatIsAsked() throws Exception {
    String address = "https://r.example/openai/deployments/one/embeddings?api-version=1";
    Path har = har(entry("GET", address, "\"_x\":1", "x"));
    try (Replay replay = Replay.start(har, ANYWHERE, true)) {
      String other = "GET /openai/deployments/two/embeddings?api-version=1";
      assertThat(ask(replay.port(), other, bytes("")).line()).isEqualTo("HTTP/1.1 404 Not Found");
    }
  }

  @Test
  void namesThatTheOwnerAddedMakeNoDifferenceEither() throws Exception {
    String body = "{\"messages\":[],\"mandant\":\"REDACTED-sha256-0123456789ab\"}";
    Path har =
        har(
            entry(
                "POST",
                "https://a.example/v1/x?mandant=REDACTED-sha256-0123456789ab",
                "\"postData\":{\"mimeType\":\"application/json\",\"text\":\"%s\"}"
                    .formatted(body.replace("\"", "\\\"")),
                "x"));
    SecretNames names = new SecretNames(List.of("mandant"));
    try (Replay replay = Replay.start(har, ANYWHERE, true, names)) {
      Http.Message answer =
          ask(
              replay.port(),
              "POST /v1/x?mandant=planted-98765",
              bytes("{\"messages\":[],\"mandant\":\"planted-98765\"}"));
      assertThat(answer.line()).as(answer.text()).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @Test
  void eachVendorAnswersItsOwnClients() throws Exception {
    Path har =
        har(
            entry("GET", "https://api.anthropic.com/v1/models", headers("x-api-key"), "claude"),
            entry("GET", "https://api.openai.com/v1/models", headers("Authorization"), "gpt"),
            entry("GET", "http://127.0.0.1:8080/v1/models", "\"_x\":1", "local")
                .replaceFirst("\\{", "{\"_upstream\":\"mine\","));
    try (Replay replay = Replay.start(har, ANYWHERE, true)) {
      for (int i = 0; i < 3; i++) {
        assertThat(models(replay, "/v1/models\nAuthorization: Bearer x")).isEqualTo("gpt");
        assertThat(models(replay, "/v1/models\nanthropic-version: 1\nAuthorization: Bearer x"))
            .isEqualTo("claude");
        assertThat(models(replay, "/v1/models\nx-api-key: x")).isEqualTo("claude");
        assertThat(models(replay, "/openai/v1/models")).isEqualTo("gpt");
        assertThat(models(replay, "/mine/v1/models\nAuthorization: Bearer x")).isEqualTo("local");
        assertThat(models(replay, "http://api.openai.com/v1/models")).isEqualTo("gpt");
        assertThat(models(replay, "/v1/models")).isEqualTo("claude");
      }
    }
  }

  @Test
  void oneVendorsAnswerIsNotGivenToAnothersClient() throws Exception {
    Path har =
        har(entry("GET", "https://api.anthropic.com/v1/models", headers("x-api-key"), "claude"));
    try (Replay replay = Replay.start(har, ANYWHERE, true)) {
      Http.Message miss = ask(replay.port(), "GET /v1/models\nAuthorization: Bearer x", bytes(""));
      assertThat(miss.line()).isEqualTo("HTTP/1.1 404 Not Found");
      assertThat(miss.text()).contains("recorded is one to https://api.anthropic.com");
    }
  }

  private static String headers(String name) {
    return "\"headers\":[{\"name\":\"" + name + "\",\"value\":\"[redacted]\"}]";
  }

  private static String models(Replay replay, String rest) throws IOException {
    return ask(replay.port(), "GET " + rest, bytes("")).text();
  }

  @Test
  void headersThatNoServerCanSendDoNotHangTheClient() throws Exception {
    Path har =
        har(
            entry("GET", "https://a.example/v1/models", "", "plain")
                .replace(
                    "\"headers\":[]",
                    """
                    "headers":[{"name":"Set-Cookie","value":"a=1\\nb=2"},{"name":":status","value":"200"},
                    {"name":"X-Broken\\n","value":"x"},{"name":"","value":"x"},
                    {"name":"X-Bell","value":"a\\u0007\\u0000\\r\\nb"},{"name":"X-Good","value":"ü"}]\
                    """)
                .replace("\"statusText\":\"OK\"", "\"statusText\":\"O\\r\\nK\""));
    try (Replay replay = Replay.start(har, ANYWHERE, true)) {
      Http.Message answer = ask(replay.port(), "GET /v1/models", bytes(""));
      assertThat(answer.line()).isEqualTo("HTTP/1.1 200 O K");
      assertThat(answer.text()).isEqualTo("plain");
      assertThat(answer.fields())
          .contains("Set-Cookie: a=1", "Set-Cookie: b=2", "X-Bell: a   b")
          .noneMatch(field -> field.startsWith("X-Broken") || field.startsWith(":"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "42", "1000", "101", "\"no\""})
  void aStatusThatIsNoneEndsTheConnection(String status) throws Exception {
    Path har =
        har(
            entry("GET", "https://a.example/v1/models", "", "plain")
                .replace("\"status\":200", "\"status\":" + status));
    try (Replay replay = Replay.start(har, ANYWHERE, true)) {
      assertThatThrownBy(() -> ask(replay.port(), "GET /v1/models", bytes("")))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(SocketTimeoutException.class);
    }
  }
}
