package dev.tapedeck.formats.llm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamFlagTest {

  private static String off(String body) {
    return new String(StreamFlag.off(body.getBytes(UTF_8)), UTF_8);
  }

  @Test
  void onlyTheFlagChanges() {
    assertThat(off("{\"model\":\"\u00e4\",\"stream\":true,\"n\":1.0}"))
        .isEqualTo("{\"model\":\"\u00e4\",\"stream\":false,\"n\":1.0}");
    assertThat(off("\n{ \"stream\" :\ttrue\r\n, \"x\" : [ ] }\n"))
        .isEqualTo("\n{ \"stream\" :\tfalse\r\n, \"x\" : [ ] }\n");
  }

  @Test
  void flagsFurtherDownStay() {
    assertThat(
            off(
                "{\"a\":{\"stream\":true},\"m\":[{\"stream\":true}],\"stream\":true,\"s\":\"\\\"stream\\\":true\"}"))
        .isEqualTo(
            "{\"a\":{\"stream\":true},\"m\":[{\"stream\":true}],\"stream\":false,\"s\":\"\\\"stream\\\":true\"}");
  }

  @Test
  void aNameThatComesTwiceIsChangedTwice() {
    assertThat(off("{\"stream\":true,\"stream\":true}"))
        .isEqualTo("{\"stream\":false,\"stream\":false}");
  }

  @Test
  void anEscapedNameIsTheSameName() {
    assertThat(off("{\"str\\u0065am\":true}")).isEqualTo("{\"str\\u0065am\":false}");
  }

  @Test
  void longBodiesAreChangedInTheRightPlace() {
    String system = "x\u00e4\ud83d\ude80".repeat(100_000);
    assertThat(off("{\"system\":\"" + system + "\",\"stream\":true,\"t\":\"" + system + "\"}"))
        .isEqualTo("{\"system\":\"" + system + "\",\"stream\":false,\"t\":\"" + system + "\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{}",
        "{\"stream\":false}",
        "{\"stream\":\"true\"}",
        "{\"stream\":1}",
        "{\"Stream\":true}",
        "[{\"stream\":true}]",
        "{\"stream\":true",
        "{\"stream\":true} x",
        "{\"stream\":true,}",
        "stream=true"
      })
  void anythingElseIsTheSameArray(String body) {
    byte[] bytes = body.getBytes(UTF_8);
    assertThat(StreamFlag.off(bytes)).isSameAs(bytes);
  }
}
