package dev.tapedeck.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.HttpHeader;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {

  private final Routes routes =
      new Routes(
          List.of(
              upstream("anthropic", "https://a.example/base/"),
              upstream("openai", "https://o.example"),
              upstream("gemini", "https://g.example"),
              upstream("mine", "http://127.0.0.1:8080/x")));

  private static Upstream upstream(String name, String url) {
    return new Upstream(name, URI.create(url), null);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/messages?beta=true, anthropic, /base/v1/messages?beta=true",
    "/api/hello, anthropic, /base/api/hello",
    "/v1/chat/completions, openai, /v1/chat/completions",
    "/v1/responses/resp_1, openai, /v1/responses/resp_1",
    "/v1beta/models/g:streamGenerateContent?alt=sse, gemini, /v1beta/models/g:streamGenerateContent?alt=sse",
    "/openai/v1/models, openai, /v1/models",
    "/anthropic/v1/models, anthropic, /base/v1/models",
    "/mine/anything?x=%2F, mine, /x/anything?x=%2F",
    "/mine, mine, /x/",
    "/minesweeper, anthropic, /base/minesweeper",
    "http://gateway.example/v1/messages, anthropic, /base/v1/messages",
    "/, anthropic, /base/",
  })
  void thePathSaysWhichUpstream(String uri, String upstream, String target) {
    Routes.Route route = routes.of(uri, List.of());
    assertThat(route.upstream().name()).isEqualTo(upstream);
    assertThat(route.target()).isEqualTo(target);
    assertThat(route.token()).isNull();
    Routes.Route named = routes.of("/s/abc123" + uri.replaceFirst("^http://[^/]*", ""), List.of());
    assertThat(named.upstream().name()).isEqualTo(upstream);
    assertThat(named.target()).isEqualTo(target);
    assertThat(named.token()).isEqualTo("abc123");
  }

  @Test
  void pathsOfBothApisAreToldApartByTheirClientsHeaders() {
    assertThat(models(new HttpHeader("Authorization", "Bearer x"))).isEqualTo("openai");
    assertThat(models(new HttpHeader("X-Api-Key", "x"))).isEqualTo("anthropic");
    assertThat(models(new HttpHeader("x-goog-api-key", "x"))).isEqualTo("gemini");
    assertThat(
            models(
                new HttpHeader("Authorization", "Bearer x"),
                new HttpHeader("Anthropic-Version", "2023-06-01")))
        .isEqualTo("anthropic");
    assertThat(models()).isEqualTo("anthropic");
  }

  private String models(HttpHeader... headers) {
    return routes.of("/v1/models?limit=1000", List.of(headers)).upstream().name();
  }
}
