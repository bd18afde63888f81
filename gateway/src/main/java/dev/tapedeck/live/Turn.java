package dev.tapedeck.live;

import dev.tapedeck.formats.llm.Part;
import dev.tapedeck.formats.llm.Usage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One exchange of a conversation, as it is now.
 *
 * @param exchange its number in the session, from 1
 * @param path of the URL, without its query
 * @param model null if none is told
 * @param status of the answer; 0 while there is none
 * @param end how it ended, as {@code show} calls it; null while it goes on
 * @param error what went wrong between client and upstream; null if nothing did
 * @param asked what the request says that was not said before
 * @param answered what the answer says so far
 * @param usage null if not told
 * @param stopReason in the API's own word; null if not told
 * @param millis how long it took, or has taken when something last came
 */
public record Turn(
    long exchange,
    Instant started,
    String method,
    String path,
    @Nullable String model,
    int status,
    @Nullable String end,
    @Nullable String error,
    List<Part> asked,
    List<Part> answered,
    @Nullable Usage usage,
    @Nullable String stopReason,
    long millis) {

  public Turn {
    asked = List.copyOf(asked);
    answered = List.copyOf(answered);
  }

  /** Whether it has ended. */
  public boolean over() {
    return end != null;
  }

  /** How much text it holds, in characters. */
  long size() {
    return asked.stream().mapToLong(part -> part.text().length()).sum()
        + answered.stream().mapToLong(part -> part.text().length()).sum();
  }

  Turn withoutText() {
    return new Turn(
        exchange,
        started,
        method,
        path,
        model,
        status,
        end,
        error,
        List.of(),
        List.of(),
        usage,
        stopReason,
        millis);
  }
}
