package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Bool;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import dev.tapedeck.formats.llm.Part.Kind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is said in Anthropic's Messages. */
final class AnthropicParts {

  private AnthropicParts() {}

  static void request(Obj request, Parts to) {
    if (request.get("system") instanceof Str(String text)) {
      to.say(Parts.SYSTEM, Kind.SYSTEM, text);
    }
    for (Obj block : Parts.objects(request.get("system"))) {
      to.say(Parts.SYSTEM, Kind.SYSTEM, block.string("text"));
    }
    for (Obj message : Parts.objects(request.get("messages"))) {
      String role = Objects.requireNonNullElse(message.string("role"), Parts.USER);
      content(role, message.get("content"), to);
    }
  }

  static void answer(Obj message, Parts to) {
    content(
        Objects.requireNonNullElse(message.string("role"), Parts.ASSISTANT),
        message.get("content"),
        to);
    strays(message, to);
  }

  /** Text that came where it does not belong. */
  private static void strays(Obj holder, Parts to) {
    for (Obj stray : Parts.objects(holder.get("_deltas"))) {
      Obj event = stray.object("delta");
      Obj delta = event == null ? stray : event;
      to.say(Parts.ASSISTANT, Kind.TEXT, delta.string("text"));
      to.say(Parts.ASSISTANT, Kind.THINKING, delta.string("thinking"));
      to.say(Parts.ASSISTANT, Kind.OTHER, delta.string("partial_json"));
    }
  }

  private static void content(String role, @Nullable Json content, Parts to) {
    if (content instanceof Str(String text)) {
      to.say(role, Kind.TEXT, text);
    }
    for (Obj block : Parts.objects(content)) {
      block(role, block, to);
      strays(block, to);
    }
  }

  private static void block(String role, Obj block, Parts to) {
    String type = String.valueOf(block.string("type"));
    switch (type) {
      case "text" -> to.say(role, Kind.TEXT, block.string("text"));
      case "thinking" -> to.say(role, Kind.THINKING, block.string("thinking"));
      case "redacted_thinking" -> to.add(role, Kind.THINKING, "", type, null);
      case "tool_use", "server_tool_use", "mcp_tool_use" ->
          to.add(role, Kind.TOOL_CALL, input(block), block.string("name"), block.string("id"));
      case "image" -> to.add(role, Kind.IMAGE, source(block));
      case "document" -> to.add(role, Kind.DOCUMENT, document(block));
      default -> {
        if (type.endsWith("tool_result")) {
          result(type, block, to);
        } else {
          to.other(role, block);
        }
      }
    }
  }

  /** Input that is not whole yet is shown as far as it came. */
  private static String input(Obj block) {
    String raw = block.string("_input_raw");
    return raw == null ? Parts.input(block.get("input")) : raw;
  }

  private static void result(String type, Obj block, Parts to) {
    boolean failed =
        new Bool(true).equals(block.get("is_error"))
            || (block.get("content") instanceof Obj content
                && String.valueOf(content.string("type")).endsWith("_error"));
    to.add(
        Parts.TOOL,
        failed ? Kind.TOOL_ERROR : Kind.TOOL_RESULT,
        Parts.readable(block.get("content")),
        type.equals("tool_result") ? null : type,
        block.string("tool_use_id"));
  }

  private static String source(Obj block) {
    Obj source = block.object("source");
    String what = source == null ? null : Parts.first(source, "media_type", "url", "file_id");
    return Objects.requireNonNullElse(what, "");
  }

  private static String document(Obj block) {
    Obj source = block.object("source");
    String title = Objects.requireNonNullElse(block.string("title"), "");
    String text =
        source != null && "text".equals(source.string("type"))
            ? Objects.requireNonNullElse(source.string("data"), "")
            : source(block);
    return title.isEmpty() ? text : title + "\n" + text;
  }
}
