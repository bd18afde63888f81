package dev.tapedeck.formats.llm;

import static dev.tapedeck.formats.llm.Anomalies.quoted;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import dev.tapedeck.formats.sse.SseEvent;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI Responses: from events to response.
 *
 * <pre>
 *   created --> queued | in_progress --> item* --> completed | incomplete | failed
 *   item:  output_item.added --> part* | X.delta* X.done | X_call.STATE* --> output_item.done
 *   part:  content_part.added --> X.delta* X.done --> content_part.done
 *   error anywhere, and then nothing
 * </pre>
 *
 * <p>What is added first grows by its deltas and is replaced by what is done. The same events come
 * as messages of a WebSocket, where one rebuild is for one response.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses-streaming">Streaming
 *     events</a>
 */
final class ResponsesRebuild extends MessageRebuild {

  private static final String PREFIX = "response.";
  private static final String DONE = "[DONE]";
  private static final String DELTAS = "_deltas";

  /** Where a text grows. */
  private enum Place {
    ITEM("", ""),
    CONTENT("content", "content_index"),
    SUMMARY("summary", "summary_index");

    private final String list;
    private final String index;

    Place(String list, String index) {
      this.list = list;
      this.index = index;
    }
  }

  /**
   * A text that grows by events named after it.
   *
   * @param partType the type of the part that holds it, if it lies in one
   */
  private record Text(Place place, String field, String partType) {}

  private static final Map<String, Text> TEXTS =
      Map.of(
          "output_text", new Text(Place.CONTENT, "text", "output_text"),
          "refusal", new Text(Place.CONTENT, "refusal", "refusal"),
          "reasoning_text", new Text(Place.CONTENT, "text", "reasoning_text"),
          "reasoning_summary_text", new Text(Place.SUMMARY, "text", "summary_text"),
          "function_call_arguments", new Text(Place.ITEM, "arguments", ""),
          "mcp_call_arguments", new Text(Place.ITEM, "arguments", ""),
          "custom_tool_call_input", new Text(Place.ITEM, "input", ""),
          "code_interpreter_call_code", new Text(Place.ITEM, "code", ""));

  private final DraftList output = new DraftList();
  private Draft response = new Draft(budget);

  ResponsesRebuild(long maxMessageBytes) {
    super(maxMessageBytes);
  }

  @Override
  void take(SseEvent event) {
    if (event.dataIs(DONE)) {
      return;
    }
    Obj object = object(event);
    if (object == null) {
      return;
    }
    String type = object.string("type");
    Json error = object.get("error");
    if ("error".equals(type) || (type == null && error instanceof Obj)) {
      fail(object, error instanceof Obj ? error : object);
    } else if (type != null && type.startsWith(PREFIX)) {
      take(type.substring(PREFIX.length()), object);
    } else {
      unknown(type == null ? event.name() : type, object);
    }
  }

  @Override
  void afterEnd(SseEvent event) {
    if (!event.dataIs(DONE)) {
      super.afterEnd(event);
    }
  }

  private void take(String name, Obj event) {
    switch (name) {
      case "created", "queued", "in_progress" -> replace(event);
      case "completed", "incomplete", "cancelled" -> {
        replace(event);
        end(StreamEnd.COMPLETE);
      }
      case "failed" -> {
        replace(event);
        Obj failed = event.object("response");
        Json error = failed == null ? null : failed.get("error");
        fail(event, error instanceof Obj ? error : event);
      }
      case "output_item.added", "output_item.done" -> item(event);
      case "content_part.added", "content_part.done" -> part(Place.CONTENT, event);
      case "reasoning_summary_part.added", "reasoning_summary_part.done" ->
          part(Place.SUMMARY, event);
      case "output_text.annotation.added" -> annotation(event);
      case "image_generation_call.partial_image" -> partialImage(event);
      default -> step(name, event);
    }
  }

  /** Takes the response as the event gives it, but the output only if it gives any. */
  private void replace(Obj event) {
    Obj snapshot = event.object("response");
    if (snapshot == null) {
      odd("an event without its response");
      return;
    }
    Draft next = new Draft(budget);
    snapshot
        .members()
        .forEach((name, value) -> {
          if (name.equals("output")) {
            if (value instanceof Arr(List<Json> items) && !items.isEmpty()) {
              output.clear();
              items.forEach(this::whole);
            }
            next.adopt("output", output);
          } else {
            next.set(name, value);
          }
        });
    Json kept = response.object().get(DELTAS);
    if (kept instanceof Arr(List<Json> deltas)) {
      deltas.forEach(each -> next.push(DELTAS, each));
    }
    response = next;
  }

  private void whole(Json item) {
    Draft draft = item instanceof Obj object ? Draft.of(budget, object) : null;
    if (draft != null) {
      output.put(output.next(), draft);
    }
  }

  private void item(Obj event) {
    Obj item = event.object("item");
    if (item == null) {
      odd("an output item that is no object: ignored");
      return;
    }
    String type = item.string("type");
    if (!"message".equals(type) && !"reasoning".equals(type)) {
      token();
    }
    Draft before = find(event);
    Draft draft = Draft.of(budget, item);
    if (draft != null) {
      long index = event.integer("output_index").orElse(output.next());
      if (before != null && event.integer("output_index").isEmpty()) {
        output.replace(before, draft);
      } else {
        output.put(index, draft);
      }
      response.adopt("output", output);
    }
  }

  /** The item that an event is about: by its index, else by its id. */
  private @Nullable Draft find(Obj event) {
    OptionalLong index = event.integer("output_index");
    if (index.isPresent()) {
      return output.get(index.getAsLong());
    }
    Obj item = event.object("item");
    String id = item == null ? event.string("item_id") : item.string("id");
    return id == null ? null : output.find(each -> id.equals(each.string("id")));
  }

  private void part(Place place, Obj event) {
    Draft item = find(event);
    Obj part = event.object("part");
    if (item == null || part == null) {
      unknown("part without its item", event);
      return;
    }
    DraftList parts = item.list(place.list);
    Draft draft = Draft.of(budget, part);
    if (draft != null) {
      parts.put(event.integer(place.index).orElse(parts.next()), draft);
    }
  }

  private void annotation(Obj event) {
    Draft item = find(event);
    Json annotation = event.get("annotation");
    Draft part = item == null ? null : partOf(item, TEXTS.get("output_text"), event);
    if (part == null || annotation == null) {
      unknown("annotation without its part", event);
    } else {
      part.place("annotations", event.integer("annotation_index").orElse(-1), annotation);
    }
  }

  private void partialImage(Obj event) {
    Draft item = find(event);
    Json image = event.get("partial_image_b64");
    if (item != null && image != null) {
      token();
      item.set("partial_image_b64", image);
    }
  }

  /** An event of the shape SUBJECT.VERB. */
  private void step(String name, Obj event) {
    int dot = name.lastIndexOf('.');
    String subject = dot < 0 ? name : name.substring(0, dot);
    String verb = name.substring(dot + 1);
    Text text = TEXTS.get(subject);
    Draft item = find(event);
    if (text != null && item != null && (verb.equals("delta") || verb.equals("done"))) {
      Draft holder = text.place == Place.ITEM ? item : partOf(item, text, event);
      if (holder != null && grow(holder, text.field, verb, event)) {
        return;
      }
    } else if (item != null && dot > 0 && isState(subject, verb)) {
      item.set("status", new Str(verb));
      return;
    }
    if (isText(event.get("delta"))) {
      token();
    }
    unknown(name, event);
  }

  private static boolean isState(String subject, String verb) {
    boolean named =
        subject.endsWith("_call")
            || subject.equals("mcp_list_tools")
            || subject.equals("compaction");
    return named && !verb.equals("delta") && !verb.equals("done");
  }

  private boolean grow(Draft holder, String field, String verb, Obj event) {
    if (verb.equals("done")) {
      Json whole = event.get(field);
      if (whole != null) {
        holder.set(field, whole);
      }
      return whole != null;
    }
    String delta = event.string("delta");
    if (delta == null) {
      return false;
    }
    if (!delta.isEmpty()) {
      token();
    }
    holder.append(field, delta);
    if (event.get("logprobs") instanceof Arr(List<Json> probabilities)) {
      probabilities.forEach(each -> holder.push("logprobs", each));
    }
    return true;
  }

  /** The part of an item that an event is about; made if no event has added it. */
  private @Nullable Draft partOf(Draft item, @Nullable Text text, Obj event) {
    if (text == null) {
      return null;
    }
    DraftList parts = item.list(text.place.list);
    long index = event.integer(text.place.index).orElse(0);
    Draft part = parts.get(index);
    if (part == null) {
      odd("a text whose part was not added: added");
      part = Draft.of(budget, new Obj().put("type", text.partType));
      if (part != null) {
        parts.put(index, part);
      }
    }
    return part;
  }

  /** What is not known is kept, with its item if there is one, until that is done. */
  private void unknown(String name, Obj event) {
    odd("unknown or misplaced event " + quoted(name) + ": kept in " + DELTAS);
    Draft item = find(event);
    (item == null ? response : item).push(DELTAS, event);
  }

  @Override
  Obj message() {
    if (!output.isEmpty()) {
      response.adopt("output", output);
    }
    return response.object();
  }

  @Override
  StreamEnd atEndOfBody() {
    return StreamEnd.UPSTREAM_EOF;
  }

  @Override
  void close(StreamEnd end) {
    if (response.object().members().isEmpty() && end != StreamEnd.ERROR) {
      note("no response.created");
    }
  }
}
