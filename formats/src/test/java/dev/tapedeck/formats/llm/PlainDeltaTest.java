package dev.tapedeck.formats.llm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.sse.SseEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainDeltaTest {

  private final PlainDelta delta = new PlainDelta();

  private boolean read(String data) {
    return delta.read(SseEvent.of("content_block_delta", data.getBytes(UTF_8)));
  }

  private static String text(String json) {
    return "{\"type\":\"content_block_delta\",\"index\":12,\"delta\":{\"type\":\"text_delta\",\"text\":\""
        + json
        + "\"}}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "a b c",
        "\u00e4\u20ac\ud83d\ude80",
        "\\n",
        "\\n\\n",
        "\\n\\t\\r\\b\\f\\/\\\\\\\"",
        "\\\\n",
        "\\\\\\\\",
        "\\\\\\\"x",
        "a\\nb\\\"c\\\\",
        "\\\"\\\"\\\"",
        "\u00e4\\n\u20ac\\\\\ud83d\ude80\\t",
        "}\\\"}}"
      })
  void textsAreReadAsTheParserReadsThem(String json) {
    assertThat(read(text(json))).isTrue();
    assertThat(delta.index()).isEqualTo(12);
    assertThat(delta.kind()).isEqualTo(PlainDelta.Kind.TEXT);
    assertThat(new Json.Str(delta.text())).isEqualTo(Wire.json("\"" + json + "\""));
  }

  @Test
  void paddingIsNothing() {
    assertThat(read(text("x").replace("}}", "}    }"))).isTrue();
    assertThat(delta.text()).isEqualTo("x");
  }

  @Test
  void thinkingAndInputAreReadToo() {
    String begin = "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"";
    assertThat(read(begin + "thinking_delta\",\"thinking\":\"hm\"}}")).isTrue();
    assertThat(delta.kind()).isEqualTo(PlainDelta.Kind.THINKING);
    assertThat(read(begin + "input_json_delta\",\"partial_json\":\"{\\\"a\\\"\"}}")).isTrue();
    assertThat(delta.kind()).isEqualTo(PlainDelta.Kind.INPUT);
    assertThat(delta.text()).isEqualTo("{\"a\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\u00e4",
        "\\x",
        "\\",
        "a\nb",
        "a\tb",
        "\u0000",
        "\\\n",
        "\ufffd",
        "x\",\"more\":\"y",
        "x\"},\"more\":{\"y\":\""
      })
  void whatIsOddIsLeftToTheParser(String json) {
    assertThat(read(text(json))).isFalse();
  }

  @Test
  void whatIsCutOrOtherwiseIsLeftToTheParser() {
    String whole = text("a\\nb");
    for (int length = 0; length < whole.length(); length++) {
      assertThat(read(whole.substring(0, length))).as(whole.substring(0, length)).isFalse();
    }
    assertThat(read(whole + " ")).isFalse();
    assertThat(read(" " + whole)).isFalse();
    assertThat(read(whole.replace("12", "012"))).isFalse();
    assertThat(read(whole.replace("12", "-1"))).isFalse();
    assertThat(read(whole.replace("12", "1234567"))).isFalse();
    assertThat(read(whole.replace("12", ""))).isFalse();
    assertThat(read(whole.replace("text_delta", "new_delta"))).isFalse();
    assertThat(read(whole.replace("\"index\":12,", ""))).isFalse();
  }

  @Test
  void brokenUtf8IsLeftToTheParser() {
    byte[] bytes = text("a?b").getBytes(UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == '?' ? (byte) 0xC3 : bytes[i];
    }
    assertThat(delta.read(SseEvent.of("", bytes))).isFalse();
  }
}
