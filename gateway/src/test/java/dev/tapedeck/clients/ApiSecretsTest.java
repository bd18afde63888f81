package dev.tapedeck.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.storage.AppendFiles;
import dev.tapedeck.testing.Coded;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.Planted;
import dev.tapedeck.testing.ScriptedUpstream.Line;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Keys planted wherever requests and answers may hold some: nothing that is written has them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ApiSecretsTest {

  private static final String KEY = "sk-ant-api03-Planted/In+Headers-0123456789";
  private static final String BEARER = "eyJhbGciOiJub25lIn0.planted-bearer-token.x";
  private static final String PASSWORD = "planted:pass/word+123";
  private static final String COOKIE = "planted-cookie-value-98765";
  private static final String QUERY = "planted-query-key-AIzaSy123";
  private static final String SIGNATURE = "planted5ignature5of5an5address";
  private static final String SET = "planted-set-cookie-from-the-other-side";
  private static final String ACCESS = "planted-access-token-of-an-answer";
  private static final String REFRESH = "planted-refresh-token-of-a-request";

  private static final List<String> ALL =
      List.of(KEY, BEARER, PASSWORD, COOKIE, QUERY, SIGNATURE, SET, ACCESS, REFRESH);

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Level before = root.getLevel();

  @TempDir Path home;

  @BeforeEach
  void listen() {
    log.start();
    root.setLevel(Level.DEBUG);
    root.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    root.detachAppender(log);
    root.setLevel(before);
  }

  private static String request(String path, String body) {
    return """
    POST %s HTTP/1.1
    Host: x
    Authorization: Bearer %s
    Proxy-Authorization: Basic %s
    x-api-key: %s
    x-goog-api-key: %s
    api-key: %s
    X-Amz-Security-Token: %s
    Cookie: session=%s; theme=dark
    X-Repeats: the key %s
    Referer: https://user:%s@example.org/?sig=%s
    Content-Type: application/json
    Content-Length: %d

    %s\
    """
        .formatted(
            path,
            BEARER,
            Base64.getEncoder().encodeToString(("me:" + PASSWORD).getBytes(UTF_8)),
            KEY,
            KEY,
            KEY,
            KEY,
            COOKIE,
            QUERY,
            PASSWORD.replace(":", "%3A").replace("/", "%2F"),
            SIGNATURE,
            body.getBytes(UTF_8).length,
            body);
  }

  private static final String PATH =
      "/v1/messages?key=" + QUERY + "&X-Amz-Signature=" + SIGNATURE + "&beta=true";

  /** An error that repeats every key, in a coding, byte by byte. */
  private static void refuse(Line line, String coding) throws Exception {
    String error =
        "{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"not one of "
            + String.join(" or ", List.of(KEY, BEARER, PASSWORD, COOKIE, QUERY, SIGNATURE, SET))
            + " nor "
            + Base64.getEncoder().encodeToString(("Basic me:" + PASSWORD).getBytes(UTF_8))
            + "\"}}";
    line.send(
        "HTTP/1.1 401 No "
            + KEY
            + "\nContent-Type: application/json\nX-Your-Key: was "
            + KEY
            + "\nLocation: https://example.org/?token="
            + SET
            + "\nSet-Cookie: id="
            + SET
            + "; Path=/\n"
            + (coding.isEmpty() ? "" : "Content-Encoding: " + Coded.name(coding) + "\n")
            + "Transfer-Encoding: chunked\n\n");
    for (byte each : Coded.whole(coding, error.getBytes(UTF_8))) {
      line.chunk(new byte[] {each});
    }
    line.end();
  }

  @Test
  void errorsThatRepeatTheKeysAreWrittenWithoutThem() throws Exception {
    List<String> codings = List.of("", "gzip", "deflate", "br", "zstd", "zstd-raw");
    List<String> next = new ArrayList<>(codings);
    Script script = (_, line) -> refuse(line, next.removeFirst());
    LiveApi api = LiveApi.start(home, script);
    try (api) {
      for (String coding : codings) {
        Http.Message answer = api.ask(request(PATH, "{\"x\":\"" + KEY + "\"}"));
        byte[] text = BodyDecoder.decode(Coded.name(coding), answer.body(), 1 << 20).bytes();
        assertThat(new String(text, UTF_8)).as("what the client got").contains(KEY, PASSWORD);
      }
      api.entries(codings.size());
      nothingIsWritten(api);
    }
    nothingIsWritten(api);
    assertThat(Files.readString(api.har())).contains("REDACTED-sha256-");
  }

  @Test
  void tokenEndpointsAreWrittenWithoutTokens() throws Exception {
    String json =
        "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":3600}".formatted(ACCESS);
    String form = "access_token=" + ACCESS + "&token_type=Bearer";
    List<String> answers = new ArrayList<>(List.of(json, form));
    Script script =
        (_, line) -> {
          String answer = answers.removeFirst();
          byte[] coded = Coded.whole("gzip", answer.getBytes(UTF_8));
          line.send(
              "HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: " + coded.length + "\n\n");
          line.send(coded);
        };
    LiveApi api = LiveApi.start(home, script);
    try (api) {
      api.ask(
          request(
              "/v1/oauth/token?key=" + QUERY + "&sig=" + SIGNATURE,
              "{\"grant_type\":\"refresh_token\",\"refresh_token\":\"" + REFRESH + "\"}"));
      api.ask(
          request(
              "/anthropic/oauth2/token?key=" + QUERY,
              "grant_type=refresh_token&refresh_token=" + REFRESH));
      api.entries(2);
      nothingIsWritten(api);
    }
    nothingIsWritten(api);
    assertThat(Files.readString(api.har())).contains("refresh_token", "Bearer", "expires_in");
  }

  @Test
  void theJournalOfWhatIsInFlightHasNoKeys() throws Exception {
    CountDownLatch looked = new CountDownLatch(1);
    Script script =
        (_, line) -> {
          line.send("HTTP/1.1 200 OK\nContent-Encoding: gzip\nTransfer-Encoding: chunked\n\n");
          for (byte[] part :
              Coded.flushed(
                  "gzip",
                  Stream.of("begun ", KEY, " and ", BEARER).map(String::getBytes).toList())) {
            line.chunk(part);
          }
          looked.await();
          line.end();
        };
    try (LiveApi api =
            LiveApi.start(
                home, script, RecordingOptions.DEFAULT, AppendFiles.DISK, options -> options);
        Socket client = new Socket(api.address().getAddress(), api.address().getPort())) {
      client.getOutputStream().write(request(PATH, "{}").replace("\n", "\r\n").getBytes(UTF_8));
      Http.head(new BufferedInputStream(client.getInputStream()));
      await()
          .atMost(20, TimeUnit.SECONDS)
          .ignoreException(java.util.NoSuchElementException.class)
          .until(() -> journal(api).contains("REDACTED-sha256-"));
      nothingIsWritten(api);
      looked.countDown();
    }
  }

  /** The bodies in the journal, decoded as far as they are encoded for the journal. */
  private static String journal(LiveApi api) throws Exception {
    Path journal = api.folder().path().resolve("api.har.journal");
    ByteArrayOutputStream bodies = new ByteArrayOutputStream();
    if (Files.exists(journal)) {
      for (String line : Files.readString(journal).lines().toList()) {
        String data = line.endsWith("}") ? ((Obj) Json.parse(line)).string("data") : null;
        if (data != null) {
          bodies.writeBytes(Base64.getDecoder().decode(data));
        }
      }
    }
    return bodies.toString(UTF_8);
  }

  private void nothingIsWritten(LiveApi api) throws Exception {
    try (Stream<Path> files = Files.walk(api.folder().path())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        clean(file.toString(), Files.readAllBytes(file));
      }
    }
    clean("journal's bodies", journal(api).getBytes(UTF_8));
    for (Obj entry : Files.exists(api.har()) ? api.entries(0) : List.<Obj>of()) {
      Obj wire = entry.object("_wire");
      for (String side : List.of("request", "response")) {
        Obj body = wire.object(side) == null ? null : wire.object(side).object("body");
        if (body != null) {
          bodies(entry, side, body);
        }
      }
    }
    synchronized (log) {
      for (ILoggingEvent event : List.copyOf(log.list)) {
        clean(
            "log: " + event,
            (event.getFormattedMessage() + event.getThrowableProxy()).getBytes(UTF_8));
      }
    }
    clean("sessions", api.sessions().toString().getBytes(UTF_8));
  }

  private static void bodies(Obj entry, String side, Obj body) {
    byte[] stored = Base64.getDecoder().decode(body.string("data"));
    clean(side + " in _wire", stored);
    byte[] decoded =
        body.string("encoding").startsWith("zstd")
            ? BodyDecoder.decode("zstd", stored, 1 << 20).bytes()
            : stored;
    clean(side + " in _wire, decoded", decoded);
    for (String coding : List.of("gzip", "deflate", "br", "zstd")) {
      clean(side + " as " + coding, BodyDecoder.decode(coding, decoded, 1 << 20).bytes());
    }
    assertThat(entry.string("_end")).isNotNull();
  }

  private static void clean(String where, byte[] bytes) {
    for (String secret : ALL) {
      assertThat(Planted.in(bytes, secret)).as("%s in %s", secret, where).isEmpty();
    }
  }
}
