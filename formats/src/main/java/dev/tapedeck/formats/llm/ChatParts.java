package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import dev.tapedeck.formats.llm.Part.Kind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is said in OpenAI's chat completions. */
final class ChatParts {

  private ChatParts() {}

  static void request(Obj request, Parts to) {
    for (Obj message : Parts.objects(request.get("messages"))) {
      message(Objects.requireNonNullElse(message.string("role"), Parts.USER), message, to);
    }
  }

  static void answer(Obj completion, Parts to) {
    for (Obj choice : Parts.objects(completion.get("choices"))) {
      Obj message = choice.object("message");
      if (message != null) {
        message(Parts.ASSISTANT, message, to);
      }
    }
  }

  private static void message(String role, Obj message, Parts to) {
    switch (role) {
      case "system", "developer" -> content(Parts.SYSTEM, Kind.SYSTEM, message.get("content"), to);
      case "tool", "function" ->
          to.add(
              Parts.TOOL,
              Kind.TOOL_RESULT,
              Parts.readable(message.get("content")),
              message.string("name"),
              message.string("tool_call_id"));
      default -> {
        to.say(role, Kind.THINKING, Parts.first(message, "reasoning_content", "reasoning"));
        content(role, Kind.TEXT, message.get("content"), to);
        to.say(role, Kind.REFUSAL, message.string("refusal"));
        Parts.objects(message.get("tool_calls")).forEach(call -> call(role, call, to));
        Obj function = message.object("function_call");
        if (function != null) {
          call(role, new Obj().put("function", function), to);
        }
      }
    }
  }

  private static void content(String role, Kind kind, @Nullable Json content, Parts to) {
    if (content instanceof Str(String text)) {
      to.say(role, kind, text);
    }
    for (Obj part : Parts.objects(content)) {
      switch (String.valueOf(part.string("type"))) {
        case "text" -> to.say(role, kind, part.string("text"));
        case "thinking" -> to.say(role, Kind.THINKING, Parts.readable(part.get("thinking")));
        case "refusal" -> to.say(role, Kind.REFUSAL, part.string("refusal"));
        case "image_url" -> {
          Obj image = part.object("image_url");
          to.add(role, Kind.IMAGE, Parts.address(image == null ? null : image.string("url")));
        }
        case "file" -> {
          Obj file = part.object("file");
          String name = file == null ? null : Parts.first(file, "filename", "file_id");
          to.add(role, Kind.DOCUMENT, Objects.requireNonNullElse(name, ""));
        }
        default -> to.other(role, part);
      }
    }
  }

  private static void call(String role, Obj call, Parts to) {
    Obj function = call.object("function");
    Obj custom = call.object("custom");
    Obj what = function != null ? function : custom != null ? custom : call;
    Json input = what.get("arguments");
    to.add(
        role,
        Kind.TOOL_CALL,
        Parts.input(input == null ? what.get("input") : input),
        what.string("name"),
        call.string("id"));
  }
}
