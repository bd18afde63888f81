package dev.tapedeck.catalog;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Bool;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import dev.tapedeck.formats.llm.Conversation;
import dev.tapedeck.formats.llm.Part;
import dev.tapedeck.formats.llm.Protocol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange said, still as JSON: the two bodies and no more of the entry, so that one that
 * waits to be indexed holds little memory.
 */
record Said(Protocol protocol, String request, String answer) {

  static Said of(Obj entry) {
    Obj request = Objects.requireNonNullElseGet(entry.object("request"), Obj::new);
    Obj response = Objects.requireNonNullElseGet(entry.object("response"), Obj::new);
    return new Said(
        Protocol.of(Objects.requireNonNullElse(request.string("url"), "")),
        text(request.object("postData"), "_encoding"),
        text(response.object("content"), "encoding"));
  }

  /** A body that is no text says nothing. */
  private static String text(@Nullable Obj body, String encoding) {
    String text = body == null || body.get(encoding) != null ? null : body.string("text");
    return Objects.requireNonNullElse(text, "");
  }

  /** How many characters are held. */
  long size() {
    return (long) request.length() + answer.length();
  }

  /** Request and answer, in their order. */
  List<Part> parts() {
    if (protocol == Protocol.UNKNOWN) {
      return List.of();
    }
    List<Part> parts = new ArrayList<>(Conversation.request(protocol, json(request)));
    parts.addAll(Conversation.answer(protocol, json(answer)));
    return parts;
  }

  private static @Nullable Json json(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return Json.tryParse(utf8, 0, utf8.length).orElse(null);
  }

  /**
   * What of a part is searched: a call with its tool's name, and its input as it reads. As JSON
   * {@code \nword} would be the word {@code nword}.
   */
  static String searchable(Part part) {
    if (part.kind() != Part.Kind.TOOL_CALL) {
      return part.text();
    }
    StringBuilder out = new StringBuilder(Objects.requireNonNullElse(part.name(), ""));
    Json input = json(part.text());
    if (input == null) {
      out.append('\n').append(part.text());
    } else {
      read("", input, out);
    }
    return out.toString();
  }

  private static void read(String name, Json value, StringBuilder out) {
    switch (value) {
      case Obj(Map<String, Json> members) ->
          members.forEach((member, each) -> read(member, each, out));
      case Arr(List<Json> values) -> values.forEach(each -> read(name, each, out));
      case Str(String text) -> line(name, text, out);
      case Num(String text) -> line(name, text, out);
      case Bool(boolean bool) -> line(name, Boolean.toString(bool), out);
      case Null _ -> {}
    }
  }

  private static void line(String name, String text, StringBuilder out) {
    out.append('\n').append(name).append(name.isEmpty() ? "" : ": ").append(text);
  }
}
