package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import java.util.List;
import java.util.Set;

/**
 * A message's content that comes as parts, as Mistral's thinking does, perhaps with strings before
 * or after it: parts of one type that follow each other are one.
 *
 * <pre>
 *   [{"type":"thinking","thinking":[{"type":"text","text":"..."}]}, {"type":"text","text":"..."}]
 * </pre>
 */
final class ChatContent {

  private static final String CONTENT = "content";
  private static final Set<String> TEXT = Set.of("type", "text");
  private static final Set<String> THINKING = Set.of("type", "thinking");

  private ChatContent() {}

  /** Appends a string or parts; false if it is neither. */
  static boolean append(Draft message, Json value, Budget budget) {
    boolean inParts = message.view(CONTENT) instanceof Arr;
    return switch (value) {
      case Str(String text) when !inParts -> {
        message.append(CONTENT, text);
        yield true;
      }
      case Str(String text) -> {
        if (!text.isEmpty()) {
          add(message.list(CONTENT), text(text), budget);
        }
        yield true;
      }
      case Arr(List<Json> parts) -> {
        parts(message, inParts, parts, budget);
        yield true;
      }
      case Null _ -> true;
      case Obj _, Json.Num _, Json.Bool _ -> false;
    };
  }

  private static void parts(Draft message, boolean inParts, List<Json> parts, Budget budget) {
    if (parts.isEmpty()) {
      return;
    }
    if (!inParts) {
      String before = message.text(CONTENT);
      message.set(CONTENT, new Arr());
      if (before != null && !before.isEmpty()) {
        add(message.list(CONTENT), text(before), budget);
      }
    }
    DraftList content = message.list(CONTENT);
    for (Json part : parts) {
      if (part instanceof Obj object) {
        add(content, object, budget);
      } else if (part instanceof Str(String text)) {
        add(content, text(text), budget);
      }
    }
  }

  private static Obj text(String text) {
    return new Obj().put("type", "text").put("text", text);
  }

  private static void add(DraftList content, Obj part, Budget budget) {
    Draft last = content.latest();
    String type = part.string("type");
    if (last != null && type != null && type.equals(last.string("type"))) {
      if (part.get("text") instanceof Str(String text) && only(TEXT, last, part)) {
        last.append("text", text);
        return;
      }
      if (part.get("thinking") instanceof Arr(List<Json> thoughts) && only(THINKING, last, part)) {
        DraftList before = last.list("thinking");
        for (Obj thought : Parts.objects(new Arr(thoughts))) {
          add(before, thought, budget);
        }
        return;
      }
    }
    Draft draft = Draft.of(budget, part);
    if (draft != null) {
      content.put(content.next(), draft);
    }
  }

  private static boolean only(Set<String> names, Draft last, Obj part) {
    return names.containsAll(last.names()) && names.containsAll(part.members().keySet());
  }
}
