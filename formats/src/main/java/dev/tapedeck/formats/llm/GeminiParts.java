package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Bool;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import dev.tapedeck.formats.llm.Part.Kind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is said in Gemini's contents. */
final class GeminiParts {

  private GeminiParts() {}

  static void request(Obj request, Parts to) {
    for (String name : new String[] {"systemInstruction", "system_instruction"}) {
      Json system = request.get(name);
      if (system instanceof Str(String text)) {
        to.say(Parts.SYSTEM, Kind.SYSTEM, text);
      } else if (system instanceof Obj content) {
        Parts.objects(content.get("parts"))
            .forEach(part -> to.say(Parts.SYSTEM, Kind.SYSTEM, part.string("text")));
      }
    }
    Parts.objects(request.get("contents")).forEach(content -> content(Parts.USER, content, to));
  }

  static void answer(Obj answer, Parts to) {
    for (Obj candidate : Parts.objects(answer.get("candidates"))) {
      Obj content = candidate.object("content");
      if (content != null) {
        content(Parts.ASSISTANT, content, to);
      }
    }
  }

  private static void content(String otherwise, Obj content, Parts to) {
    String given = Objects.requireNonNullElse(content.string("role"), otherwise);
    String role = given.equals("model") ? Parts.ASSISTANT : given;
    Parts.objects(content.get("parts")).forEach(part -> part(role, part, to));
  }

  private static void part(String role, Obj part, Parts to) {
    Obj call = part.object("functionCall");
    Obj response = part.object("functionResponse");
    Obj bytes = part.object("inlineData");
    Obj file = part.object("fileData");
    if (part.get("text") instanceof Str(String text)) {
      boolean thought = new Bool(true).equals(part.get("thought"));
      to.say(role, thought ? Kind.THINKING : Kind.TEXT, text);
    } else if (call != null) {
      String input = Parts.input(call.get("args"));
      to.add(role, Kind.TOOL_CALL, input, call.string("name"), call.string("id"));
    } else if (response != null) {
      String text = Parts.readable(response.get("response"));
      String id = response.string("id");
      to.add(Parts.TOOL, Kind.TOOL_RESULT, text, response.string("name"), id);
    } else if (bytes != null) {
      media(role, bytes.string("mimeType"), to);
    } else if (file != null) {
      media(role, Parts.first(file, "fileUri", "mimeType"), to);
    } else {
      to.other(role, part);
    }
  }

  private static void media(String role, @Nullable String what, Parts to) {
    String text = Objects.requireNonNullElse(what, "");
    to.add(role, text.startsWith("image/") ? Kind.IMAGE : Kind.DOCUMENT, text);
  }
}
