package dev.tapedeck.formats.har;

import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Cookies out of header fields (RFC 6265, sections 4.1 and 4.2). */
final class HarCookies {

  private static final Pattern PARTS = Pattern.compile(";");

  private HarCookies() {}

  /** Those that a request sends. */
  static Arr sent(List<HarField> headers) {
    Arr cookies = new Arr();
    headers.stream()
        .filter(header -> header.name().equalsIgnoreCase("cookie"))
        .flatMap(header -> PARTS.splitAsStream(header.value()))
        .map(String::strip)
        .filter(pair -> !pair.isEmpty())
        .forEach(pair -> cookies.add(pair(pair)));
    return cookies;
  }

  /** Those that a response sets: one for each field. */
  static Arr set(List<HarField> headers) {
    Arr cookies = new Arr();
    headers.stream()
        .filter(header -> header.name().equalsIgnoreCase("set-cookie"))
        .forEach(header -> cookies.add(cookie(header.value())));
    return cookies;
  }

  private static Obj cookie(String value) {
    List<String> parts = PARTS.splitAsStream(value).map(String::strip).toList();
    Obj cookie = pair(parts.isEmpty() ? "" : parts.getFirst());
    for (String part : parts.subList(Math.min(1, parts.size()), parts.size())) {
      int equals = part.indexOf('=');
      String name = (equals < 0 ? part : part.substring(0, equals)).toLowerCase(Locale.ROOT);
      String text = equals < 0 ? "" : part.substring(equals + 1);
      switch (name) {
        case "path" -> cookie.put("path", text);
        case "domain" -> cookie.put("domain", text);
        case "expires" -> expires(cookie, text);
        case "httponly" -> cookie.put("httpOnly", true);
        case "secure" -> cookie.put("secure", true);
        case "samesite" -> cookie.put("sameSite", text);
        default -> {
          // HAR has no place for others.
        }
      }
    }
    return cookie;
  }

  private static void expires(Obj cookie, String text) {
    try {
      cookie.put(
          "expires", DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from).toString());
    } catch (DateTimeException unreadable) {
      cookie.put("_expires", text);
    }
  }

  private static Obj pair(String text) {
    int equals = text.indexOf('=');
    return new Obj()
        .put("name", equals < 0 ? "" : text.substring(0, equals).strip())
        .put("value", text.substring(equals + 1).strip());
  }
}
