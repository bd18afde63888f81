package dev.tapedeck.formats.llm;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.core.ObjectMappers;
import com.anthropic.helpers.BetaMessageAccumulator;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.beta.messages.BetaRawMessageStreamEvent;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tapedeck.formats.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The official SDK's accumulators as a second opinion. They differ from us, on purpose, in this:
 *
 * <ul>
 *   <li>numbers within a tool's input are doubles there, and text here: {@link
 *       Divergence#numbersAsDoubles};
 *   <li>a ping is no event that they take;
 *   <li>they throw where the stream is cut, odd or wrong, which is what the other tests are about.
 * </ul>
 */
class AnthropicOracleTest {

  private static final JsonMapper MAPPER = ObjectMappers.jsonMapper();
  private static final int SEEDS = 200;

  private static Json rebuilt(List<Streams.Event> events) {
    return Wire.rebuilt(Protocol.ANTHROPIC_MESSAGES, Streams.wire(events), StreamEnd.COMPLETE)
        .message();
  }

  @Test
  void theSdkSeesTheSameMessage() throws JsonProcessingException {
    for (int seed = 0; seed < SEEDS; seed++) {
      List<Streams.Event> events = Streams.anthropic(seed);
      MessageAccumulator accumulator = MessageAccumulator.create();
      for (Streams.Event each : events) {
        if (!each.name().equals("ping")) {
          accumulator.accumulate(MAPPER.readValue(each.data(), RawMessageStreamEvent.class));
        }
      }
      String message = MAPPER.writeValueAsString(accumulator.message());
      assertThat(Divergence.numbersAsDoubles(rebuilt(events)))
          .as("seed %d", seed)
          .isEqualTo(Divergence.numbersAsDoubles(Wire.json(message)));
    }
  }

  @Test
  void theBetaSdkSeesTheSameMessage() throws JsonProcessingException {
    for (int seed = 0; seed < SEEDS; seed++) {
      List<Streams.Event> events = Streams.anthropic(seed);
      BetaMessageAccumulator accumulator = BetaMessageAccumulator.create();
      for (Streams.Event each : events) {
        if (!each.name().equals("ping")) {
          accumulator.accumulate(MAPPER.readValue(each.data(), BetaRawMessageStreamEvent.class));
        }
      }
      String message = MAPPER.writeValueAsString(accumulator.message());
      assertThat(Divergence.numbersAsDoubles(rebuilt(events)))
          .as("seed %d", seed)
          .isEqualTo(Divergence.numbersAsDoubles(Wire.json(message)));
    }
  }
}
