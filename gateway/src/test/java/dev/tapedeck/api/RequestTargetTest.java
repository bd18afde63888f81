package dev.tapedeck.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

  private static RequestTarget of(String method, String target) {
    return RequestTarget.of(method, target, "gateway.example:3344"::equals);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@evil.example/x",
        ":80@evil.example/x",
        ".evil.example/x",
        "evil.example:443",
        "*",
        "",
        "v1/messages",
        "http://evil.example/v1/messages",
        "HTTPS://api.anthropic.com/v1/messages",
        "http://gateway.example:3345/v1/messages",
        "http://gateway.example/v1/messages",
        "http://x@gateway.example:3344/v1/messages",
        "http:///v1/messages",
        "ftp://gateway.example:3344/v1/messages",
        "/anthropic/../tenant/v1/messages",
        "/anthropic/%2e%2E/tenant",
        "/anthropic/..%2ftenant",
        "/anthropic/..\\tenant",
        "/anthropic/..",
        "/anthropic/..?x=1",
        "/./v1/messages",
        "/anthropic/..;x/tenant",
        "/v1/messages#x",
        "/v1/mes\u0001sages"
      })
  void whatIsNoPathOfThisGatewayIsRefused(String target) {
    assertThat(of("GET", target)).isInstanceOf(RequestTarget.Bad.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "//v1/messages",
        "/v1/models?next=../x&url=http://evil.example/",
        "/v1/files/a..b/content",
        "/v1/files/...",
        "/v1/models/x%2Fy:z"
      })
  void aPathStaysAsItWasWritten(String target) {
    assertThat(of("POST", target)).isEqualTo(new RequestTarget.Local(target));
  }

  @Test
  void theAbsoluteFormOfThisGatewaysOwnAddressIsItsPath() {
    assertThat(of("GET", "http://Gateway.example:3344/v1/messages?x=1"))
        .isEqualTo(new RequestTarget.Local("/v1/messages?x=1"));
    assertThat(of("GET", "http://gateway.example:3344?x"))
        .isEqualTo(new RequestTarget.Local("/?x"));
  }

  @Test
  void connectIsRefusedWhateverItIsFor() {
    assertThat(of("CONNECT", "gateway.example:3344")).isInstanceOf(RequestTarget.Bad.class);
    assertThat(of("CONNECT", "/v1/messages")).isInstanceOf(RequestTarget.Bad.class);
  }
}
