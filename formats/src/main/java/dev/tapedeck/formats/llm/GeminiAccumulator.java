package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import dev.tapedeck.formats.sse.SseEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gemini's {@code :streamGenerateContent?alt=sse}: each event is an answer of its own, of which the
 * parts are appended and the rest replaces; streamed arguments become one call. Nothing marks the
 * end but the end of the body, after which the reason for finishing tells whether it was one.
 *
 * @see <a href="https://ai.google.dev/api/generate-content">Generating content</a>
 */
final class GeminiAccumulator extends MessageAccumulator {

  /** What a part of text may have if it is to be joined with the one before. */
  private static final Set<String> TEXT_MEMBERS = Set.of("text", "thought");

  private final Draft answer = new Draft(budget);
  private final Map<Draft, GeminiCalls> calls = new HashMap<>();
  private boolean finished;

  GeminiAccumulator(long maxMessageBytes) {
    super(maxMessageBytes);
  }

  @Override
  void take(SseEvent event) {
    Obj chunk = object(event);
    if (chunk == null || failed(event, chunk)) {
      return;
    }
    chunk
        .members()
        .forEach((name, value) -> {
          if (name.equals("candidates") && value instanceof Arr(List<Json> values)) {
            values.forEach(this::candidate);
          } else {
            answer.setUnlessNull(name, value);
          }
        });
    finished |= members(chunk, "promptFeedback").containsKey("blockReason");
  }

  private void candidate(Json value) {
    if (!(value instanceof Obj chunk)) {
      odd("a candidate that is no object: ignored");
      return;
    }
    DraftList candidates = answer.list("candidates");
    // The only candidate is often not numbered.
    long index = chunk.integer("index").orElse(0);
    Draft candidate = candidates.get(index);
    if (candidate == null) {
      candidate = Draft.of(budget, new Obj());
      if (candidate == null) {
        return;
      }
      candidates.put(index, candidate);
    }
    for (Map.Entry<String, Json> member : chunk.members().entrySet()) {
      if (member.getKey().equals("content") && member.getValue() instanceof Obj content) {
        content(candidate, content);
      } else {
        candidate.setUnlessNull(member.getKey(), member.getValue());
      }
    }
    finished |= isText(chunk.get("finishReason"));
  }

  private void content(Draft candidate, Obj chunk) {
    Draft content = candidate.child("content");
    GeminiCalls streamed = calls.computeIfAbsent(candidate, _ -> new GeminiCalls(budget));
    chunk
        .members()
        .forEach((name, value) -> {
          if (name.equals("parts") && value instanceof Arr(List<Json> parts)) {
            parts.forEach(part -> part(content.list("parts"), part, streamed));
          } else {
            content.setUnlessNull(name, value);
          }
        });
  }

  private void part(DraftList parts, Json value, GeminiCalls streamed) {
    if (!(value instanceof Obj part)) {
      odd("a part that is no object: ignored");
      return;
    }
    if (!"".equals(part.string("text"))) {
      token();
    }
    if (streamed.take(parts, part)) {
      return;
    }
    Draft last = parts.latest();
    if (last != null && isPlain(part.members().keySet()) && joins(last, part)) {
      last.append("text", Objects.requireNonNull(part.string("text")));
      return;
    }
    Draft draft = Draft.of(budget, part);
    if (draft != null) {
      parts.put(parts.next(), draft);
    }
  }

  private static boolean isPlain(Set<String> members) {
    return TEXT_MEMBERS.containsAll(members);
  }

  private static boolean joins(Draft last, Obj part) {
    return part.get("text") instanceof Str
        && last.text("text") != null
        && isPlain(last.names())
        && same(last.get("thought"), part.get("thought"));
  }

  private static boolean same(@Nullable Json one, @Nullable Json other) {
    Json none = new Json.Bool(false);
    return Objects.requireNonNullElse(one, none).equals(Objects.requireNonNullElse(other, none));
  }

  @Override
  Obj message() {
    return answer.object();
  }

  @Override
  StreamEnd atEndOfBody() {
    return finished ? StreamEnd.COMPLETE : StreamEnd.UPSTREAM_EOF;
  }
}
