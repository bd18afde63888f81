package dev.tapedeck.formats.llm;

import static dev.tapedeck.formats.llm.AnthropicWire.START;
import static dev.tapedeck.formats.llm.AnthropicWire.STOP;
import static dev.tapedeck.formats.llm.AnthropicWire.TEXT;
import static dev.tapedeck.formats.llm.AnthropicWire.THINKING;
import static dev.tapedeck.formats.llm.AnthropicWire.TOOL;
import static dev.tapedeck.formats.llm.AnthropicWire.block;
import static dev.tapedeck.formats.llm.AnthropicWire.content;
import static dev.tapedeck.formats.llm.AnthropicWire.delta;
import static dev.tapedeck.formats.llm.AnthropicWire.input;
import static dev.tapedeck.formats.llm.AnthropicWire.rebuilt;
import static dev.tapedeck.formats.llm.AnthropicWire.stop;
import static dev.tapedeck.formats.llm.AnthropicWire.text;
import static dev.tapedeck.formats.llm.Wire.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FORMATS.md, section 5: content blocks, rule by rule. */
class AnthropicBlocksTest {

  // Rule 2.

  @Test
  void nonEmptyFieldsOfABlocksStartAreKept() {
    assertThat(
            content(
                block(0, "{\"type\":\"text\",\"text\":\"He\",\"new\":1}", text("llo"), text("!"))))
        .isEqualTo(json("[{\"type\":\"text\",\"text\":\"Hello!\",\"new\":1}]"));
  }

  @Test
  void blocksAreSortedByIndexAndGapsClosed() {
    assertThat(content(block(7, TEXT, text("b")) + block(2, TEXT, text("a"))))
        .isEqualTo(json("[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]"));
  }

  @Test
  void blocksMayOverlap() {
    String begin = "{\"type\":\"content_block_start\",\"index\":%d,\"content_block\":%s}\n";
    assertThat(
            content(
                begin.formatted(0, TEXT)
                    + begin.formatted(1, TOOL)
                    + delta(1, input("{\"a\""))
                    + delta(0, text("x"))
                    + delta(1, input(":1}"))
                    + stop(1)
                    + delta(0, text("y"))
                    + stop(0)))
        .isEqualTo(
            json(
                "[{\"type\":\"text\",\"text\":\"xy\"},"
                    + "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"Bash\",\"input\":{\"a\":1}}]"));
  }

  @Test
  void aSecondBlockForAnIndexIsTheNextAndIsNoted() {
    AccumulatedMessage rebuilt =
        rebuilt(
            START
                + block(0, TEXT, text("a"))
                + block(0, TEXT, text("b"))
                + block(0, TOOL, input("{\"a\":"), input("1}"))
                + block(1, TEXT, text("c"))
                + STOP);
    assertThat(rebuilt.message().get("content"))
        .isEqualTo(
            json(
                "[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"},"
                    + "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"Bash\",\"input\":{\"a\":1}},"
                    + "{\"type\":\"text\",\"text\":\"c\"}]"));
    assertThat(rebuilt.anomalies()).singleElement().asString().contains("taken as the next");
  }

  @Test
  void aBlockThatIsNotStoppedBeforeTheNextAtItsIndexIsSettled() {
    String open = block(0, TOOL, input("{\"a\":1}")).replace(stop(0), "");
    Json content =
        rebuilt(START + open + block(0, TEXT, text("b")) + STOP).message().get("content");
    assertThat(content.text()).contains("\"input\":{\"a\":1}}", "\"text\":\"b\"");
  }

  @Test
  void aStartThatComesTwiceBeforeAnythingElseIsOneBlock() {
    String twice = block(0, TEXT, text("a"));
    String begin = twice.substring(0, twice.indexOf('\n') + 1);
    assertThat(rebuilt(START + begin + twice + STOP).message().get("content"))
        .isEqualTo(json("[{\"type\":\"text\",\"text\":\"a\"}]"));
  }

  // Rule 3.

  @Test
  void citationsArePushed() {
    assertThat(
            content(
                block(
                    0,
                    TEXT,
                    "{\"type\":\"citations_delta\",\"citation\":{\"a\":1}}",
                    text("x"),
                    "{\"type\":\"citations_delta\",\"citation\":{\"a\":2}}")))
        .isEqualTo(
            json("[{\"type\":\"text\",\"text\":\"x\",\"citations\":[{\"a\":1},{\"a\":2}]}]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tool_use", "server_tool_use", "mcp_tool_use"})
  void inputIsGatheredAndReadAtTheStop(String type) {
    assertThat(
            content(
                block(
                    0,
                    "{\"type\":\"" + type + "\",\"name\":\"n\",\"input\":{}}",
                    input(""),
                    input("{\"q\": \"a\\"),
                    input("nb\"}"))))
        .isEqualTo(
            json("[{\"type\":\"" + type + "\",\"name\":\"n\",\"input\":{\"q\":\"a\\nb\"}}]"));
  }

  @Test
  void thinkingIsAppendedAndItsSignatureAssigned() {
    assertThat(
            content(
                block(
                    0,
                    THINKING,
                    "{\"type\":\"thinking_delta\",\"thinking\":\"Let\"}",
                    "{\"type\":\"thinking_delta\",\"thinking\":\" me\"}",
                    "{\"type\":\"signature_delta\",\"signature\":\"one\"}",
                    "{\"type\":\"signature_delta\",\"signature\":\"two\"}")))
        .isEqualTo(json("[{\"type\":\"thinking\",\"thinking\":\"Let me\",\"signature\":\"two\"}]"));
  }

  @Test
  void compactionIsAssignedAndItsEncryptedContentOnlyIfPresent() {
    String compaction = "{\"type\":\"compaction\",\"content\":null,\"encrypted_content\":\"old\"}";
    assertThat(
            content(
                block(0, compaction, "{\"type\":\"compaction_delta\",\"content\":\"short\"}")
                    + block(
                        1,
                        compaction,
                        "{\"type\":\"compaction_delta\",\"content\":null,\"encrypted_content\":\"e\"}")))
        .isEqualTo(
            json(
                "[{\"type\":\"compaction\",\"content\":\"short\",\"encrypted_content\":\"old\"},"
                    + "{\"type\":\"compaction\",\"content\":null,\"encrypted_content\":\"e\"}]"));
  }

  @Test
  void anUnknownDeltaIsKeptRaw() {
    String delta = "{\"type\":\"sound_delta\",\"sound\":[1.0]}";
    AccumulatedMessage rebuilt = rebuilt(START + block(0, TEXT, delta, delta) + STOP);
    assertThat(rebuilt.message().get("content"))
        .isEqualTo(
            json("[{\"type\":\"text\",\"text\":\"\",\"_deltas\":[" + delta + "," + delta + "]}]"));
    assertThat(rebuilt.anomalies())
        .containsExactly("event 3: unknown delta \"sound_delta\": kept in _deltas (2 times)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"text_delta\",\"text\":\"x\"}|{\"type\":\"thinking\"}",
        "{\"type\":\"text_delta\",\"text\":\"x\"}|{\"type\":\"new_text\",\"text\":\"\"}",
        "{\"type\":\"text_delta\",\"text\":7}|{\"type\":\"text\"}",
        "{\"type\":\"text_delta\"}|{\"type\":\"text\"}",
        "{\"type\":\"thinking_delta\",\"thinking\":\"x\"}|{\"type\":\"text\",\"text\":\"\"}",
        "{\"type\":\"input_json_delta\",\"partial_json\":\"{\"}|{\"type\":\"text\",\"text\":\"\"}",
        "{\"type\":\"signature_delta\",\"signature\":\"x\"}|{\"type\":\"text\",\"text\":\"\"}",
        "{\"type\":\"citations_delta\",\"citation\":{}}|{\"type\":\"thinking\"}",
        "{\"type\":\"compaction_delta\",\"content\":\"x\"}|{\"type\":\"text\",\"text\":\"\"}",
      })
  void aDeltaThatDoesNotFitItsBlockIsKeptRaw(String delta, String block) {
    AccumulatedMessage rebuilt = rebuilt(START + block(0, block, delta) + STOP);
    Obj expected = ((Obj) json(block)).put("_deltas", new Arr().add(json(delta)));
    assertThat(rebuilt.message().get("content")).isEqualTo(new Arr().add(expected));
    assertThat(rebuilt.anomalies()).singleElement().asString().contains("does not fit");
  }

  @Test
  void aDeltaWithoutItsStartMakesItsBlock() {
    AccumulatedMessage rebuilt =
        rebuilt(
            START
                + delta(1, text("x"))
                + delta(1, text("y"))
                + delta(0, "{\"type\":\"thinking_delta\",\"thinking\":\"hm\"}")
                + delta(2, input("{\"a\":1}"))
                + STOP);
    assertThat(rebuilt.message().get("content"))
        .isEqualTo(
            json(
                "[{\"type\":\"thinking\",\"thinking\":\"hm\"},{\"type\":\"text\",\"text\":\"xy\"},"
                    + "{\"type\":\"tool_use\",\"input\":{\"a\":1}}]"));
    assertThat(rebuilt.anomalies())
        .first()
        .asString()
        .contains("without its block's start", "(3 times)");
    assertThat(Conversation.answer(Protocol.ANTHROPIC_MESSAGES, rebuilt.message()))
        .extracting(Part::text)
        .containsExactly("hm", "xy", "{\"a\":1}");
  }

  @Test
  void aStartAfterItsDeltasIsTheirBlocks() {
    assertThat(
            rebuilt(START + delta(0, input("{\"a\":")) + block(0, TOOL, input("1}")) + STOP)
                .message()
                .get("content"))
        .isEqualTo(
            json("[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"Bash\",\"input\":{\"a\":1}}]"));
  }

  @Test
  void aTextThatDoesNotFitItsBlockIsFoundAllTheSame() {
    AccumulatedMessage rebuilt =
        rebuilt(START + block(0, TOOL, text("needle"), input("{}")) + STOP);
    assertThat(Conversation.answer(Protocol.ANTHROPIC_MESSAGES, rebuilt.message()))
        .extracting(Part::text)
        .containsExactly("{}", "needle");
  }

  // Rule 4.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"redacted_thinking\",\"data\":\"E==\"}",
        "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"s\",\"content\":[{\"url\":\"u\"}]}",
        "{\"type\":\"bash_code_execution_tool_result\",\"content\":{\"stdout\":\"1\",\"return_code\":0}}",
        "{\"type\":\"mcp_tool_result\",\"is_error\":false,\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}",
        "{\"type\":\"container_upload\",\"file_id\":\"f\"}",
        "{\"type\":\"of_tomorrow\",\"x\":{\"y\":null}}"
      })
  void blocksThatComeWholeAreKeptVerbatim(String block) {
    AccumulatedMessage rebuilt = rebuilt(START + block(0, block) + STOP);
    assertThat(rebuilt.message().get("content")).isEqualTo(json("[" + block + "]"));
    assertThat(rebuilt.anomalies()).isEmpty();
  }

  // Rule 5.

  @Test
  void withoutDeltasTheInputIsTheStarts() {
    String tool = "{\"type\":\"tool_use\",\"input\":{\"a\":1}}";
    assertThat(content(block(0, tool, input("")))).isEqualTo(json("[" + tool + "]"));
  }

  @Test
  void withoutAnyInputItIsEmpty() {
    assertThat(content(block(0, "{\"type\":\"tool_use\",\"name\":\"n\"}")))
        .isEqualTo(json("[{\"type\":\"tool_use\",\"name\":\"n\",\"input\":{}}]"));
  }

  @Test
  void inputThatIsCutIsKeptRaw() {
    AccumulatedMessage rebuilt =
        rebuilt(START + block(0, TOOL, input("{\"command\": \"ls")) + STOP);
    assertThat(rebuilt.message().get("content"))
        .isEqualTo(
            json(
                "[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"Bash\",\"input\":{},"
                    + "\"_input_raw\":\"{\\\"command\\\": \\\"ls\"}]"));
    assertThat(rebuilt.end()).isEqualTo(StreamEnd.COMPLETE);
    assertThat(rebuilt.anomalies()).singleElement().asString().contains("_input_raw, not JSON at");
  }

  @Test
  void numbersKeepTheirText() {
    String numbers = "{\"a\":1.0,\"b\":1e400,\"c\":12345678901234567890.10,\"d\":-0}";
    Json content = content(block(0, TOOL, input(numbers)));
    assertThat(content.text()).contains("\"input\":" + numbers);
  }

  @Test
  void aBlockThatIsNotStoppedIsSettledAtTheEnd() {
    String lines = START + block(0, TOOL, input("{\"a\":1}")).replace(stop(0), "");
    AccumulatedMessage cut = rebuilt(lines, StreamEnd.UPSTREAM_RESET);
    assertThat(cut.message().get("content").text()).contains("\"input\":{\"a\":1}}");
    assertThat(cut.anomalies()).isEmpty();
    assertThat(rebuilt(lines + STOP).anomalies())
        .containsExactly("event 4: message_stop before content_block_stop");
  }
}
