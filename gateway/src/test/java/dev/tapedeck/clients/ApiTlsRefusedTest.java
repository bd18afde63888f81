package dev.tapedeck.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.api.TrustedCertificates;
import dev.tapedeck.api.Upstream;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.testing.Authority;
import dev.tapedeck.testing.Authority.Identity;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.ScriptedUpstream;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Upstreams that are not who they should be: nothing is sent to them, and the client is told. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ApiTlsRefusedTest {

  private static final Script OK =
      (_, line) -> line.send("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");
  private static final String UNTRUSTED =
      "no authority that is trusted has signed its certificate; api.upstreams.NAME.ca says which"
          + " are";

  @TempDir Path home;

  private final Authority ours = new Authority("ours");
  private final Authority others = new Authority("others");

  private static Instant yesterday() {
    return Instant.now().minus(Duration.ofDays(1));
  }

  private static String ask(String path) {
    return "POST " + path + " HTTP/1.1\nHost: x\nContent-Length: 10\n\n{\"secret\":";
  }

  /** Asks, and takes the sentence behind the upstream's name and address. */
  private String refused(Upstream upstream) throws Exception {
    try (LiveApi api = Tls.start(home, List.of(upstream))) {
      Http.Message answer = api.ask(ask("/v1/messages"));
      assertThat(answer.line()).isEqualTo("HTTP/1.1 502 Bad Gateway");
      Obj body = (Obj) Json.parse(answer.text());
      assertThat(body.string("type")).isEqualTo("error");
      assertThat(body.object("error").string("type")).isEqualTo("api_error");
      String message = String.valueOf(body.object("error").string("message"));
      Obj entry = api.entries(1).getFirst();
      assertThat(entry.string("_end")).isEqualTo("error");
      assertThat(entry.string("_error")).isEqualTo(message);
      assertThat(entry.object("request").object("postData").string("text"))
          .isEqualTo("{\"secret\":");
      assertThat(entry.object("response").object("content").string("text"))
          .isEqualTo(answer.text());
      HarChecks.valid(api.har(), 1);
      String before = "tapedeck: anthropic at " + upstream.url() + " gave no valid answer: ";
      assertThat(message).startsWith(before);
      return message.substring(before.length());
    }
  }

  private String refused(Upstream upstream, ScriptedUpstream server) throws Exception {
    String sentence = refused(upstream);
    // One handshake began, and none was done: it was not tried again, and never unverified.
    assertThat(server.connections()).isEqualTo(1);
    assertThat(server.names()).isEmpty();
    assertThat(server.requests()).isEmpty();
    return sentence;
  }

  private String refused(String host, Identity shown, Authority trusted) throws Exception {
    try (ScriptedUpstream server = ScriptedUpstream.start(OK, shown, "http/1.1")) {
      return refused(Tls.upstream("anthropic", server.url(host), trusted), server);
    }
  }

  @Test
  void aCertificateOfAnotherAuthority() throws Exception {
    assertThat(refused("localhost", others.identity("localhost"), ours)).isEqualTo(UNTRUSTED);
  }

  @Test
  void aCertificateThatTheSystemDoesNotKnow() throws Exception {
    try (ScriptedUpstream server = ScriptedUpstream.start(OK, ours.identity("localhost"))) {
      assertThat(refused(Tls.upstream("anthropic", server.url("localhost"), null), server))
          .isEqualTo(UNTRUSTED);
    }
  }

  @Test
  void aCertificateForAnotherHost() throws Exception {
    assertThat(refused("localhost", ours.identity("other.example"), ours))
        .isEqualTo(
            "its certificate is for another host (No subject alternative DNS name matching"
                + " localhost found.)");
  }

  @Test
  void aCertificateForAnotherAddress() throws Exception {
    assertThat(refused("127.0.0.1", ours.identity("localhost", "127.0.0.2"), ours))
        .isEqualTo(
            "its certificate is for another host (No subject alternative names matching IP"
                + " address 127.0.0.1 found)");
  }

  @Test
  void aCertificateForNobody() throws Exception {
    assertThat(refused("localhost", ours.identity(), ours))
        .isEqualTo("its certificate is for another host (No name matching localhost found)");
  }

  @Test
  void anExpiredCertificate() throws Exception {
    assertThat(refused("localhost", ours.identity(yesterday(), "localhost"), ours))
        .startsWith("its certificate has expired (NotAfter: ");
  }

  @Test
  void aCertificateThatIsNotValidYet() throws Exception {
    Instant far = Instant.now().plus(Duration.ofDays(30));
    assertThat(refused("localhost", ours.identity(far, "localhost"), ours))
        .startsWith("its certificate is not valid yet (NotBefore: ");
  }

  @Test
  void anExpiredCertificateThatIsItselfTrusted() throws Exception {
    Identity self = Authority.selfSigned(yesterday(), "localhost");
    try (ScriptedUpstream server = ScriptedUpstream.start(OK, self)) {
      Upstream upstream =
          new Upstream(
              "anthropic", server.url("localhost"), null, new TrustedCertificates(self.chain()));
      assertThat(refused(upstream, server)).startsWith("its certificate has expired (NotAfter: ");
    }
  }

  @Test
  void aServerThatDoesNotSpeakTls() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            try (Socket socket = server.accept()) {
              socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
              // Until the gateway hangs up.
              socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException gone) {
              throw new UncheckedIOException(gone);
            }
          });
      URI url = URI.create("https://localhost:" + server.getLocalPort());
      assertThat(refused(Tls.upstream("anthropic", url, ours))).isEqualTo("it does not speak TLS");
    }
  }

  @Test
  void aSelfSignedCertificateThatIsTrusted() throws Exception {
    Identity self = Authority.selfSigned(Instant.now().plus(Duration.ofDays(1)), "localhost");
    try (ScriptedUpstream server = ScriptedUpstream.start(OK, self);
        LiveApi api =
            Tls.start(
                home,
                List.of(
                    new Upstream(
                        "anthropic",
                        server.url("localhost"),
                        null,
                        new TrustedCertificates(self.chain()))))) {
      assertThat(api.ask(ask("/v1/messages")).text()).isEqualTo("ok");
    }
  }

  @Test
  void eachUpstreamHasItsOwnAuthorities() throws Exception {
    try (ScriptedUpstream first = ScriptedUpstream.start(OK, ours.identity("localhost"));
        ScriptedUpstream second = ScriptedUpstream.start(OK, others.identity("localhost"));
        LiveApi api =
            Tls.start(
                home,
                List.of(
                    Tls.upstream("anthropic", first.url("localhost"), ours),
                    Tls.upstream("openai", second.url("localhost"), others),
                    Tls.upstream("gemini", first.url("localhost"), others),
                    Tls.upstream("crossed", second.url("localhost"), ours)))) {
      assertThat(api.ask(ask("/anthropic/v1/messages")).text()).isEqualTo("ok");
      assertThat(api.ask(ask("/openai/v1/responses")).text()).isEqualTo("ok");
      assertThat(api.ask(ask("/gemini/v1beta/models")).text())
          .startsWith("{\"error\":{\"code\":502,\"message\":\"tapedeck: gemini at ")
          .contains(UNTRUSTED);
      assertThat(api.ask(ask("/crossed/v1/messages")).text())
          .startsWith("{\"type\":\"error\",")
          .contains(UNTRUSTED);
      assertThat(first.requests()).hasSize(1);
      assertThat(second.requests()).hasSize(1);
    }
  }

  @Test
  void openAisClientsAreToldInItsShape() throws Exception {
    try (ScriptedUpstream server = ScriptedUpstream.start(OK, others.identity("localhost"));
        LiveApi api =
            Tls.start(home, List.of(Tls.upstream("openai", server.url("localhost"), ours)))) {
      Http.Message answer = api.ask(ask("/v1/responses"));
      assertThat(answer.line()).isEqualTo("HTTP/1.1 502 Bad Gateway");
      assertThat(answer.text())
          .isEqualTo(
              "{\"error\":{\"message\":\"tapedeck: openai at "
                  + server.url("localhost")
                  + " gave no valid answer: "
                  + UNTRUSTED
                  + "\",\"type\":\"api_error\",\"param\":null,\"code\":null}}");
    }
  }
}
