package dev.tapedeck.formats.llm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.openai.core.ObjectMappers;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseStreamEvent;
import dev.tapedeck.formats.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The official SDK's accumulators as a second opinion. They differ from us, on purpose, in this:
 *
 * <ul>
 *   <li>of a completion they make members that no server sent: {@link
 *       Divergence#withoutInventedMembers};
 *   <li>where the last event of a response leaves the output out, so does the SDK: {@link
 *       Divergence#withGatheredOutput};
 *   <li>its snapshot of a response does not grow by summaries of reasoning, nor by the state of a
 *       call: {@link Divergence#withoutSummariesAndStates};
 *   <li>numbers that are doubles to it are written as doubles: {@link Divergence#numbersAsDoubles};
 *   <li>{@code [DONE]} is no event that they take.
 * </ul>
 */
class OpenAiOracleTest {

  private static final JsonMapper MAPPER = ObjectMappers.jsonMapper();
  private static final int SEEDS = 200;

  private static Json rebuilt(Protocol protocol, List<Streams.Event> events) {
    return Wire.rebuilt(protocol, Streams.wire(events), StreamEnd.COMPLETE).message();
  }

  @Test
  void theSdkSeesTheSameCompletion() throws JsonProcessingException {
    for (int seed = 0; seed < SEEDS; seed++) {
      List<Streams.Event> events = Streams.chat(seed);
      ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
      for (Streams.Event each : events) {
        if (!each.data().equals("[DONE]")) {
          accumulator.accumulate(MAPPER.readValue(each.data(), ChatCompletionChunk.class));
        }
      }
      String completion = MAPPER.writeValueAsString(accumulator.chatCompletion());
      assertThat(rebuilt(Protocol.OPENAI_CHAT, events))
          .as("seed %d", seed)
          .isEqualTo(Divergence.withoutInventedMembers(Wire.json(completion)));
    }
  }

  @Test
  void theSdkSeesTheSameResponse() throws JsonProcessingException {
    for (int seed = 0; seed < SEEDS; seed++) {
      List<Streams.Event> events = Streams.responses(seed);
      ResponseAccumulator accumulator = accumulated(events.subList(0, events.size() - 1));
      Json gathered = response(accumulator.snapshot().orElseThrow());
      accumulator.accumulate(event(events.getLast()));
      Json response = response(accumulator.response());
      assertThat(Divergence.numbersAsDoubles(rebuilt(Protocol.OPENAI_RESPONSES, events)))
          .as("seed %d", seed)
          .isEqualTo(Divergence.withGatheredOutput(response, gathered));
    }
  }

  @Test
  void theSdkSeesTheSameOfAResponseThatBreaksOff() throws JsonProcessingException {
    for (int seed = 0; seed < SEEDS; seed++) {
      List<Streams.Event> events = Streams.cut(Streams.responses(seed), seed);
      Json response = response(accumulated(events).snapshot().orElseThrow());
      Json ours = Divergence.numbersAsDoubles(rebuilt(Protocol.OPENAI_RESPONSES, events));
      assertThat(Divergence.withoutSummariesAndStates(ours))
          .as("seed %d", seed)
          .isEqualTo(Divergence.withoutSummariesAndStates(response));
    }
  }

  private static ResponseAccumulator accumulated(List<Streams.Event> events)
      throws JsonProcessingException {
    ResponseAccumulator accumulator = ResponseAccumulator.createWithSnapshots();
    for (Streams.Event each : events) {
      accumulator.accumulate(event(each));
    }
    return accumulator;
  }

  private static ResponseStreamEvent event(Streams.Event event) throws JsonProcessingException {
    return MAPPER.readValue(event.data(), ResponseStreamEvent.class);
  }

  private static Json response(Response response) throws JsonProcessingException {
    return Divergence.numbersAsDoubles(Wire.json(MAPPER.writeValueAsString(response)));
  }
}
