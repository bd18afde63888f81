package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import dev.tapedeck.formats.llm.Part.Kind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is said in OpenAI's Responses. */
final class ResponsesParts {

  /** Where calls of the various tools have their input. */
  private static final String[] INPUTS = {
    "arguments", "input", "action", "actions", "code", "queries", "query", "operation"
  };

  private static final String[] RESULTS = {"output", "outputs", "results", "result", "error"};

  private ResponsesParts() {}

  static void request(Obj request, Parts to) {
    items(Parts.SYSTEM, Kind.SYSTEM, request.get("instructions"), to);
    items(Parts.USER, Kind.TEXT, request.get("input"), to);
  }

  static void answer(Obj response, Parts to) {
    items(Parts.ASSISTANT, Kind.TEXT, response.get("output"), to);
  }

  /** A string, or items. */
  private static void items(String role, Kind kind, @Nullable Json items, Parts to) {
    if (items instanceof Str(String text)) {
      to.say(role, kind, text);
    }
    Parts.objects(items).forEach(item -> item(role, item, to));
  }

  private static void item(String role, Obj item, Parts to) {
    String type = Objects.requireNonNullElse(item.string("type"), "message");
    switch (type) {
      case "message" -> message(Objects.requireNonNullElse(item.string("role"), role), item, to);
      case "reasoning" -> {
        Parts.objects(item.get("summary"))
            .forEach(part -> to.say(Parts.ASSISTANT, Kind.THINKING, part.string("text")));
        Parts.objects(item.get("content"))
            .forEach(part -> to.say(Parts.ASSISTANT, Kind.THINKING, part.string("text")));
      }
      case "image_generation_call" -> to.add(Parts.ASSISTANT, Kind.IMAGE, type);
      default -> {
        if (type.endsWith("_output")) {
          to.add(Parts.TOOL, Kind.TOOL_RESULT, result(item), null, item.string("call_id"));
        } else if (type.endsWith("_call")) {
          call(type, item, to);
        } else {
          to.other(role, item);
        }
      }
    }
  }

  private static void message(String role, Obj item, Parts to) {
    boolean system = role.equals("system") || role.equals("developer");
    String as = system ? Parts.SYSTEM : role;
    Kind kind = system ? Kind.SYSTEM : Kind.TEXT;
    if (item.get("content") instanceof Str(String text)) {
      to.say(as, kind, text);
    }
    for (Obj part : Parts.objects(item.get("content"))) {
      switch (String.valueOf(part.string("type"))) {
        case "input_text", "output_text", "text" -> to.say(as, kind, part.string("text"));
        case "refusal" -> to.say(as, Kind.REFUSAL, part.string("refusal"));
        case "input_image" ->
            to.add(as, Kind.IMAGE, Parts.address(Parts.first(part, "image_url", "file_id")));
        case "input_file" -> {
          String name = Parts.first(part, "filename", "file_url", "file_id");
          to.add(as, Kind.DOCUMENT, Objects.requireNonNullElse(name, ""));
        }
        default -> to.other(as, part);
      }
    }
  }

  /** A call; tools that the server runs have their result in the same item. */
  private static void call(String type, Obj item, Parts to) {
    String id = Parts.first(item, "call_id", "id");
    String name = Objects.requireNonNullElse(item.string("name"), type);
    to.add(Parts.ASSISTANT, Kind.TOOL_CALL, Parts.input(any(item, INPUTS)), name, id);
    String result = result(item);
    if (!result.isEmpty()) {
      boolean failed = "failed".equals(item.string("status"));
      to.add(Parts.TOOL, failed ? Kind.TOOL_ERROR : Kind.TOOL_RESULT, result, null, id);
    }
  }

  private static String result(Obj item) {
    return Parts.readable(any(item, RESULTS));
  }

  private static @Nullable Json any(Obj object, String[] names) {
    for (String name : names) {
      Json value = object.get(name);
      if (value != null && !(value instanceof Json.Null)) {
        return value;
      }
    }
    return null;
  }
}
