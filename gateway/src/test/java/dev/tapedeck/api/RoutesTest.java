package dev.tapedeck.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.HttpHeader;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {

  private static final Upstream SELF = upstream("tapedeck", "http://127.0.0.1:3344");

  private static final List<HttpHeader> EVERY_HEADER =
      List.of(
          new HttpHeader("Authorization", "Bearer x"),
          new HttpHeader("X-Api-Key", "x"),
          new HttpHeader("x-goog-api-key", "x"),
          new HttpHeader("Anthropic-Version", "2023-06-01"),
          new HttpHeader("OpenAI-Organization", "x"));

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

  private Routes.Route of(String target, List<HttpHeader> headers) {
    return routes.of(target, headers, () -> SELF);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/messages?beta=true, anthropic, /base/v1/messages?beta=true",
    "/v1/messages/count_tokens, anthropic, /base/v1/messages/count_tokens",
    "/v1/complete, anthropic, /base/v1/complete",
    "/api/hello, anthropic, /base/api/hello",
    "/api/claude_code/settings, anthropic, /base/api/claude_code/settings",
    "/v1/chat/completions, openai, /v1/chat/completions",
    "//v1/chat/completions, openai, //v1/chat/completions",
    "/chat/completions, openai, /chat/completions",
    "/responses, openai, /responses",
    "/responses?stream=true, openai, /responses?stream=true",
    "/embeddings, openai, /embeddings",
    "/v1/responses/resp_1, openai, /v1/responses/resp_1",
    "/v1/vector_stores, openai, /v1/vector_stores",
    "/v1beta/models/g:streamGenerateContent?alt=sse, gemini, /v1beta/models/g:streamGenerateContent?alt=sse",
    "/v1/models/g:generateContent, gemini, /v1/models/g:generateContent",
    "/v1beta/openai/chat/completions, gemini, /v1beta/openai/chat/completions",
    "/upload/v1beta/files, gemini, /upload/v1beta/files",
    "/openai/v1/models, openai, /v1/models",
    "//openai/v1/models, openai, /v1/models",
    "/anthropic/v1/models, anthropic, /base/v1/models",
    "/mine/anything?x=%2F, mine, /x/anything?x=%2F",
    "/mine/v1/messages, mine, /x/v1/messages",
    "/mine, mine, /x/",
  })
  void thePathDecidesFirstAndNoHeaderOverrulesIt(String target, String upstream, String there) {
    for (List<HttpHeader> headers : headersOneByOne()) {
      Routes.Route route = of(target, headers);
      assertThat(route.upstream().name()).as("%s", headers).isEqualTo(upstream);
      assertThat(route.target()).isEqualTo(there);
      assertThat(route.token()).isNull();
      assertThat(route.refusal()).isNull();
      Routes.Route named = of("/s/abc123" + target, headers);
      assertThat(named.upstream().name()).as("%s", headers).isEqualTo(upstream);
      assertThat(named.target()).isEqualTo(there);
      assertThat(named.token()).isEqualTo("abc123");
    }
  }

  private static List<List<HttpHeader>> headersOneByOne() {
    List<List<HttpHeader>> all = new java.util.ArrayList<>(List.of(List.of(), EVERY_HEADER));
    EVERY_HEADER.forEach(header -> all.add(List.of(header)));
    return all;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/minesweeper",
        "/foo?v1/messages",
        "/v1/messages-of-another",
        "/v1/completely",
        "/v1/projects/p/locations/l/publishers/google/models/g:generateContent",
        "/api/v1/chat/completions",
        "/api/chat/completions",
        "/v1/unheard-of",
        "/model/anthropic.claude/invoke",
        "/s/"
      })
  void whatNoRuleDecidesIsRefusedWithASentenceAndItsKeyGoesNowhere(String target) {
    for (String key : List.of("Authorization", "X-Api-Key", "Api-Key", "Cookie")) {
      Routes.Route route = of(target, List.of(new HttpHeader(key, "x")));
      assertThat(route.upstream()).as(key).isEqualTo(SELF);
      assertThat(route.refusal()).isNotNull();
      assertThat(route.refusal().status()).isEqualTo(404);
      assertThat(route.refusal().message()).contains("/openai/v1/models");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/backend-api/codex/responses, chatgpt",
    "/api/chat, ollama",
    "/api/generate, ollama",
    "/api/embed, ollama",
    "/api/blobs/sha256:1, ollama",
    "/openai/deployments/d/chat/completions?api-version=2024-10-21, azure",
    "/openai/deployments/d/images/generations, azure",
    "/openai/models?api-version=2024-10-21, azure",
    "/s/abc123/openai/deployments/d/embeddings?api-version=1, azure",
  })
  void aPathOfAnApiThatIsNoUpstreamIsRefusedAndTheSentenceNamesIt(String target, String name) {
    assertThat(of(target, EVERY_HEADER).refusal().message()).contains("api.upstreams." + name);
    Upstream added = upstream(name, "https://added.example");
    Routes.Route route = new Routes(List.of(added)).of(target, EVERY_HEADER, () -> SELF);
    assertThat(route.upstream()).isEqualTo(added);
    assertThat(route.target()).isEqualTo(target.replace("/s/abc123", ""));
  }

  @Test
  void anAzureDeploymentsKeyDoesNotGoToOpenAi() {
    Routes.Route route =
        of(
            "/openai/deployments/d/chat/completions?api-version=1",
            List.of(new HttpHeader("api-key", "x")));
    assertThat(route.upstream()).isEqualTo(SELF);
    assertThat(route.refusal().message()).contains("api.upstreams.azure");
  }

  @ParameterizedTest
  @CsvSource({
    "azure, https://r.example, api-key",
    "eu, https://r.openai.azure.com, api-key",
    "openai, https://o.example, authorization",
    "claude-eu, https://api.anthropic.com/v1, x-api-key",
    "google, https://generativelanguage.googleapis.com, x-goog-api-key",
    "ollama, https://o.example, authorization",
    "anthropic, https://a.example, x-api-key",
    "gemini, https://g.example, x-goog-api-key",
  })
  void anUpstreamsKeyGoesIntoItsOwnField(String name, String url, String field) {
    List<HttpHeader> headers = CredentialInjector.put(upstream(name, url), "k", EVERY_HEADER);
    assertThat(
            headers.stream().filter(header -> header.value().endsWith("k")).map(HttpHeader::name))
        .containsExactly(field);
  }

  @Test
  void anUpstreamThatIsNotThereIsNotReplacedByAnother() {
    Routes one = new Routes(List.of(upstream("anthropic", "https://a.example")));
    for (String target : List.of("/v1/responses", "/v1beta/models", "/chat/completions")) {
      assertThat(one.of(target, List.of(), () -> SELF).refusal()).as(target).isNotNull();
    }
  }

  @Test
  void pathsOfSeveralApisAreToldApartByTheirClientsHeaders() {
    assertThat(models("Authorization")).isEqualTo("openai");
    assertThat(models("X-Api-Key")).isEqualTo("anthropic");
    assertThat(models("x-goog-api-key")).isEqualTo("gemini");
    assertThat(models("Authorization", "Anthropic-Version")).isEqualTo("anthropic");
    assertThat(models("X-Api-Key", "Anthropic-Version")).isEqualTo("anthropic");
    assertThat(of("/v1/models?key=x", List.of()).upstream().name()).isEqualTo("gemini");
    assertThat(of("/v1/files?key=x", List.of()).upstream().name()).isEqualTo("gemini");
  }

  @Test
  void withoutAKeyThereIsNothingToGiveAway() {
    assertThat(models()).isEqualTo("anthropic");
    assertThat(models("User-Agent", "Accept")).isEqualTo("anthropic");
  }

  @Test
  void aKeyThatMayBeOfSeveralVendorsIsSentToNone() {
    assertThat(models("Api-Key")).isEqualTo("tapedeck");
    assertThat(models("Ocp-Apim-Subscription-Key")).isEqualTo("tapedeck");
    assertThat(models("Cookie")).isEqualTo("tapedeck");
    assertThat(models("x-goog-api-key", "X-Api-Key")).isEqualTo("tapedeck");
    assertThat(models("OpenAI-Organization", "Anthropic-Version")).isEqualTo("tapedeck");
    assertThat(of("/v1/models?key=x", EVERY_HEADER).upstream()).isEqualTo(SELF);
  }

  private String models(String... headers) {
    return of(
            "/v1/models?limit=1000",
            Arrays.stream(headers).map(name -> new HttpHeader(name, "x")).toList())
        .upstream()
        .name();
  }
}
