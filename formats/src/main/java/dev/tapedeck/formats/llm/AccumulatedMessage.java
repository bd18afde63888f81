package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a stream stood for.
 *
 * @param message the whole message, as the API would have answered without a stream, as far as it
 *     came; empty if nothing came. {@code _anomalies} lists what was odd, {@code _error} is an
 *     error that came amid it. {@linkplain Json#copy Copy} it before changing it
 * @param end how the stream ended: as the protocol says, where its end came, else as the transport
 * @param status the HTTP status that says the same: 200, or what an error within the stream would
 *     have had as an answer of its own
 * @param error what the API sent as its error, or null
 * @param anomalies what was odd, one sentence each, at most {@link
 *     MessageAccumulator#MAX_ANOMALIES}
 * @param firstTokenNanos the caller's time of the first event that brought something of the answer
 * @param events how many events the stream had
 * @param keptUsage figures of the message's usage that a later zero has replaced in it
 */
public record AccumulatedMessage(
    Json.Obj message,
    StreamEnd end,
    int status,
    @Nullable Json error,
    List<String> anomalies,
    OptionalLong firstTokenNanos,
    long events,
    Json.Obj keptUsage) {

  public AccumulatedMessage {
    anomalies = List.copyOf(anomalies);
  }
}
