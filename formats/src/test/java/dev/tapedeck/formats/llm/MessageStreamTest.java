package dev.tapedeck.formats.llm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.JsonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for the streams of every API. */
class MessageStreamTest {

  private static final int SEEDS = 500;
  private static final int MAX_CUT_BYTES = 4000;
  private static final List<StreamEnd> ENDS = List.of(StreamEnd.values());

  private static AccumulatedMessage inPieces(Protocol protocol, byte[] wire, int cut) {
    MessageStream stream = MessageStream.of(protocol).orElseThrow();
    stream.feed(wire, 0, cut, 1);
    stream.feed(wire, cut, wire.length - cut, 1);
    return stream.finish(StreamEnd.COMPLETE);
  }

  @ParameterizedTest
  @MethodSource("dev.tapedeck.formats.llm.Streams#streamed")
  void cutAtAnyByteTheMessageIsTheSame(Protocol protocol) {
    for (int seed = 0; seed < 2; seed++) {
      byte[] wire = Streams.wire(shortened(Streams.of(protocol, seed)));
      AccumulatedMessage whole = Wire.rebuilt(protocol, wire, StreamEnd.COMPLETE);
      for (int cut = 0; cut <= wire.length; cut++) {
        assertThat(inPieces(protocol, wire, cut)).isEqualTo(whole);
      }
    }
  }

  /** The beginning and the end: every cut is tried, which takes the square of the length. */
  private static List<Streams.Event> shortened(List<Streams.Event> events) {
    List<Streams.Event> some = new ArrayList<>();
    int bytes = 0;
    for (Streams.Event each : events) {
      if (bytes < MAX_CUT_BYTES || events.size() - events.indexOf(each) <= 4) {
        some.add(each);
        bytes += each.wire().length();
      }
    }
    return some;
  }

  @ParameterizedTest
  @MethodSource("dev.tapedeck.formats.llm.Streams#streamed")
  void wholeStreamsAreCompleteAndNothingIsOdd(Protocol protocol) {
    for (int seed = 0; seed < SEEDS; seed++) {
      AccumulatedMessage rebuilt =
          Wire.rebuilt(
              protocol, Streams.wire(Streams.of(protocol, seed)), StreamEnd.UPSTREAM_RESET);
      // Nothing marks the end of these two.
      if (protocol != Protocol.GEMINI && protocol != Protocol.OPENAI_IMAGES) {
        assertThat(rebuilt.end()).as("seed %d", seed).isEqualTo(StreamEnd.COMPLETE);
      }
      assertThat(rebuilt.anomalies()).as("seed %d", seed).isEmpty();
      assertThat(rebuilt.firstTokenNanos()).as("seed %d", seed).isPresent();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.tapedeck.formats.llm.Streams#streamed")
  void brokenStreamsThrowNothingAndTheirMessageIsJson(Protocol protocol) throws JsonException {
    for (int seed = 0; seed < SEEDS; seed++) {
      byte[] wire = Streams.broken(Streams.of(protocol, seed), seed);
      Random random = new Random(seed);
      MessageStream stream = MessageStream.of(protocol).orElseThrow();
      for (int at = 0; at < wire.length; ) {
        int length = Math.min(wire.length - at, 1 + random.nextInt(400));
        stream.feed(wire, at, length, 1);
        if (random.nextInt(8) == 0) {
          read(protocol, stream.snapshot());
        }
        at += length;
      }
      AccumulatedMessage rebuilt = stream.finish(ENDS.get(random.nextInt(ENDS.size())));
      read(protocol, rebuilt.message());
      assertThat(rebuilt).as("seed %d", seed).isEqualTo(again(protocol, wire, rebuilt));
    }
  }

  /** The same in one piece; the transport's end is not compared. */
  private static AccumulatedMessage again(
      Protocol protocol, byte[] wire, AccumulatedMessage before) {
    MessageStream stream = MessageStream.of(protocol).orElseThrow();
    stream.feed(wire, 0, wire.length, 1);
    return stream.finish(before.end());
  }

  private static void read(Protocol protocol, Json.Obj message) throws JsonException {
    assertThat(Json.parse(message.bytes())).isNotNull();
    assertThat(Conversation.answer(protocol, message)).isNotNull();
    assertThat(LlmCall.of("/v1/x", null, message)).isNotNull();
  }

  @Test
  void plainDeltasAreReadAsTheParserReadsThem() {
    for (int seed = 0; seed < SEEDS; seed++) {
      byte[] plain = Streams.wire(Streams.anthropic(seed));
      byte[] spaced = new String(plain, UTF_8).replace("data: {", "data: { ").getBytes(UTF_8);
      assertThat(Wire.rebuilt(Protocol.ANTHROPIC_MESSAGES, plain, StreamEnd.COMPLETE))
          .as("seed %d", seed)
          .isEqualTo(Wire.rebuilt(Protocol.ANTHROPIC_MESSAGES, spaced, StreamEnd.COMPLETE));
    }
  }

  @Test
  void oddDeltasAreReadAsTheParserReadsThem() {
    for (int seed = 0; seed < SEEDS; seed++) {
      String wire = new String(Streams.broken(Streams.anthropic(seed), seed), UTF_8);
      byte[] spaced = wire.replace("data: {", "data: { ").getBytes(UTF_8);
      AccumulatedMessage plain =
          Wire.rebuilt(Protocol.ANTHROPIC_MESSAGES, wire.getBytes(UTF_8), StreamEnd.TIMEOUT);
      AccumulatedMessage parsed =
          Wire.rebuilt(Protocol.ANTHROPIC_MESSAGES, spaced, StreamEnd.TIMEOUT);
      assertThat(plain.message().get("content"))
          .as("seed %d", seed)
          .isEqualTo(parsed.message().get("content"));
      assertThat(plain.end()).isEqualTo(parsed.end());
    }
  }

  @Test
  void cutStreamsKeepWhatCame() {
    for (int seed = 0; seed < SEEDS; seed++) {
      List<Streams.Event> cut = Streams.cut(Streams.anthropic(seed), seed);
      AccumulatedMessage rebuilt =
          Wire.rebuilt(Protocol.ANTHROPIC_MESSAGES, Streams.wire(cut), StreamEnd.CLIENT_ABORT);
      assertThat(rebuilt.end()).isEqualTo(StreamEnd.CLIENT_ABORT);
      AccumulatedMessage failed =
          Wire.rebuilt(
              Protocol.ANTHROPIC_MESSAGES,
              Streams.wire(Streams.overloaded(Streams.anthropic(seed), seed)),
              StreamEnd.COMPLETE);
      assertThat(failed.end()).isEqualTo(StreamEnd.ERROR);
      assertThat(failed.status()).isEqualTo(529);
      assertThat(failed.message().get("content")).isEqualTo(rebuilt.message().get("content"));
    }
  }

  @Test
  void whatHasNoStreamsHasNoRebuild() {
    for (Protocol protocol : Protocol.values()) {
      assertThat(MessageStream.of(protocol).isEmpty())
          .as("%s", protocol)
          .isEqualTo(Streams.WITHOUT.contains(protocol));
    }
  }
}
