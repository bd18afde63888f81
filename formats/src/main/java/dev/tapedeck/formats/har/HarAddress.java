package dev.tapedeck.formats.har;

import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an entry says of addresses and of header fields. */
final class HarAddress {

  /** A stream's type, as browsers' tools look for it: without parameters and in small letters. */
  static final String EVENT_STREAM = "text/event-stream";

  private static final Pattern PARAMETERS = Pattern.compile("&");

  private HarAddress() {}

  /** Path and query. */
  static String path(String url) {
    int authority = url.indexOf("://");
    int slash = url.indexOf('/', authority < 0 ? 0 : authority + 3);
    return slash < 0 ? "/" : url.substring(slash);
  }

  /** The query's parameters, decoded, in order. */
  static Arr query(String url) {
    Arr query = new Arr();
    int begin = url.indexOf('?');
    if (begin >= 0) {
      int end = url.indexOf('#', begin);
      PARAMETERS
          .splitAsStream(end < 0 ? url.substring(begin + 1) : url.substring(begin + 1, end))
          .filter(parameter -> !parameter.isEmpty())
          .forEach(parameter -> query.add(parameter(parameter)));
    }
    return query;
  }

  private static Obj parameter(String text) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? text : text.substring(0, equals);
    String value = equals < 0 ? "" : text.substring(equals + 1);
    return new Obj().put("name", decoded(name)).put("value", decoded(value));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }

  /** The first field of that name, or null. */
  static @Nullable String first(List<HarField> fields, String name) {
    for (HarField field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        return field.value();
      }
    }
    return null;
  }

  /** What {@code Content-Type} says, or what Chrome writes where nothing does. */
  static String mimeType(List<HarField> fields) {
    String type = first(fields, "content-type");
    return type == null || type.isBlank() ? "x-unknown" : type;
  }

  static boolean isEventStream(List<HarField> fields) {
    return mimeType(fields).split(";", 2)[0].strip().equalsIgnoreCase(EVENT_STREAM);
  }
}
