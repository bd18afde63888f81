package dev.tapedeck.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.testing.ScriptedUpstream.Script;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ConversationNameTest {

  private static final Script ANSWER =
      (_, line) -> line.send("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");

  private static void ask(ApiFixture gateway, String fields) throws Exception {
    gateway.ask("GET /v1/models HTTP/1.1\nHost: x\n" + fields + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-claude-code-session-id",
        "session_id",
        "Session-Id",
        "conversation_id",
        "conversation-id",
        "X-LiteLLM-Session-Id",
        "X-Build"
      })
  void conversationsOfOneAddressAreSessionsOfTheirOwn(String name) throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER, o -> ApiFixture.named(o, "x-build"))) {
      ask(gateway, name + ": one\n");
      ask(gateway, name + ": two\n");
      ask(gateway, name + ": one\n");
      ask(gateway, "");
      ask(gateway, name + ":  \n");
      gateway.finished(5);
      assertThat(gateway.frames.sessions())
          .extracting(session -> session.attributes().get("conversation"))
          .containsExactlyInAnyOrder("one", "two", null);
    }
  }

  @Test
  void codexsRequestsWithOneOfItsTwoHeadersAreOneSession() throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER)) {
      ask(gateway, "conversation_id: a\nsession_id: a\n");
      ask(gateway, "conversation_id: a\n");
      ask(gateway, "session_id: a\n");
      gateway.finished(3);
      assertThat(gateway.frames.sessions()).hasSize(1);
    }
  }

  @Test
  void theOwnersHeaderGoesFirst() throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER, o -> ApiFixture.named(o, "X_Build"))) {
      ask(gateway, "session_id: a\nx-build: 7\n");
      ask(gateway, "session_id: b\nx-build: 7\n");
      gateway.finished(2);
      assertThat(gateway.frames.sessions())
          .extracting(SessionInfo::attributes)
          .singleElement()
          .satisfies(attributes -> assertThat(attributes).containsEntry("conversation", "7"));
    }
  }

  @Test
  void aHeaderThatNobodyChoseNamesNothing() throws Exception {
    try (ApiFixture gateway = new ApiFixture(ANSWER)) {
      ask(gateway, "x-build: 1\n");
      ask(gateway, "x-build: 2\n");
      gateway.finished(2);
      assertThat(gateway.frames.sessions()).hasSize(1);
    }
  }
}
