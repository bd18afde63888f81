package dev.tapedeck.formats.llm;

import static dev.tapedeck.formats.llm.Anomalies.quoted;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import dev.tapedeck.formats.sse.SseEvent;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI chat completions: from chunks to completion.
 *
 * <pre>
 *   chunk* --> chunk with usage and no choices? --> [DONE]
 *   a chunk with an error, and then nothing
 * </pre>
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat-streaming">Chat completion
 *     chunks</a>
 */
final class ChatRebuild extends MessageRebuild {

  private static final String DONE = "[DONE]";

  private final Draft completion = new Draft(budget);

  ChatRebuild(long maxMessageBytes) {
    super(maxMessageBytes);
  }

  @Override
  void take(SseEvent event) {
    if (event.dataIs(DONE)) {
      end(StreamEnd.COMPLETE);
      return;
    }
    Obj chunk = object(event);
    if (chunk == null) {
      return;
    }
    Json error = chunk.get("error");
    if (error != null && !(error instanceof Null)) {
      fail(chunk, error);
      return;
    }
    chunk.members().forEach(this::member);
  }

  @Override
  void afterEnd(SseEvent event) {
    // Some servers end twice: with an error, and then as always.
    if (!event.dataIs(DONE)) {
      super.afterEnd(event);
    }
  }

  private void member(String name, Json value) {
    switch (name) {
      case "choices" -> choices(value);
      case "obfuscation" -> {}
      case "object" ->
          completion.set(
              name,
              value.equals(new Str("chat.completion.chunk")) ? new Str("chat.completion") : value);
      default -> completion.setUnlessNull(name, value);
    }
  }

  private void choices(Json value) {
    DraftList choices = completion.list("choices");
    if (value instanceof Arr(List<Json> values)) {
      for (Json each : values) {
        if (each instanceof Obj choice) {
          choice(choices, choice);
        } else {
          odd("a choice that is no object: ignored");
        }
      }
    }
  }

  private void choice(DraftList choices, Obj chunk) {
    OptionalLong given = chunk.integer("index");
    if (given.isEmpty()) {
      odd("a choice without an index: taken as the first");
    }
    long index = given.orElse(0);
    Draft choice = choices.get(index);
    if (choice == null) {
      choice = Draft.of(budget, new Obj().put("index", index));
      if (choice == null) {
        return;
      }
      choices.put(index, choice);
      // An answer that was not streamed always has these.
      choice.child("message").set("content", Null.NULL);
      choice.set("finish_reason", Null.NULL);
    }
    for (Map.Entry<String, Json> member : chunk.members().entrySet()) {
      switch (member.getKey()) {
        case "index" -> {}
        case "delta" -> delta(choice.child("message"), members(chunk, "delta"));
        case "logprobs" -> logprobs(choice, member.getValue());
        case "message" -> odd("a choice with " + quoted("message") + " in a stream: ignored");
        default -> choice.setUnlessNull(member.getKey(), member.getValue());
      }
    }
  }

  private static void logprobs(Draft choice, Json value) {
    if (value instanceof Obj(Map<String, Json> members)) {
      members.forEach((name, list) -> concat(choice.child("logprobs"), name, list));
    } else {
      choice.setUnlessNull("logprobs", value);
    }
  }

  /** Arrays are appended to arrays, anything else replaces. */
  private static void concat(Draft to, String name, Json value) {
    if (value instanceof Arr(List<Json> values) && to.has(name)) {
      values.forEach(each -> to.push(name, each));
    } else {
      to.setUnlessNull(name, value);
    }
  }

  private void delta(Draft message, Map<String, Json> delta) {
    delta.forEach((name, value) -> {
      if (!name.equals("role") && !isEmpty(value)) {
        token();
      }
      switch (name) {
        case "role" -> message.setUnlessNull(name, value);
        case "tool_calls" -> toolCalls(message, value);
        case "function_call" -> object(message, name, value, "arguments");
        case "audio" -> object(message, name, value, "data", "transcript");
        default -> {
          if (value instanceof Str(String text)) {
            message.append(name, text);
          } else {
            concat(message, name, value);
          }
        }
      }
    });
  }

  private static boolean isEmpty(Json value) {
    return switch (value) {
      case Null _ -> true;
      case Str(String text) -> text.isEmpty();
      case Arr(List<Json> values) -> values.isEmpty();
      case Obj(Map<String, Json> members) -> members.isEmpty();
      case Json.Num _, Json.Bool _ -> false;
    };
  }

  private void toolCalls(Draft message, Json value) {
    if (!(value instanceof Arr(List<Json> values))) {
      message.setUnlessNull("tool_calls", value);
      return;
    }
    for (Json each : values) {
      Draft call = each instanceof Obj delta ? call(message.list("tool_calls"), delta) : null;
      if (call == null) {
        odd("a tool call that is no object: ignored");
        continue;
      }
      members(each)
          .forEach((name, member) -> {
            switch (name) {
              case "index" -> {}
              case "function" -> object(call, name, member, "arguments");
              case "custom" -> object(call, name, member, "input");
              default -> assign(call, name, member);
            }
          });
    }
  }

  private static Map<String, Json> members(Json value) {
    return value instanceof Obj(Map<String, Json> members) ? members : Map.of();
  }

  /** The call that a delta belongs to: by index, else by id, else a new one. */
  private @Nullable Draft call(DraftList calls, Obj delta) {
    OptionalLong index = delta.integer("index");
    String id = delta.string("id");
    Draft call =
        index.isPresent()
            ? calls.get(index.getAsLong())
            : calls.find(each -> id != null && id.equals(each.string("id")));
    if (call == null) {
      call = Draft.of(budget, new Obj());
      if (call != null) {
        calls.put(index.orElse(calls.next()), call);
      }
    }
    return call;
  }

  /** Members of an object: some grow, the rest is replaced. */
  private static void object(Draft holder, String name, Json value, String... growing) {
    if (!(value instanceof Obj(Map<String, Json> members))) {
      holder.setUnlessNull(name, value);
      return;
    }
    Draft object = holder.child(name);
    members.forEach((member, each) -> {
      if (each instanceof Str(String text) && List.of(growing).contains(member)) {
        object.append(member, text);
      } else {
        assign(object, member, each);
      }
    });
  }

  /** Replaces; but some servers repeat a call's id and name as empty strings, which say nothing. */
  private static void assign(Draft object, String name, Json value) {
    if (!object.has(name) || !isEmpty(value)) {
      object.set(name, value);
    }
  }

  @Override
  Obj message() {
    return completion.object();
  }

  @Override
  StreamEnd atEndOfBody() {
    return StreamEnd.UPSTREAM_EOF;
  }
}
