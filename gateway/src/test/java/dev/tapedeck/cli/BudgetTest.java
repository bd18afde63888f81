package dev.tapedeck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.Needs;
import dev.tapedeck.testing.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Budgets of sessions and users, with curl in sandboxes and what models say that they used. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BudgetTest {

  /** Asks until it is not answered any more, or for the 50th time. */
  private static final String ASK =
      "n=0; while [ $n -lt 50 ]; do n=$((n+1));"
          + " s=$(curl -sS -w '%{http_code}' -o body http://127.0.0.1:3344/v1/messages -d '{}');"
          + " [ $s = 200 ] || break; done; echo $s $(cat body)";

  @TempDir Path home;

  @BeforeEach
  void needs() {
    Needs.program("openssh", "ssh");
    Needs.program("curl", "curl");
  }

  private static void thousandTokens(Http.Message request, ScriptedUpstream.Line line)
      throws IOException {
    String body =
        "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-test-1\","
            + "\"content\":[],\"stop_reason\":\"end_turn\","
            + "\"usage\":{\"input_tokens\":400,\"output_tokens\":600}}";
    line.send(
        "HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: %d\n\n%s"
            .formatted(body.length(), body));
  }

  private WholeGateway gateway(String budget) throws Exception {
    return new WholeGateway(home, BudgetTest::thousandTokens, budget, "");
  }

  @Test
  void aSessionsTokensAreUsedUpByWhatItsAnswersSay() throws Exception {
    try (WholeGateway gateway = gateway("  budget: { session: { tokens: 2500 } }\n")) {
      assertThat(gateway.ssh("alice", ASK))
          .startsWith("429 {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\"")
          .contains("this session has used up its 2500 tokens (api.budget.session.tokens)");
      int passed = gateway.model().requests().size();
      assertThat(passed).isBetween(3, 49);
      SessionRecord session = gateway.sealed(ASK);
      assertThat(gateway.asked(session, passed + 1)).as("the refusal too").hasSize(passed + 1);
      assertThat(gateway.ssh("alice", ASK)).as("another session").startsWith("429");
      assertThat(gateway.model().requests().size()).isGreaterThanOrEqualTo(passed + 3);
    }
  }

  @Test
  void aUsersMoneyIsOneForAllSessionsAndNobodyElses() throws Exception {
    String budget =
        """
        budget: { user: { spending: 2.00 } }
        prices: [ { model: claude-test-*, input: 1000, output: 1000 } ]
        """
            .indent(2);
    try (WholeGateway gateway = gateway(budget)) {
      assertThat(gateway.ssh("alice", ASK))
          .contains("user alice has used up its budget of 2.00 (api.budget.user.spending)");
      int passed = gateway.model().requests().size();
      assertThat(passed).isBetween(2, 49);
      assertThat(gateway.ssh("alice", ASK)).startsWith("429");
      assertThat(gateway.model().requests()).as("her next session has nothing").hasSize(passed);
      String once = "curl -sS -w '%{http_code}' -o body http://127.0.0.1:3344/v1/messages -d '{}'";
      assertThat(gateway.ssh("bob", once)).isEqualTo("200");
    }
  }
}
