package dev.tapedeck.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A page in the browser of the gateway's owner, and the programs that are none. */
class AllowedSitesTest {

  private static final Script ANSWER =
      (_, line) -> line.send("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");

  private static final AllowedSites CONFIGURED =
      new AllowedSites(List.of("Tapedeck.Example"), List.of("https://chat.example:8443"));

  private static int status(
      AllowedSites sites, @Nullable String host, @Nullable String origin, @Nullable String site) {
    Refusal refusal = sites.refusal(host, "gate.example", origin, site);
    return refusal == null ? 200 : refusal.status();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:3344, 200",
    "localhost:3344, 200",
    "LOCALHOST, 200",
    "localhost., 200",
    "api.localhost:3344, 200",
    "[::1]:3344, 200",
    "192.0.2.7:3344, 200",
    "tapedeck, 200",
    "gate.example:3344, 200",
    "tapedeck.example:3344, 200",
    "host.docker.internal:3344, 200",
    "evil.example:3344, 403",
    "127.0.0.1.evil.example, 403",
    "localhost.evil.example, 403",
    "127.0.0.1@evil.example, 403",
    "evil.example.:3344, 403",
    "nottapedeck.example, 403",
    "[::1].evil.example, 403"
  })
  void aNameThatSomebodyElseMayOwnIsNotOurs(String host, int status) {
    assertThat(status(CONFIGURED, host, null, null)).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:5173, 200",
    "https://127.0.0.1, 200",
    "http://[::1]:8080, 200",
    "https://chat.example:8443, 200",
    "vscode-webview://1a2b3c, 200",
    "http://127.0.0.1:3344, 200",
    "https://chat.example, 403",
    "http://chat.example:8443, 403",
    "https://evil.example, 403",
    "http://localhost.evil.example, 403",
    "http://192.0.2.7, 403",
    "null, 403",
    "'', 403",
    "https://, 403"
  })
  void aPageOfAnotherSiteMayNotAsk(String origin, int status) {
    assertThat(status(CONFIGURED, "127.0.0.1:3344", origin, null)).isEqualTo(status);
  }

  @Test
  void aSiteMayAskTheGatewayThatServesItAndAnyMayWhereTheOwnerSaysSo() {
    assertThat(status(CONFIGURED, "192.0.2.7:3344", "http://192.0.2.7:3344", "same-origin"))
        .isEqualTo(200);
    AllowedSites any = new AllowedSites(List.of(), List.of("*"));
    assertThat(status(any, "127.0.0.1", "https://evil.example", "cross-site")).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"cross-site, 403", "same-site, 403", "same-origin, 200", "none, 200"})
  void aBrowsersRequestWithoutAnOriginIsToldByItsFetchMetadata(String site, int status) {
    assertThat(status(AllowedSites.NONE, "127.0.0.1:3344", null, site)).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: evil.example",
        "Host: 127.0.0.1\nOrigin: https://evil.example",
        "Host: 127.0.0.1\nOrigin: null",
        "Host: 127.0.0.1\nSec-Fetch-Site: cross-site"
      })
  void whatAPageSendsGoesNowhereAndIsNotRecorded(String fields) throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER)) {
      Http.Message answer =
          gateway.ask(
              "POST /v1/messages HTTP/1.1\n"
                  + fields
                  + "\nContent-Type: text/plain\nContent-Length: 2\n\n{}");
      assertThat(answer.line()).isEqualTo("HTTP/1.1 403 Forbidden");
      assertThat(answer.text()).contains("permission_error", "api.allowed_");
      gateway.ask("POST /v1/messages HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}");
      gateway.finished(1);
      assertThat(gateway.upstream.requests()).hasSize(1);
      assertThat(gateway.frames.events(HttpEvent.Requested.class)).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\033]0;owned\007.example", "\u202e.example", "a.example\u009b2J"})
  void aNameThatWouldSteerATerminalIsShownWithoutThat(String name) {
    for (Refusal refusal :
        List.of(
            Objects.requireNonNull(AllowedSites.NONE.refusal(name, "x", null, null)),
            Objects.requireNonNull(
                AllowedSites.NONE.refusal(null, "x", "https://" + name, null)))) {
      assertThat(refusal.message()).matches("[ -~]+").contains("?");
    }
  }

  @Test
  void aLongNameIsNotRepeatedWhole() {
    Refusal refusal = AllowedSites.NONE.refusal("a.".repeat(9_000), "x", null, null);
    assertThat(Objects.requireNonNull(refusal).message()).hasSizeLessThan(400);
  }
}
