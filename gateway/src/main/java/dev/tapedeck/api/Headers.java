package dev.tapedeck.api;

import dev.tapedeck.event.HttpHeader;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which header fields go on and which end at the gateway (RFC 9110, section 7.6.1). */
final class Headers {

  /** They are about one connection, not about the message. */
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-authentication-info",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings");

  private static final Pattern LIST = Pattern.compile(",");

  private Headers() {}

  /** Every field, in order; HTTP/2's pseudo-fields are none. */
  static List<HttpHeader> list(MultiMap headers) {
    List<HttpHeader> list = new ArrayList<>(headers.size());
    for (Map.Entry<String, String> field : headers.entries()) {
      if (!field.getKey().startsWith(":")) {
        list.add(new HttpHeader(field.getKey(), field.getValue()));
      }
    }
    return list;
  }

  /** Those that go on to the other side. */
  static List<HttpHeader> endToEnd(List<HttpHeader> headers) {
    Set<String> named = new HashSet<>();
    for (HttpHeader header : headers) {
      if (header.is("connection")) {
        LIST.splitAsStream(header.value())
            .map(name -> name.strip().toLowerCase(Locale.ROOT))
            .forEach(named::add);
      }
    }
    return headers.stream()
        .filter(header -> {
          String name = header.name().toLowerCase(Locale.ROOT);
          return !HOP_BY_HOP.contains(name) && !named.contains(name);
        })
        .toList();
  }

  /** Adds fields, but those that the library writes by itself. */
  static void put(List<HttpHeader> fields, MultiMap to) {
    for (HttpHeader field : fields) {
      if (!field.is("host") && !field.is("expect")) {
        to.add(field.name(), field.value());
      }
    }
  }

  /** The value of the first field of that name, or null. */
  static @Nullable String first(List<HttpHeader> headers, String name) {
    for (HttpHeader header : headers) {
      if (header.is(name)) {
        return header.value();
      }
    }
    return null;
  }
}
