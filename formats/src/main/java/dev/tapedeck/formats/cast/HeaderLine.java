package dev.tapedeck.formats.cast;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a header of the first line's JSON, or says what is wrong with it. */
final class HeaderLine {

  private final Map<?, ?> fields;

  private HeaderLine(Map<?, ?> fields) {
    this.fields = fields;
  }

  static CastHeader parse(@Nullable Object json) throws CastFormatException {
    if (!(json instanceof Map<?, ?> fields)) {
      throw refused("is no header; a recording begins with a JSON object");
    }
    HeaderLine line = new HeaderLine(fields);
    Long version = line.integer("version", Long.MAX_VALUE);
    if (version == null) {
      throw refused("has no version; it is 2 or 3");
    }
    if (version == 2) {
      return line.version2();
    }
    if (version == 3) {
      return line.version3();
    }
    throw refused("has version " + version + "; 2 and 3 are known");
  }

  private CastHeader version2() throws CastFormatException {
    return new CastHeader(
        2,
        size("width"),
        size("height"),
        integer("timestamp", Long.MAX_VALUE),
        seconds("duration"),
        seconds("idle_time_limit"),
        string("command"),
        string("title"),
        env(),
        theme(),
        null,
        null);
  }

  private CastHeader version3() throws CastFormatException {
    HeaderLine term = object("term");
    if (term == null) {
      throw refused("has no term; version 3 needs one with cols and rows");
    }
    return new CastHeader(
        3,
        term.size("cols"),
        term.size("rows"),
        integer("timestamp", Long.MAX_VALUE),
        null,
        seconds("idle_time_limit"),
        string("command"),
        string("title"),
        env(),
        term.theme(),
        term.string("type"),
        term.string("version"));
  }

  private @Nullable CastTheme theme() throws CastFormatException {
    HeaderLine theme = object("theme");
    return theme == null
        ? null
        : new CastTheme(theme.string("fg"), theme.string("bg"), theme.string("palette"));
  }

  /** Values should be strings; numbers and booleans are read as their text, null as absent. */
  private Map<String, String> env() throws CastFormatException {
    HeaderLine env = object("env");
    Map<String, String> variables = new LinkedHashMap<>();
    if (env != null) {
      for (Map.Entry<?, ?> entry : env.fields.entrySet()) {
        String name = String.valueOf(entry.getKey());
        switch (entry.getValue()) {
          case null -> {}
          case String text -> variables.put(name, text);
          case JsonLine.Num number -> variables.put(name, number.text());
          case Boolean truth -> variables.put(name, truth.toString());
          default -> throw refused("has a list or object in env; its values are strings");
        }
      }
    }
    return variables;
  }

  private int size(String name) throws CastFormatException {
    Long value = integer(name, CastHeader.MAX_SIZE);
    if (value == null) {
      throw refused("has no " + name + "; it is a whole number up to " + CastHeader.MAX_SIZE);
    }
    return Math.toIntExact(value);
  }

  private @Nullable Long integer(String name, long max) throws CastFormatException {
    Object value = fields.get(name);
    if (value == null) {
      return null;
    }
    if (value instanceof JsonLine.Num number && number.text().matches("[0-9]{1,18}")) {
      long result = Long.parseLong(number.text());
      if (result <= max) {
        return result;
      }
    }
    String limit = max == Long.MAX_VALUE ? ", from 0" : " from 0 to " + max;
    throw refused("has a " + name + " that is no whole number" + limit);
  }

  private @Nullable Double seconds(String name) throws CastFormatException {
    Object value = fields.get(name);
    if (value == null) {
      return null;
    }
    if (value instanceof JsonLine.Num number) {
      double seconds = Double.parseDouble(number.text());
      if (seconds >= 0 && Double.isFinite(seconds)) {
        return seconds;
      }
    }
    throw refused("has a bad " + name + "; it is a number of seconds, from 0");
  }

  private @Nullable String string(String name) throws CastFormatException {
    Object value = fields.get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw refused("has a " + name + " that is no string");
  }

  private @Nullable HeaderLine object(String name) throws CastFormatException {
    Object value = fields.get(name);
    if (value == null) {
      return null;
    }
    if (value instanceof Map<?, ?> map) {
      return new HeaderLine(map);
    }
    throw refused("has a " + name + " that is no object");
  }

  private static CastFormatException refused(String reason) {
    return new CastFormatException(1, "the header " + reason);
  }
}
