package dev.tapedeck.formats.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;

/** Events of Anthropic's streams, a line each, for tests that spell them out. */
final class AnthropicWire {

  private AnthropicWire() {}

  static final String START =
      """
      {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"c",\
      "content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}}
      """;
  static final String STOP = "{\"type\":\"message_stop\"}\n";

  static AccumulatedMessage rebuilt(String lines) {
    return Wire.rebuilt(Protocol.ANTHROPIC_MESSAGES, lines);
  }

  static AccumulatedMessage rebuilt(String lines, StreamEnd transport) {
    return Wire.rebuilt(Protocol.ANTHROPIC_MESSAGES, lines, transport);
  }

  /** The content of a whole message that consists of these events. */
  static Json content(String lines) {
    return at(rebuilt(START + lines + STOP).message(), "content");
  }

  static Json at(Obj object, String name) {
    Json value = object.get(name);
    assertThat(value).as(name).isNotNull();
    return value;
  }

  static String block(int index, String block, String... deltas) {
    StringBuilder lines = new StringBuilder();
    lines.append(
        "{\"type\":\"content_block_start\",\"index\":%d,\"content_block\":%s}\n"
            .formatted(index, block));
    for (String delta : deltas) {
      lines.append(delta(index, delta));
    }
    return lines.append(stop(index)).toString();
  }

  static String delta(int index, String delta) {
    return "{\"type\":\"content_block_delta\",\"index\":%d,\"delta\":%s}\n".formatted(index, delta);
  }

  static String stop(int index) {
    return "{\"type\":\"content_block_stop\",\"index\":%d}\n".formatted(index);
  }

  static String text(String text) {
    return "{\"type\":\"text_delta\",\"text\":\"" + text + "\"}";
  }

  static String input(String json) {
    return new Obj().put("type", "input_json_delta").put("partial_json", json).text();
  }

  static final String TEXT = "{\"type\":\"text\",\"text\":\"\"}";
  static final String THINKING = "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}";
  static final String TOOL = "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"Bash\",\"input\":{}}";
}
