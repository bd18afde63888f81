package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import dev.tapedeck.formats.llm.Part.Kind;
import java.util.List;
import java.util.Objects;

/** What is said in Ollama's chats and completions. */
final class OllamaParts {

  private OllamaParts() {}

  static void request(Obj request, Parts to) {
    to.say(Parts.SYSTEM, Kind.SYSTEM, request.string("system"));
    for (Obj message : Parts.objects(request.get("messages"))) {
      message(Objects.requireNonNullElse(message.string("role"), Parts.USER), message, to);
    }
    to.say(Parts.USER, Kind.TEXT, request.string("prompt"));
    to.say(Parts.USER, Kind.TEXT, request.string("suffix"));
    images(Parts.USER, request, to);
  }

  static void answer(Obj answer, Parts to) {
    Obj message = answer.object("message");
    if (message != null) {
      message(Parts.ASSISTANT, message, to);
    }
    to.say(Parts.ASSISTANT, Kind.THINKING, answer.string("thinking"));
    to.say(Parts.ASSISTANT, Kind.TEXT, answer.string("response"));
  }

  private static void message(String role, Obj message, Parts to) {
    switch (role) {
      case Parts.SYSTEM -> to.say(role, Kind.SYSTEM, message.string("content"));
      case Parts.TOOL ->
          to.add(
              role,
              Kind.TOOL_RESULT,
              Parts.readable(message.get("content")),
              Parts.first(message, "tool_name", "name"),
              message.string("tool_call_id"));
      default -> {
        to.say(role, Kind.THINKING, message.string("thinking"));
        to.say(role, Kind.TEXT, message.string("content"));
        for (Obj call : Parts.objects(message.get("tool_calls"))) {
          Obj function = Objects.requireNonNullElse(call.object("function"), call);
          to.add(
              role,
              Kind.TOOL_CALL,
              Parts.input(function.get("arguments")),
              function.string("name"),
              call.string("id"));
        }
      }
    }
    images(role, message, to);
  }

  private static void images(String role, Obj holder, Parts to) {
    if (holder.get("images") instanceof Arr(List<Json> images)) {
      for (Json image : images) {
        to.add(role, Kind.IMAGE, Parts.picture(image instanceof Str(String bytes) ? bytes : ""));
      }
    }
  }
}
