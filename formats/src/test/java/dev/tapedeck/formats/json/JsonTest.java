package dev.tapedeck.formats.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"b\":1,\"a\":{\"x\":[true,false,null]}}",
        "[]",
        "\"\\\"\\n\\u0000 \u00e4 \ud83d\ude00\"",
        "[\"half \\ud83d of \ud83d\ude00\",\"\\ude00\\ud83d\"]",
        "[1.50,1e3,-0,123456789012345678901234567890,0.1000000000000000055511151231257827]"
      })
  void isWrittenAsItWasRead(String text) throws JsonException {
    assertThat(Json.parse(text).text()).isEqualTo(text);
    assertThat(Json.parse(text).bytes()).asString(StandardCharsets.UTF_8).isEqualTo(text);
  }

  @Test
  void membersAreFoundByTypeOrNotAtAll() throws JsonException {
    Obj object = (Obj) Json.parse("{\"s\":\"x\",\"n\":7,\"z\":null,\"o\":{},\"a\":[]}");
    assertThat(object.string("s")).isEqualTo("x");
    assertThat(object.string("n")).isNull();
    assertThat(object.integer("n")).hasValue(7);
    assertThat(object.integer("s")).isEmpty();
    assertThat(object.get("z")).isEqualTo(Null.NULL);
    assertThat(object.get("missing")).isNull();
    assertThat(object.object("o")).isNotNull();
    assertThat(object.array("a")).isNotNull();
  }

  @Test
  void wholeNumbersAreWhatFitsExactly() {
    assertThat(new Num("1e3").integer()).hasValue(1000);
    assertThat(new Num("1.0").integer()).hasValue(1);
    assertThat(new Num("9223372036854775807").integer()).hasValue(Long.MAX_VALUE);
    assertThat(new Num("9223372036854775808").integer()).isEqualTo(OptionalLong.empty());
    assertThat(new Num("1.5").integer()).isEmpty();
    assertThat(new Num("1e999999999").integer()).isEmpty();
  }

  @Test
  void aCopySharesNothing() throws JsonException {
    Obj object = (Obj) Json.parse("{\"o\":{\"a\":[1]}}");
    Obj copy = (Obj) object.copy();
    ((Obj) copy.members().get("o")).put("a", 2);
    assertThat(object.text()).isEqualTo("{\"o\":{\"a\":[1]}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "{", "[1,]", "{\"a\"}", "tru", "1 2", "NaN", "'a'", "[1]x"})
  void whatIsNotJsonIsRefusedWithPlaceAndReason(String text) {
    assertThatThrownBy(() -> Json.parse(text))
        .isInstanceOf(JsonException.class)
        .hasMessageMatching("(?s)not JSON at byte \\d+: .+");
  }

  @Test
  void nestingHasALimit() throws JsonException {
    int limit = JsonText.MAX_DEPTH;
    assertThat(Json.parse("[".repeat(limit) + "]".repeat(limit)).text()).hasSize(2 * limit);
    assertThatThrownBy(() -> Json.parse("[".repeat(limit + 1) + "]".repeat(limit + 1)))
        .isInstanceOf(JsonException.class);
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.SECONDS)
  void aNumberOfAMillionDigitsTakesNoTime() throws Exception {
    String digits = "1".repeat(2_000_000);
    Json read = Json.parse("{\"input_tokens\":" + digits + "}");
    assertThat(((Json.Num) ((Json.Obj) read).members().get("input_tokens")).integer()).isEmpty();
    assertThat(read.text()).endsWith(digits + "}");
    assertThat(new Json.Num("1" + "0".repeat(18)).integer()).hasValue(1_000_000_000_000_000_000L);
    assertThat(new Json.Num("1.5e3").integer()).hasValue(1_500);
  }
}
