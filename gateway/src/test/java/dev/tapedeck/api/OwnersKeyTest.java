package dev.tapedeck.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody in a sandbox can do with a key that is not theirs. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class OwnersKeyTest {

  private static final String KEY = "sk-injected-0123456789";
  private static final Script ANSWER =
      (_, line) -> line.send("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");

  /** The answer, and the credential that the upstream was sent, if it was asked. */
  private record Asked(Http.Message answer, @Nullable String credential) {}

  private static Asked ask(String line, String credential) throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER)) {
      SessionInfo info =
          new SessionInfo(
              SessionId.create(), "ssh", "alice", "192.0.2.7:1", Instant.now(), Map.of());
      Session session = Session.start(info, List.of(gateway.frames), List.of());
      String token = gateway.tokens.make();
      gateway.tokens.register(token, session);
      String request = line.replaceFirst(" ", " /s/" + token);
      Http.Message answer =
          gateway.ask(request + " HTTP/1.1\nHost: x\n" + credential + "Content-Length: 2\n\n{}");
      List<Http.Message> asked = gateway.upstream.requests();
      session.end("over");
      return new Asked(answer, asked.isEmpty() ? null : credential(asked.getFirst()));
    }
  }

  private static String credential(Http.Message request) {
    return request.fields().stream()
        .filter(field -> field.regionMatches(true, 0, "authorization:", 0, 14))
        .findFirst()
        .orElse("none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /v1/chat/completions",
        "POST /chat/completions",
        "POST //v1//responses",
        "POST /v1/embeddings?x=1",
        "GET /openai/v1/models",
        "GET /openai/v1/models/ft:gpt-4o:org::1",
        "GET /v1/responses/resp_1?stream=true&starting_after=5"
      })
  void modelsAreAskedWithIt(String line) throws Exception {
    Asked asked = ask(line, "Authorization: Bearer " + UpstreamKey.PLACEHOLDER + "\n");
    assertThat(asked.credential()).isEqualToIgnoringCase("authorization: Bearer " + KEY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /openai/v1/files",
        "DELETE /openai/v1/models/ft:gpt-4o:org::1",
        "POST /v1/organization/admin_api_keys",
        "POST /v1/batches",
        "GET /openai/v1/models/x%2F..",
        "GET /openai/v1/responses/x%2fy",
        "GET /openai/v1/responses/x;y",
        "DELETE /v1/responses/resp_1",
        "POST /openai/v1/fine_tuning/jobs",
        "GET /openai/dashboard/billing",
        "PATCH /v1/chat/completions"
      })
  void whatAnAccountKeepsIsOutOfReach(String line) throws Exception {
    Asked asked = ask(line, "Authorization: Bearer " + UpstreamKey.PLACEHOLDER + "\n");
    assertThat(asked.credential()).as("asked for").isNull();
    assertThat(asked.answer().line()).startsWith("HTTP/1.1 4");
    assertThat(asked.answer().text()).contains("\"message\":\"tapedeck");
  }

  @Test
  void aClientsOwnKeyIsItsOwnBusinessThere() throws Exception {
    assertThat(ask("GET /openai/v1/files", "Authorization: Bearer sk-mine\n").credential())
        .isEqualToIgnoringCase("authorization: Bearer sk-mine");
    assertThat(ask("GET /openai/v1/files", "").credential()).isEqualTo("none");
    assertThat(ask("POST /v1/responses", "Authorization: Bearer sk-mine\n").credential())
        .isEqualToIgnoringCase("authorization: Bearer " + KEY);
  }

  @Test
  void theOwnerAddsToWhatItIsFor() {
    URI url = URI.create("https://o.example/base");
    List<PathRule> rules =
        List.of(PathRule.parse("POST /v1/files"), PathRule.parse("* /v1/batches/**"));
    Upstream upstream = new Upstream("mine", Provider.OPENAI, url, () -> KEY, rules, null);
    assertThat(upstream.isKeyFor("POST", "/v1/files?purpose=x")).isTrue();
    assertThat(upstream.isKeyFor("GET", "/v1/files")).isFalse();
    assertThat(upstream.isKeyFor("POST", "/v1/files/1")).isFalse();
    assertThat(upstream.isKeyFor("DELETE", "/v1/batches/1/x")).isTrue();
    assertThat(upstream.isKeyFor("GET", "/v1/batches")).isFalse();
    assertThat(upstream.isKeyFor("GET", "/v1/organization/users")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "GET /v1/files/*, GET, /v1/files/1, true",
    "GET /v1/files/*, GET, /v1/files/, false",
    "GET /v1/files/*, GET, /v1/files/1/content, false",
    "GET /v1/*/content, GET, /v1/f/content, true",
    "* /**, DELETE, /anything/at/all, true"
  })
  void aStarStandsForOnePart(String rule, String method, String path, boolean matches) {
    assertThat(PathRule.parse(rule).matches(method, path)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/files", "GET v1/files", "get /v1", "GET /v1/%2e", "GET /a?b", "GET"})
  void whatIsNoRuleIsRefused(String line) {
    assertThatThrownBy(() -> PathRule.parse(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be METHOD /PATH");
  }

  @ParameterizedTest
  @CsvSource({
    "ANTHROPIC, POST, /v1/messages, true",
    "ANTHROPIC, POST, /v1/messages/count_tokens, true",
    "ANTHROPIC, GET, /v1/models, true",
    "ANTHROPIC, POST, /v1/messages/batches, false",
    "ANTHROPIC, GET, /v1/organizations/api_keys, false",
    "ANTHROPIC, POST, /v1/files, false",
    "GEMINI, POST, /v1beta/models/gemini-2.0-flash:streamGenerateContent, true",
    "GEMINI, POST, /v1beta/cachedContents, false",
    "GEMINI, POST, /upload/v1beta/files, false",
    "AZURE, POST, /openai/deployments/d/chat/completions, true",
    "AZURE, PUT, /openai/deployments/d, false",
    "OLLAMA, POST, /api/chat, true",
    "OLLAMA, DELETE, /api/delete, false",
    "OLLAMA, POST, /api/pull, false",
    "OTHER, POST, /api/v1/chat/completions, true",
    "OTHER, POST, /v1/messages, true",
    "OTHER, POST, /v1/threads/x/messages, false",
    "OTHER, POST, /key/generate, false"
  })
  void eachProviderHasItsOwn(Provider provider, String method, String path, boolean models) {
    assertThat(provider.asksModels(method, path)).isEqualTo(models);
  }
}
