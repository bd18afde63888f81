package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Bool;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes a stream of OpenAI's Responses, whose last event holds the whole response. */
final class ResponsesScript {

  private final List<Streams.Event> events = new ArrayList<>();
  private final Words words;
  private final String id;
  private final Arr done = new Arr();
  private int sequence;
  private int index;

  ResponsesScript(long seed) {
    words = new Words(new Random(seed));
    id = words.id("resp_");
  }

  List<Streams.Event> events() {
    add("response.created", new Obj().put("response", response("in_progress", new Arr())));
    add("response.in_progress", new Obj().put("response", response("in_progress", new Arr())));
    if (words.chance(1, 2)) {
      reasoning();
    }
    for (int items = 1 + words.number(3); items > 0; items--) {
      switch (words.number(4)) {
        case 0 -> call();
        case 1 -> search();
        default -> message();
      }
    }
    // Some servers leave the items out here, since they have told them all.
    Arr told = words.chance(1, 3) ? new Arr() : done;
    Obj whole = response("completed", told);
    Obj usage =
        new Obj()
            .put("input_tokens", 100 + words.number(1000))
            .put("input_tokens_details", new Obj().put("cached_tokens", words.number(100)))
            .put("output_tokens", 7)
            .put("output_tokens_details", new Obj().put("reasoning_tokens", 0))
            .put("total_tokens", 2000);
    add("response.completed", new Obj().put("response", whole.put("usage", usage)));
    return List.copyOf(events);
  }

  private Obj response(String status, Arr output) {
    return new Obj()
        .put("id", id)
        .put("object", "response")
        .put("created_at", new Num("1790000000"))
        .put("status", status)
        .put("error", Null.NULL)
        .put("incomplete_details", Null.NULL)
        .put("instructions", Null.NULL)
        .put("metadata", new Obj())
        .put("model", "gpt-5-codex")
        .put("output", output)
        .put("parallel_tool_calls", new Bool(true))
        .put("temperature", new Num("1.0"))
        .put("tool_choice", "auto")
        .put("tools", new Arr())
        .put("top_p", new Num("1.0"));
  }

  private void message() {
    String item = words.id("msg_");
    Obj message = new Obj().put("id", item).put("type", "message").put("role", "assistant");
    begin(message.put("status", "in_progress").put("content", new Arr()));
    Arr parts = new Arr();
    for (int i = 0; i <= words.number(2); i++) {
      String text = words.text(20);
      Obj at = at(item).put("content_index", i);
      add("response.content_part.added", copy(at).put("part", part("")));
      for (String piece : words.pieces(text)) {
        add(
            "response.output_text.delta",
            copy(at).put("delta", piece).put("logprobs", new Arr()).put("obfuscation", "x"));
      }
      add("response.output_text.done", copy(at).put("text", text).put("logprobs", new Arr()));
      add("response.content_part.done", copy(at).put("part", part(text)));
      parts.add(part(text));
    }
    end(copy(message).put("status", "completed").put("content", parts));
  }

  private static Obj part(String text) {
    return new Obj()
        .put("type", "output_text")
        .put("annotations", new Arr())
        .put("logprobs", new Arr())
        .put("text", text);
  }

  private void reasoning() {
    String item = words.id("rs_");
    Obj reasoning = new Obj().put("id", item).put("type", "reasoning");
    begin(reasoning.put("summary", new Arr()));
    String text = words.text(20);
    Obj at = at(item).put("summary_index", 0);
    Obj empty = new Obj().put("type", "summary_text").put("text", "");
    Obj full = new Obj().put("type", "summary_text").put("text", text);
    add("response.reasoning_summary_part.added", copy(at).put("part", empty));
    for (String piece : words.pieces(text)) {
      add("response.reasoning_summary_text.delta", copy(at).put("delta", piece));
    }
    add("response.reasoning_summary_text.done", copy(at).put("text", text));
    add("response.reasoning_summary_part.done", copy(at).put("part", full));
    end(copy(reasoning).put("summary", new Arr().add(full)));
  }

  private void call() {
    String item = words.id("fc_");
    Obj call =
        new Obj()
            .put("id", item)
            .put("type", "function_call")
            .put("call_id", words.id("call_"))
            .put("name", "shell")
            .put("arguments", "")
            .put("status", "in_progress");
    begin(call);
    String input = words.input();
    for (String piece : words.pieces(input)) {
      add("response.function_call_arguments.delta", at(item).put("delta", piece));
    }
    add(
        "response.function_call_arguments.done",
        at(item).put("name", "shell").put("arguments", input));
    end(copy(call).put("arguments", input).put("status", "completed"));
  }

  private void search() {
    String item = words.id("ws_");
    Obj search = new Obj().put("id", item).put("type", "web_search_call");
    begin(search.put("status", "in_progress"));
    for (String state : new String[] {"in_progress", "searching", "completed"}) {
      add("response.web_search_call." + state, at(item));
    }
    Obj action = new Obj().put("type", "search").put("query", words.text(3));
    end(copy(search).put("status", "completed").put("action", action));
  }

  private Obj at(String item) {
    return new Obj().put("item_id", item).put("output_index", index);
  }

  private static Obj copy(Obj object) {
    return (Obj) object.copy();
  }

  private void begin(Obj item) {
    add("response.output_item.added", new Obj().put("output_index", index).put("item", copy(item)));
  }

  private void end(Obj item) {
    add("response.output_item.done", new Obj().put("output_index", index).put("item", item));
    done.add(item);
    index++;
  }

  private void add(String type, Obj members) {
    Obj event = new Obj().put("type", type).put("sequence_number", sequence++);
    members.members().forEach(event::put);
    events.add(new Streams.Event(type, words.maybeEscaped(event.text())));
  }
}
