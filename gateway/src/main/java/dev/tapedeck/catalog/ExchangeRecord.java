package dev.tapedeck.catalog;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one exchange, as tables show them.
 *
 * @param number unique within its track
 * @param startedMillis after the session's start
 * @param status of HTTP; 0 where no answer came
 * @param logicalStatus the status that an error within a stream stands for; null if there was none
 * @param model null for what is no call of a model, as are the next three
 * @param protocol as {@link dev.tapedeck.formats.llm.Protocol#label}
 * @param stopReason in the API's own word
 * @param end as {@link dev.tapedeck.formats.llm.StreamEnd#label}
 * @param ttftMillis from the request's begin to the first token; null if none came, or it was no
 *     stream
 */
public record ExchangeRecord(
    String track,
    long number,
    long startedMillis,
    String method,
    String url,
    int status,
    @Nullable Integer logicalStatus,
    @Nullable String model,
    @Nullable String protocol,
    @Nullable Usage usage,
    @Nullable String stopReason,
    String end,
    long durationMillis,
    @Nullable Long ttftMillis) {

  /** What an entry of a HAR says; whatever it lacks is 0, empty or null. */
  public static ExchangeRecord of(String track, Obj entry) {
    Obj request = object(entry, "request");
    Obj response = object(entry, "response");
    OptionalLong logical = entry.integer("_status");
    Obj usage = entry.object("_usage");
    return new ExchangeRecord(
        track,
        entry.integer("_exchange").orElse(0),
        Objects.requireNonNullElse(rounded(entry.get("_time"), 3), 0L),
        text(request, "method"),
        text(request, "url"),
        (int) response.integer("status").orElse(0),
        logical.isPresent() ? (Integer) (int) logical.getAsLong() : null,
        entry.string("_model"),
        entry.string("_protocol"),
        usage == null ? null : Usage.read(usage),
        entry.string("_stop_reason"),
        text(entry, "_end"),
        Objects.requireNonNullElse(rounded(entry.get("time"), 0), 0L),
        rounded(entry.get("_ttft"), 0));
  }

  private static Obj object(Obj parent, String name) {
    return Objects.requireNonNullElseGet(parent.object(name), Obj::new);
  }

  private static String text(Obj parent, String name) {
    return Objects.requireNonNullElse(parent.string(name), "");
  }

  /** The number times ten to the {@code shift}, rounded; null if it is none, or none that fits. */
  private static @Nullable Long rounded(@Nullable Json value, int shift) {
    if (!(value instanceof Num(String text))) {
      return null;
    }
    try {
      return new BigDecimal(text)
          .movePointRight(shift)
          .setScale(0, RoundingMode.HALF_UP)
          .longValueExact();
    } catch (ArithmeticException | NumberFormatException noSuchTime) {
      return null;
    }
  }
}
