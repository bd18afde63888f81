package dev.tapedeck.formats.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Obj;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message as the stream that it might have come in: each text in one delta. {@link MessageStream}
 * makes the same message of it.
 */
public final class MessageEvents {

  /** What of an answer of Ollama's comes before its end. */
  private static final Set<String> SAID = Set.of("message", "response", "thinking", "logprobs");

  private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
  private long number;

  private MessageEvents() {}

  /**
   * The body of the streamed answer.
   *
   * @param usage whether OpenAI's chat stream tells the usage, as it does for who asks for it
   * @return nothing if the message is none of that API's, or if its requests name their streams in
   *     their addresses
   */
  public static Optional<byte[]> of(Protocol protocol, Obj message, boolean usage) {
    MessageEvents events = new MessageEvents();
    boolean understood =
        switch (protocol) {
          case ANTHROPIC_MESSAGES -> events.anthropic(message);
          case OPENAI_CHAT -> events.chat(message, usage, false);
          case OPENAI_COMPLETIONS -> events.chat(message, usage, true);
          case OLLAMA_CHAT, OLLAMA_GENERATE -> events.lines(message);
          case OPENAI_RESPONSES -> events.response(message);
          case GEMINI,
              OPENAI_EMBEDDINGS,
              OPENAI_IMAGES,
              OPENAI_MODERATIONS,
              OLLAMA_EMBED,
              UNKNOWN ->
              false;
        };
    return understood ? Optional.of(events.stream.toByteArray()) : Optional.empty();
  }

  private void data(String data) {
    stream.writeBytes(("data: " + data + "\n\n").getBytes(UTF_8));
  }

  /** An event that is named as its data is. */
  private void named(Obj data) {
    stream.writeBytes(("event: " + data.string("type") + "\n").getBytes(UTF_8));
    data(data.text());
  }

  private static Obj typed(String type) {
    return new Obj().put("type", type);
  }

  private static Obj copy(Obj object) {
    return (Obj) object.copy();
  }

  private static void move(Obj from, String name, Obj to) {
    Json value = from.get(name);
    if (value != null) {
      to.put(name, value);
      from.put(name, Null.NULL);
    }
  }

  private boolean anthropic(Obj message) {
    if (message.array("content") == null) {
      return false;
    }
    Obj begin = copy(message).put("content", new Arr());
    Obj delta = new Obj();
    move(begin, "stop_reason", delta);
    move(begin, "stop_sequence", delta);
    named(typed("message_start").put("message", begin));
    int index = 0;
    for (Obj block : Parts.objects(message.get("content"))) {
      block(index++, copy(block));
    }
    Obj end = typed("message_delta").put("delta", delta);
    Obj usage = message.object("usage");
    named(usage == null ? end : end.put("usage", usage));
    named(typed("message_stop"));
    return true;
  }

  private void block(int index, Obj block) {
    Obj begin = copy(block);
    Arr deltas = new Arr();
    switch (String.valueOf(block.string("type"))) {
      case "text" -> {
        for (Obj citation : Parts.objects(block.get("citations"))) {
          begin.put("citations", new Arr());
          deltas.add(typed("citations_delta").put("citation", citation));
        }
        grow(begin, "text", "text_delta", deltas);
      }
      case "thinking" -> {
        grow(begin, "thinking", "thinking_delta", deltas);
        grow(begin, "signature", "signature_delta", deltas);
      }
      case "tool_use", "server_tool_use", "mcp_tool_use" -> {
        Json input = begin.get("input");
        if (input != null) {
          deltas.add(typed("input_json_delta").put("partial_json", input.text()));
          begin.put("input", new Obj());
        }
      }
      default -> {
        // Others come whole.
      }
    }
    named(typed("content_block_start").put("index", index).put("content_block", begin));
    for (Json delta : deltas.values()) {
      named(typed("content_block_delta").put("index", index).put("delta", delta));
    }
    named(typed("content_block_stop").put("index", index));
  }

  private static void grow(Obj begin, String name, String type, Arr deltas) {
    String text = begin.string(name);
    if (text != null && !text.isEmpty()) {
      deltas.add(typed(type).put(name, text));
      begin.put(name, "");
    }
  }

  private boolean chat(Obj completion, boolean usage, boolean legacy) {
    if (completion.array("choices") == null) {
      return false;
    }
    for (Obj choice : Parts.objects(completion.get("choices"))) {
      Obj begin = copy(choice);
      Obj end = new Obj().put("index", choice.integer("index").orElse(0));
      move(begin, "finish_reason", end);
      if (legacy) {
        end.put("text", "");
      } else {
        begin.members().remove("message");
        begin.put("delta", delta(choice.object("message")));
        end.put("delta", new Obj());
      }
      data(chunk(completion, new Arr().add(begin), legacy).text());
      data(chunk(completion, new Arr().add(end), legacy).text());
    }
    Obj spent = completion.object("usage");
    if (usage && spent != null) {
      data(chunk(completion, new Arr(), legacy).put("usage", spent).text());
    }
    data("[DONE]");
    return true;
  }

  private static Obj chunk(Obj completion, Arr choices, boolean legacy) {
    Obj chunk = copy(completion);
    chunk.members().remove("usage");
    return (legacy ? chunk : chunk.put("object", "chat.completion.chunk")).put("choices", choices);
  }

  /** Ollama's: what was said, and then the end with its counts. */
  private boolean lines(Obj answer) {
    boolean chat = answer.object("message") != null;
    if (!chat && answer.string("response") == null) {
      return false;
    }
    Obj begin = new Obj();
    Obj end = new Obj();
    answer
        .members()
        .forEach((name, value) -> {
          boolean both = name.equals("model") || name.equals("created_at");
          boolean said = SAID.contains(name);
          if (both || said) {
            begin.put(name, value);
          }
          if (both || !said) {
            end.put(name, value);
          }
        });
    line(begin.put("done", false));
    line(
        chat
            ? end.put("message", new Obj().put("role", "assistant").put("content", ""))
            : end.put("response", ""));
    return true;
  }

  private void line(Obj object) {
    stream.writeBytes((object.text() + "\n").getBytes(UTF_8));
  }

  private static Obj delta(@Nullable Obj message) {
    Obj delta = message == null ? new Obj() : copy(message);
    int index = 0;
    for (Obj call : Parts.objects(delta.get("tool_calls"))) {
      call.put("index", index++);
    }
    return delta;
  }

  private boolean response(Obj response) {
    if (response.array("output") == null) {
      return false;
    }
    Obj begin = copy(response).put("status", "in_progress").put("output", new Arr());
    numbered(typed("response.created").put("response", begin));
    int index = 0;
    for (Obj item : Parts.objects(response.get("output"))) {
      item(index++, item);
    }
    String status = response.string("status");
    boolean odd = "incomplete".equals(status) || "failed".equals(status);
    numbered(typed("response." + (odd ? status : "completed")).put("response", response));
    return true;
  }

  private void numbered(Obj event) {
    named(event.put("sequence_number", number++));
  }

  private void item(int index, Obj item) {
    Obj begin = copy(item);
    String type = String.valueOf(item.string("type"));
    boolean message = type.equals("message") && item.array("content") != null;
    if (message) {
      begin.put("status", "in_progress").put("content", new Arr());
    } else if (type.equals("function_call")) {
      begin.put("status", "in_progress").put("arguments", "");
    }
    numbered(typed("response.output_item.added").put("output_index", index).put("item", begin));
    if (message) {
      int part = 0;
      for (Obj each : Parts.objects(item.get("content"))) {
        part(item, index, part++, each);
      }
    } else if (type.equals("function_call")) {
      String arguments = String.valueOf(item.string("arguments"));
      String event = "response.function_call_arguments.";
      numbered(of(event + "delta", item, index).put("delta", arguments));
      numbered(of(event + "done", item, index).put("arguments", arguments));
    }
    numbered(typed("response.output_item.done").put("output_index", index).put("item", item));
  }

  private void part(Obj item, int index, int part, Obj whole) {
    Obj begin = copy(whole);
    String text = whole.string("text");
    if (text != null) {
      begin.put("text", "");
    }
    numbered(ofPart("content_part.added", item, index, part).put("part", begin));
    if (text != null) {
      Arr none = new Arr();
      numbered(
          ofPart("output_text.delta", item, index, part).put("delta", text).put("logprobs", none));
      numbered(
          ofPart("output_text.done", item, index, part).put("text", text).put("logprobs", none));
    }
    numbered(ofPart("content_part.done", item, index, part).put("part", whole));
  }

  private static Obj of(String type, Obj item, int index) {
    Json id = item.get("id");
    return typed(type).put("item_id", id == null ? Null.NULL : id).put("output_index", index);
  }

  private static Obj ofPart(String type, Obj item, int index, int part) {
    return of("response." + type, item, index).put("content_index", part);
  }
}
