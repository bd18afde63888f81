package dev.tapedeck.api.replay;

import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A form's fields, however they were sent: names and values of a query's kind (WHATWG URL, section
 * 5), or the parts of a multipart body (RFC 7578) without their boundary.
 */
final class Form {

  private static final Pattern PAIRS = Pattern.compile("&");
  private static final Pattern BOUNDARY =
      Pattern.compile("(?i)boundary=(?:\"([^\"]+)\"|([^;\\s]+))");
  private static final Pattern NAME = Pattern.compile("(?i)[;\\s]name=(?:\"([^\"]*)\"|([^;\\s]+))");
  private static final Pattern FILE = Pattern.compile("(?i)filename=(?:\"([^\"]*)\"|([^;\\s]+))");
  private static final Pattern TYPE = Pattern.compile("(?im)^content-type:\\s*([^\\r\\n]*)");

  private Form() {}

  /** One field; text stands for bytes, one for each character. */
  private record Field(String name, String file, String type, String value) {
    /**
     * @param files whether the contents of files count; browsers leave them out of their recordings
     */
    Obj json(boolean files) {
      // In alphabetical order, as JSON is compared.
      Obj json = new Obj().put("file", file).put("name", name).put("type", type);
      boolean left = !file.isEmpty() && (!files || value.isEmpty());
      return left ? json : json.put("value", value);
    }
  }

  /**
   * The fields in one notation; nothing if the body is no form, or a broken one.
   *
   * @param files see {@link Field#json}
   */
  static Optional<byte[]> of(String contentType, byte[] body, boolean files) {
    String type = contentType.toLowerCase(Locale.ROOT);
    if (type.startsWith("application/x-www-form-urlencoded")) {
      return Optional.of(written(pairs(new String(body, StandardCharsets.UTF_8)), files));
    }
    Matcher boundary = BOUNDARY.matcher(contentType);
    return type.startsWith("multipart/") && boundary.find()
        ? parts(either(boundary), new String(body, StandardCharsets.ISO_8859_1))
            .map(fields -> written(fields, files))
        : Optional.empty();
  }

  /** The fields that a HAR lists in place of a body's text. */
  static byte[] of(String mimeType, Arr params) {
    boolean multipart = mimeType.toLowerCase(Locale.ROOT).startsWith("multipart/");
    List<Field> fields = new ArrayList<>();
    for (var each : params.values()) {
      if (each instanceof Obj param) {
        fields.add(
            multipart
                ? new Field(
                    bytes(text(param, "name")),
                    bytes(text(param, "fileName")),
                    text(param, "contentType"),
                    bytes(text(param, "value")))
                : new Field(text(param, "name"), "", "", text(param, "value")));
      }
    }
    return written(fields, /* files= */ true);
  }

  /** Fields of other names may come in any order. */
  private static byte[] written(List<Field> fields, boolean files) {
    Arr list = new Arr();
    fields.stream()
        .sorted(Comparator.comparing(Field::name))
        .map(field -> field.json(files))
        .forEach(list::add);
    return list.bytes();
  }

  private static List<Field> pairs(String text) {
    return PAIRS
        .splitAsStream(text)
        .filter(pair -> !pair.isEmpty())
        .map(pair -> {
          int equals = pair.indexOf('=');
          return equals < 0
              ? new Field(decoded(pair), "", "", "")
              : new Field(
                  decoded(pair.substring(0, equals)), "", "", decoded(pair.substring(equals + 1)));
        })
        .toList();
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }

  private static Optional<List<Field>> parts(String boundary, String body) {
    String text = "\r\n" + body;
    String limit = "\r\n--" + boundary;
    List<Field> fields = new ArrayList<>();
    int at = text.indexOf(limit);
    while (at >= 0 && !text.startsWith("--", at + limit.length())) {
      int head = text.indexOf("\r\n", at + limit.length());
      int end = head < 0 ? -1 : text.indexOf(limit, head);
      // A part without header fields begins with the blank line.
      int content = head < 0 ? -1 : text.indexOf("\r\n\r\n", head);
      if (end < 0 || content < 0 || content + 4 > end + 2) {
        return Optional.empty();
      }
      String fieldsOfPart = text.substring(head, content);
      fields.add(
          new Field(
              found(NAME, fieldsOfPart),
              found(FILE, fieldsOfPart),
              found(TYPE, fieldsOfPart),
              content + 4 > end ? "" : text.substring(content + 4, end)));
      at = end;
    }
    return at < 0 ? Optional.empty() : Optional.of(fields);
  }

  private static String found(Pattern wanted, String head) {
    Matcher matcher = wanted.matcher(head);
    return !matcher.find() ? "" : matcher.groupCount() == 1 ? matcher.group(1) : either(matcher);
  }

  private static String either(Matcher quotedOrNot) {
    String quoted = quotedOrNot.group(1);
    return quoted == null ? String.valueOf(quotedOrNot.group(2)) : quoted;
  }

  private static String text(Obj object, String name) {
    String text = object.string(name);
    return text == null ? "" : text;
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
