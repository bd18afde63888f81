package dev.tapedeck.formats.llm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageEventsTest {

  private static final int STREAMS = 200;

  private static AccumulatedMessage rebuilt(Protocol protocol, byte[] stream) {
    MessageStream rebuild = MessageStream.of(protocol).orElseThrow();
    rebuild.feed(stream, 0, stream.length, 0);
    return rebuild.finish(StreamEnd.COMPLETE);
  }

  private static byte[] events(Protocol protocol, Obj message) {
    return MessageEvents.of(protocol, message, true).orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "ANTHROPIC_MESSAGES",
        "OPENAI_CHAT",
        "OPENAI_RESPONSES",
        "OPENAI_COMPLETIONS",
        "OLLAMA_CHAT",
        "OLLAMA_GENERATE"
      })
  void itsStreamStandsForTheSameMessage(Protocol protocol) {
    for (int seed = 0; seed < STREAMS; seed++) {
      Obj message = rebuilt(protocol, Streams.wire(Streams.of(protocol, seed))).message();
      Obj before = (Obj) message.copy();
      AccumulatedMessage again = rebuilt(protocol, events(protocol, message));
      assertThat(again.message()).as("seed %d", seed).isEqualTo(before);
      assertThat(again.anomalies()).as("seed %d", seed).isEmpty();
      assertThat(again.end()).isEqualTo(StreamEnd.COMPLETE);
      assertThat(message).as("is not changed").isEqualTo(before);
    }
  }

  @Test
  void textsComeInDeltas() throws Exception {
    Obj message =
        (Obj)
            Json.parse(
                "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}],"
                    + "\"stop_reason\":\"end_turn\"}");
    assertThat(new String(events(Protocol.ANTHROPIC_MESSAGES, message), UTF_8))
        .isEqualTo(
            """
            event: message_start
            data: {"type":"message_start","message":{"role":"assistant","content":[],"stop_reason":null}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}

            event: message_stop
            data: {"type":"message_stop"}

            """);
  }

  @Test
  void chatTellsItsUsageToWhoAsks() {
    Obj completion = rebuilt(Protocol.OPENAI_CHAT, Streams.wire(Streams.chat(1))).message();
    byte[] without = MessageEvents.of(Protocol.OPENAI_CHAT, completion, false).orElseThrow();
    assertThat(new String(without, UTF_8)).doesNotContain("usage").endsWith("data: [DONE]\n\n");
    assertThat(new String(events(Protocol.OPENAI_CHAT, completion), UTF_8)).contains("\"usage\":{");
  }

  @Test
  void anErrorIsNoMessage() {
    Obj error = new Obj().put("type", "error").put("error", new Obj());
    for (Protocol protocol : Protocol.values()) {
      assertThat(MessageEvents.of(protocol, error, true)).isEmpty();
    }
  }
}
