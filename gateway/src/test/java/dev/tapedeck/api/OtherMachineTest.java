package dev.tapedeck.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.testing.Needs;
import dev.tapedeck.testing.ScriptedUpstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Clients with a network of their own, as containers have it: another network namespace and a link
 * to this machine's.
 */
class OtherMachineTest {

  private static final String HERE = "203.0.113.1";
  private static final String THERE = "203.0.113.2";
  private static final ScriptedUpstream.Script MODEL =
      (_, line) -> line.send("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");

  private Process other;

  @BeforeEach
  void link() throws Exception {
    boolean can = runs("unshare", "-n", "true") && runs("ip", "-V") && runs("curl", "-V");
    Needs.need("iproute2", can, "root, ip and curl are needed to make another machine");
    other =
        new ProcessBuilder(
                "unshare", "-n", "sh", "-c", "echo up; while read -r line; do eval \"$line\"; done")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(other.inputReader(UTF_8).readLine()).isEqualTo("up");
    String peer = String.valueOf(other.pid());
    String name = "td" + peer;
    assertThat(runs("ip", "link", "add", name, "type", "veth", "peer", "name", "in", "netns", peer))
        .isTrue();
    assertThat(runs("ip", "addr", "add", HERE + "/30", "dev", name)).isTrue();
    assertThat(runs("ip", "link", "set", name, "up")).isTrue();
    there("ip addr add " + THERE + "/30 dev in; ip link set in up; echo linked");
  }

  @AfterEach
  void unlink() throws Exception {
    if (other != null) {
      other.outputWriter().close();
      other.waitFor();
    }
  }

  private static boolean runs(String... command) throws Exception {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private String there(String line) throws IOException {
    other.outputWriter().write(line + "\n");
    other.outputWriter().flush();
    return other.inputReader(UTF_8).readLine();
  }

  private static ApiOptions everywhere(ApiOptions options, OpenTo openTo) {
    return new ApiOptions(
        new InetSocketAddress("0.0.0.0", 0),
        options.upstreams(),
        options.strict(),
        options.limits(),
        options.redact(),
        options.sessionHeader(),
        options.allowed(),
        openTo);
  }

  /** Status and body, as one line. */
  private String asks(ApiFixture api, String path) throws IOException {
    return there(
        "curl -sS --noproxy '*' -w ' %{http_code}' http://"
            + HERE
            + ":"
            + api.gateway.address().getPort()
            + path
            + "; echo");
  }

  @Test
  void aRequestWithoutATokenIsRefusedInTheApisShapeAndLeavesNothing() throws Exception {
    try (ApiFixture api = new ApiFixture(MODEL, options -> everywhere(options, OpenTo.MACHINE))) {
      String error =
          "tapedeck: who calls from another machine or from a container needs a session's address,"
              + " http://HOST:PORT/s/TOKEN; the gateway's owner can let 203.0.113.2 in without one,"
              + " in api.open_to";
      assertThat(asks(api, "/v1/chat/completions"))
          .startsWith("{\"error\":{\"message\":\"" + error + "\"")
          .endsWith(" 403");
      assertThat(asks(api, "/v1/messages"))
          .isEqualTo(
              "{\"type\":\"error\",\"error\":{\"type\":\"permission_error\",\"message\":\""
                  + error
                  + "\"}} 403");
      assertThat(asks(api, "/s/0123/v1/messages")).endsWith(" 403");
      assertThat(api.upstream.requests()).isEmpty();
      assertThat(api.frames.sessions()).isEmpty();
    }
  }

  @Test
  void aSessionsTokenIsEnough() throws Exception {
    try (ApiFixture api = new ApiFixture(MODEL, options -> everywhere(options, OpenTo.MACHINE))) {
      SessionInfo info =
          new SessionInfo(SessionId.create(), "ssh", "ann", "x:1", Instant.now(), Map.of());
      Session session = Session.start(info, List.of(api.frames), List.of());
      String token = api.tokens.make();
      api.tokens.register(token, session);
      assertThat(asks(api, "/s/" + token + "/v1/messages")).isEqualTo("ok 200");
      api.finished(1);
      assertThat(api.frames.events(HttpEvent.Requested.class)).hasSize(1);
    }
  }

  @Test
  void theOwnerCanOpenItToANetwork() throws Exception {
    OpenTo openTo = new OpenTo(List.of("203.0.113.0/30"));
    try (ApiFixture api = new ApiFixture(MODEL, options -> everywhere(options, openTo))) {
      assertThat(asks(api, "/v1/messages")).isEqualTo("ok 200");
    }
  }
}
