package dev.tapedeck.formats.llm;

import static dev.tapedeck.formats.llm.Anomalies.quoted;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import dev.tapedeck.formats.sse.SseEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * <p>What is added first grows by its deltas and is replaced by what is done, but never by less:
 * see {@link ResponsesDone}. A stream that is resumed begins with any event, so that what it is
 * about is made. The same events come as messages of a WebSocket, where one rebuild is for one
 * response.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses-streaming">Streaming
 *     events</a>
 */
final class ResponsesAccumulator extends MessageAccumulator {

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
   * @param itemType the type of the item that holds it
   * @param partType the type of the part that holds it, if it lies in one
   */
  private record Text(Place place, String field, String itemType, String partType) {}

  private static final Map<String, Text> TEXTS =
      Map.of(
          "output_text", new Text(Place.CONTENT, "text", "message", "output_text"),
          "refusal", new Text(Place.CONTENT, "refusal", "message", "refusal"),
          "reasoning_text", new Text(Place.CONTENT, "text", "reasoning", "reasoning_text"),
          "reasoning_summary_text", new Text(Place.SUMMARY, "text", "reasoning", "summary_text"),
          "function_call_arguments", new Text(Place.ITEM, "arguments", "function_call", ""),
          "mcp_call_arguments", new Text(Place.ITEM, "arguments", "mcp_call", ""),
          "custom_tool_call_input", new Text(Place.ITEM, "input", "custom_tool_call", ""),
          "code_interpreter_call_code", new Text(Place.ITEM, "code", "code_interpreter_call", ""));

  private final DraftList output = new DraftList();

  /** Where the items lie that gave an id. */
  private final Map<String, Long> places = new HashMap<>();

  private Draft response = new Draft(budget);

  ResponsesAccumulator(long maxMessageBytes) {
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
    if ("error".equals(type) || (type == null && (error instanceof Obj || isError(event)))) {
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
      case "output_item.added", "output_item.done" -> item(name, event);
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
            merge(Parts.objects(value));
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

  /** What a response says of its items; those that it leaves out stay. */
  private void merge(List<Obj> items) {
    List<Map.Entry<Long, Draft>> before = output.entries();
    List<Obj> views = before.stream().map(each -> each.getValue().object()).toList();
    int[] matches = ResponsesDone.matches(views, items);
    for (int i = 0; i < items.size(); i++) {
      if (matches[i] < 0) {
        put(output.next(), items.get(i), null);
      } else {
        put(before.get(matches[i]).getKey(), items.get(i), views.get(matches[i]));
      }
    }
  }

  private void put(long index, Obj item, @Nullable Obj before) {
    Draft draft = Draft.of(budget, before == null ? item : ResponsesDone.over(before, item));
    if (draft != null) {
      output.put(index, draft);
      String id = item.string("id");
      if (id != null) {
        places.put(id, index);
      }
    }
  }

  private void item(String name, Obj event) {
    Obj item = event.object("item");
    if (item == null) {
      odd("an output item that is no object: ignored");
      return;
    }
    String type = item.string("type");
    if (!"message".equals(type) && !"reasoning".equals(type)) {
      token();
    }
    OptionalLong place = place(event);
    Draft before = place.isPresent() ? output.get(place.getAsLong()) : null;
    if (before != null && isAnother(before, item, name.endsWith("added"))) {
      odd("a second item for an index: taken as the next");
      before = null;
      place = OptionalLong.empty();
    }
    put(place.orElse(output.next()), item, before == null ? null : before.object());
    response.adopt("output", output);
  }

  /** Some servers number every item 0, and some give an item another id in each event. */
  private static boolean isAnother(Draft before, Obj item, boolean added) {
    String known = before.string("id");
    String id = item.string("id");
    return known != null
        && id != null
        && !id.equals(known)
        && (added || !Objects.equals(before.string("type"), item.string("type")));
  }

  /** Where the item lies, or will lie, that an event is about: by its id, else by its index. */
  private OptionalLong place(Obj event) {
    OptionalLong index = event.integer("output_index");
    Obj item = event.object("item");
    String id = item == null ? event.string("item_id") : item.string("id");
    Long known = id == null ? null : places.get(id);
    return known == null ? index : OptionalLong.of(known);
  }

  private @Nullable Draft find(Obj event) {
    OptionalLong place = place(event);
    return place.isPresent() ? output.get(place.getAsLong()) : null;
  }

  /** The item that an event is about; made where the stream began after it. */
  private @Nullable Draft itemOf(Obj event, String type) {
    Draft known = find(event);
    if (known != null || type.isEmpty()) {
      return known;
    }
    odd("an item that was not added: added");
    Obj item = new Obj();
    if (event.get("item_id") instanceof Str id) {
      item.put("id", id);
    }
    item.put("type", type);
    if (type.equals("message")) {
      item.put("role", "assistant");
    }
    long index = place(event).orElse(output.next());
    put(index, item, null);
    response.adopt("output", output);
    return output.get(index);
  }

  private void part(Place place, Obj event) {
    Obj part = event.object("part");
    Draft item = part == null ? null : itemOf(event, itemType(place, part));
    if (item == null || part == null) {
      unknown("part without its item", event);
      return;
    }
    DraftList parts = item.list(place.list);
    long index = event.integer(place.index).orElse(parts.next());
    Draft before = parts.get(index);
    Draft draft =
        Draft.of(budget, before == null ? part : ResponsesDone.over(before.object(), part));
    if (draft != null) {
      parts.put(index, draft);
    }
  }

  private static String itemType(Place place, Obj part) {
    boolean reasoning = place == Place.SUMMARY || "reasoning_text".equals(part.string("type"));
    return reasoning ? "reasoning" : "message";
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
    boolean grows = verb.equals("delta") || verb.equals("done");
    Draft item = text != null && grows ? itemOf(event, text.itemType) : find(event);
    if (text != null && grows && item != null) {
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
      if (whole != null && (isText(whole) || !isText(holder.view(field)))) {
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
