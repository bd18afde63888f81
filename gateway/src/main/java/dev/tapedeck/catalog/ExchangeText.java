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
 *
 * @param status of HTTP; from 400 on all of the answer is what went wrong, whatever it is, and so
 *     is a page of HTML in a model's place
 */
record ExchangeText(Protocol protocol, int status, String request, String answer) {

  /** The first status that is an error. */
  private static final int ERRORS = 400;

  /** What follows in an error's page is not read. */
  private static final int MAX_PAGE_CHARS = 4 << 20;

  static ExchangeText of(Obj entry) {
    Obj request = Objects.requireNonNullElseGet(entry.object("request"), Obj::new);
    Obj response = Objects.requireNonNullElseGet(entry.object("response"), Obj::new);
    return new ExchangeText(
        Protocol.of(Objects.requireNonNullElse(request.string("url"), "")),
        (int) response.integer("status").orElse(0),
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
    List<Part> parts = new ArrayList<>();
    if (protocol != Protocol.UNKNOWN) {
      parts.addAll(Conversation.request(protocol, json(request)));
    }
    Json told = protocol != Protocol.UNKNOWN || status >= ERRORS ? json(answer) : null;
    List<Part> answered = Conversation.answer(protocol, told);
    // A page in the place of an answer is a proxy's, a login's, ...
    boolean page = protocol != Protocol.UNKNOWN && told == null && HtmlText.isHtml(answer);
    if (status < ERRORS && !page) {
      parts.addAll(answered);
    } else {
      answered.stream().filter(part -> part.kind() != Part.Kind.ERROR).forEach(parts::add);
      parts.add(error(answered, told));
    }
    return parts;
  }

  /** All that a body says that came with an error's status: JSON, a page of HTML, or text. */
  private Part error(List<Part> answered, @Nullable Json told) {
    String type = Integer.toString(status);
    for (Part part : answered) {
      if (part.kind() == Part.Kind.ERROR && part.name() != null) {
        type = part.name();
      }
    }
    StringBuilder text = new StringBuilder();
    if (told != null) {
      read("", told, text);
    } else {
      String body = answer.substring(0, Math.min(answer.length(), MAX_PAGE_CHARS));
      text.append(HtmlText.isHtml(body) ? HtmlText.of(body) : body);
    }
    return new Part("assistant", Part.Kind.ERROR, text.toString().strip(), type, null);
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
