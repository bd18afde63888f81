package dev.tapedeck.formats.llm;

import static dev.tapedeck.formats.llm.Anomalies.quoted;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import dev.tapedeck.formats.sse.SseEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * OpenAI chat completions, and the older completions of a prompt: from chunks to completion.
 *
 * <pre>
 *   chunk+ --> chunk with usage and no choices? --> [DONE]
 *   a chunk with an error, and then nothing
 * </pre>
 *
 * <p>Many servers leave {@code [DONE]} out: where each choice has its reason for finishing, the
 * message is whole without it.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat-streaming">Chat completion
 *     chunks</a>
 */
final class ChatAccumulator extends MessageAccumulator {

  private static final String DONE = "[DONE]";

  private final Draft completion = new Draft(budget);
  private final Map<Draft, ChatCalls> calls = new HashMap<>();
  private final boolean legacy;
  private boolean begun;

  /**
   * @param legacy whether choices hold a text instead of a message
   */
  ChatAccumulator(long maxMessageBytes, boolean legacy) {
    super(maxMessageBytes);
    this.legacy = legacy;
  }

  @Override
  void take(SseEvent event) {
    if (event.dataIs(DONE)) {
      if (!begun) {
        odd("[DONE] before anything else");
      }
      end(begun ? StreamEnd.COMPLETE : StreamEnd.UPSTREAM_EOF);
      return;
    }
    Obj chunk = object(event);
    if (chunk == null || failed(event, chunk)) {
      return;
    }
    begun = true;
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
          assign(
              completion,
              name,
              value.equals(new Str("chat.completion.chunk")) ? new Str("chat.completion") : value);
      case "created" -> {
        // Azure's last chunk of filter results has neither id, model nor time.
        if (!value.equals(Json.Num.of(0)) || !completion.has(name)) {
          completion.setUnlessNull(name, value);
        }
      }
      default -> assign(completion, name, value);
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
      if (!legacy) {
        choice.child("message").set("content", Null.NULL);
      }
      choice.set("finish_reason", Null.NULL);
    }
    for (Map.Entry<String, Json> member : chunk.members().entrySet()) {
      switch (member.getKey()) {
        case "index" -> {}
        case "delta" -> delta(choice.child("message"), members(chunk, "delta"));
        case "text" -> text(choice, member.getValue());
        case "logprobs" -> logprobs(choice, member.getValue());
        case "message" -> odd("a choice with " + quoted("message") + " in a stream: ignored");
        default -> assign(choice, member.getKey(), member.getValue());
      }
    }
  }

  private void text(Draft choice, Json value) {
    if (value instanceof Str(String text)) {
      if (!text.isEmpty()) {
        token();
      }
      choice.append("text", text);
    } else {
      choice.setUnlessNull("text", value);
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
        case "role" -> assign(message, name, value);
        case "content" -> {
          if (!ChatContent.append(message, value, budget)) {
            odd("content that is neither a text nor parts: ignored");
          }
        }
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
      if (!(each instanceof Obj delta)) {
        odd("a tool call that is no object: ignored");
        continue;
      }
      Draft call =
          calls
              .computeIfAbsent(message, _ -> new ChatCalls(budget))
              .of(message.list("tool_calls"), delta);
      if (call == null) {
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

  /** Replaces; but some servers repeat ids, names and reasons as empty ones, which say nothing. */
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
    if (!completion.has("choices")) {
      return StreamEnd.UPSTREAM_EOF;
    }
    DraftList choices = completion.list("choices");
    boolean whole =
        !choices.isEmpty() && choices.find(choice -> !isText(choice.get("finish_reason"))) == null;
    return whole ? StreamEnd.COMPLETE : StreamEnd.UPSTREAM_EOF;
  }
}
