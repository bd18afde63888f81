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
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.json.Json.Obj;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Anthropic's streams beside the rules: what is odd, large or looked at early. */
class AnthropicStreamTest {

  @Test
  void pingsAreNothing() {
    AccumulatedMessage rebuilt = rebuilt(START + "{\"type\": \"ping\"}\n" + STOP);
    assertThat(rebuilt.anomalies()).isEmpty();
    assertThat(rebuilt.events()).isEqualTo(3);
  }

  @Test
  void unknownEventsAreKept() {
    String event = "{\"type\":\"message_weather\",\"sun\":true}";
    AccumulatedMessage rebuilt = rebuilt(START + event + "\n" + STOP);
    assertThat(rebuilt.message().get("_events")).isEqualTo(json("[" + event + "]"));
    assertThat(rebuilt.anomalies())
        .containsExactly("event 2: unknown event \"message_weather\": kept in _events");
  }

  @Test
  void nothingIsAnEmptyMessage() {
    AccumulatedMessage rebuilt = rebuilt("", StreamEnd.UPSTREAM_EOF);
    assertThat(rebuilt.message().text()).isEqualTo("{\"_anomalies\":[\"no message_start\"]}");
    assertThat(rebuilt.firstTokenNanos()).isEmpty();
  }

  @Test
  void theFirstTokenIsTheFirstDeltaWithSomethingInIt() {
    String begin = "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":%s}\n";
    assertThat(
            rebuilt(START + begin.formatted(TEXT) + delta(0, text("")) + delta(0, text("x")))
                .firstTokenNanos())
        .isEqualTo(OptionalLong.of(4));
    assertThat(rebuilt(START + begin.formatted(TOOL)).firstTokenNanos())
        .as("a tool's name is a token")
        .isEqualTo(OptionalLong.of(2));
    assertThat(rebuilt(START + begin.formatted(THINKING)).firstTokenNanos()).isEmpty();
  }

  @Test
  void aSnapshotIsTheMessageSoFarAndDoesNotChange() {
    MessageStream stream = MessageStream.of(Protocol.ANTHROPIC_MESSAGES).orElseThrow();
    String events = START + block(0, TEXT, text("a"), text("b")) + block(1, TOOL, input("{\"x"));
    events.lines().forEach(each -> Wire.feed(stream, "data: " + each + "\n\n", 1));
    Obj snapshot = stream.snapshot();
    String then = snapshot.text();
    assertThat(then).contains("\"text\":\"ab\"").contains("\"_input_raw\":\"{\\\"x\"");
    Wire.feed(stream, "data: " + delta(0, text("c")) + "\n", 1);
    assertThat(snapshot.text()).isEqualTo(then);
    assertThat(stream.snapshot().text()).contains("\"text\":\"abc\"");
    assertThat(stream.snapshot().array("content").values().get(1))
        .as("what did not change is not made again")
        .isSameAs(snapshot.array("content").values().get(1));
  }

  @Test
  void brokenUtf8CostsTheCharacterOnly() {
    byte[] wire =
        ("data: "
                + START.replace("\n", "\n\n")
                + "data: "
                + block(0, TEXT, text("a?b"), text("\u00e4")).replace("\n", "\n\ndata: ")
                + STOP
                + "\n\n")
            .getBytes(UTF_8);
    for (int i = 0; i < wire.length; i++) {
      wire[i] = wire[i] == '?' ? (byte) 0xFF : wire[i];
    }
    AccumulatedMessage rebuilt =
        Wire.rebuilt(Protocol.ANTHROPIC_MESSAGES, wire, StreamEnd.COMPLETE);
    assertThat(rebuilt.message().get("content").text()).contains("a\ufffdb\u00e4");
    assertThat(rebuilt.anomalies()).containsExactly("event 3: not UTF-8: replaced");
  }

  @Test
  void halvesOfASurrogatePairInTwoDeltasBecomeOneCharacter() {
    assertThat(content(block(0, TEXT, text("\\ud83d"), text("\\ude80"))))
        .isEqualTo(json("[{\"type\":\"text\",\"text\":\"\ud83d\ude80\"}]"));
  }

  @Test
  void aMessageOverItsLimitIsCutAndItsEndIsNot() {
    MessageStream stream =
        MessageStream.of(Protocol.ANTHROPIC_MESSAGES, 10_000, 5000).orElseThrow();
    Wire.feed(stream, "data: " + START + "\n", 1);
    Wire.feed(stream, "data: " + block(0, TEXT).replace(stop(0), "\n"), 1);
    for (int i = 0; i < 1000; i++) {
      Wire.feed(stream, "data: " + delta(0, text("x".repeat(100))) + "\n", 1);
      Wire.feed(stream, "data: " + delta(0, "{\"type\":\"new_delta\",\"x\":[1,2,3]}") + "\n", 1);
    }
    Wire.feed(
        stream,
        "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n",
        1);
    Wire.feed(stream, "data: " + STOP + "\n", 1);
    AccumulatedMessage rebuilt = stream.finish(StreamEnd.COMPLETE);
    assertThat(rebuilt.message().text().length()).isBetween(1000, 6000);
    assertThat(rebuilt.message().string("stop_reason")).isEqualTo("end_turn");
    assertThat(rebuilt.anomalies())
        .last()
        .asString()
        .isEqualTo("the message is longer than 5000 bytes: the rest is left out");
  }

  @Test
  void anomaliesHaveALimit() {
    StringBuilder lines = new StringBuilder(START);
    for (int i = 0; i < 1000; i++) {
      lines.append("{\"type\":\"").append("x".repeat(200 * (i % 2))).append(i).append("\"}\n");
    }
    AccumulatedMessage rebuilt = rebuilt(lines + STOP);
    assertThat(rebuilt.anomalies()).hasSizeLessThanOrEqualTo(MessageAccumulator.MAX_ANOMALIES);
    assertThat(rebuilt.anomalies().getLast()).matches("and \\d+ more");
    assertThat(rebuilt.anomalies()).allMatch(each -> each.length() < 200);
  }

  @Test
  void anEventOverTheFrameLimitIsNoted() {
    MessageStream stream = MessageStream.of(Protocol.ANTHROPIC_MESSAGES, 1000, 5000).orElseThrow();
    Wire.feed(
        stream, "data: " + START + "\ndata: " + "x".repeat(2000) + "\n\ndata: " + STOP + "\nda", 1);
    assertThat(stream.finish(StreamEnd.COMPLETE).anomalies())
        .containsExactly(
            "the stream ends within an event, which is left out",
            "1 events over 1000 bytes left out, 2006 bytes in all");
  }
}
