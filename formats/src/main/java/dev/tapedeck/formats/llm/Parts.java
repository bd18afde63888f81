package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Bool;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import dev.tapedeck.formats.llm.Part.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parts of a conversation as they are gathered, in any API's notation. */
final class Parts {

  static final String SYSTEM = "system";
  static final String USER = "user";
  static final String ASSISTANT = "assistant";
  static final String TOOL = "tool";

  /** Members that hold nothing to read. */
  private static final Set<String> SILENT =
      Set.of("type", "id", "data", "signature", "media_type", "cache_control", "status", "role");

  private final List<Part> parts = new ArrayList<>();

  List<Part> all() {
    return List.copyOf(parts);
  }

  void add(String role, Kind kind, String text) {
    add(role, kind, text, null, null);
  }

  void add(String role, Kind kind, String text, @Nullable String name, @Nullable String id) {
    parts.add(new Part(role, kind, text, name, id));
  }

  /** Adds a text, but not an empty one. */
  void say(String role, Kind kind, @Nullable String text) {
    if (text != null && !text.isEmpty()) {
      add(role, kind, text);
    }
  }

  void other(String role, Obj what) {
    add(role, Kind.OTHER, readable(what), what.string("type"), what.string("id"));
  }

  /** The error that an answer has, if it has one. */
  void error(Obj answer) {
    for (String member : new String[] {"_error", "error"}) {
      Json error = answer.get(member);
      if (error != null && !(error instanceof Null)) {
        Obj object = error instanceof Obj known ? known : new Obj();
        String message = object.string("message");
        String type = first(object, "type", "status", "code");
        add(ASSISTANT, Kind.ERROR, message == null ? readable(error) : message, type, null);
        return;
      }
    }
  }

  /** The first of some members that is a string. */
  static @Nullable String first(Obj object, String... names) {
    for (String name : names) {
      String value = object.string(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** The objects in an array; none if it is no array. */
  static List<Obj> objects(@Nullable Json value) {
    List<Obj> objects = new ArrayList<>();
    if (value instanceof Arr(List<Json> values)) {
      for (Json each : values) {
        if (each instanceof Obj object) {
          objects.add(object);
        }
      }
    }
    return objects;
  }

  /** A call's input: JSON as it is, a string as it reads. */
  static String input(@Nullable Json value) {
    return switch (value) {
      case null -> "";
      case Str(String text) -> text;
      case Obj object -> object.text();
      case Arr array -> array.text();
      case Num _, Bool _, Null _ -> value.text();
    };
  }

  /** All that a person could read in a value, a line for each string; ids and encoded bytes not. */
  static String readable(@Nullable Json value) {
    StringBuilder out = new StringBuilder();
    read(value, out);
    return out.toString();
  }

  private static void read(@Nullable Json value, StringBuilder out) {
    switch (value) {
      case null -> {}
      case Str(String text) -> line(text, out);
      case Num(String text) -> line(text, out);
      case Arr(List<Json> values) -> values.forEach(each -> read(each, out));
      case Obj(Map<String, Json> members) ->
          members.forEach((name, each) -> {
            if (!isSilent(name)) {
              read(each, out);
            }
          });
      case Bool _, Null _ -> {}
    }
  }

  private static boolean isSilent(String name) {
    return SILENT.contains(name)
        || name.endsWith("_id")
        || name.startsWith("encrypted_")
        || name.endsWith("_b64")
        || name.endsWith("_index");
  }

  private static void line(String text, StringBuilder out) {
    if (!text.isEmpty()) {
      out.append(out.isEmpty() ? "" : "\n").append(text);
    }
  }

  /** What an image is whose bytes are in base64, as far as their beginning tells. */
  static String picture(String base64) {
    return switch (base64.substring(0, Math.min(4, base64.length()))) {
      case "iVBO" -> "image/png";
      case "/9j/" -> "image/jpeg";
      case "R0lG" -> "image/gif";
      case "UklG" -> "image/webp";
      default -> "image";
    };
  }

  /** What an address says about itself: one that holds the bytes is cut before them. */
  static String address(@Nullable String url) {
    if (url == null) {
      return "";
    }
    int comma = url.indexOf(',');
    return url.startsWith("data:") && comma > 0 ? url.substring("data:".length(), comma) : url;
  }
}
