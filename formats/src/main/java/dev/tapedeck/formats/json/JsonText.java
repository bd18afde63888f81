package dev.tapedeck.formats.json;

import dev.tapedeck.formats.bytes.Blocks;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Bool;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Num;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/** Trees from JSON text, and JSON text of trees. */
public final class JsonText {

  /** How deeply objects and arrays may be nested: what parses them calls itself. */
  public static final int MAX_DEPTH = 500;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  // The text itself is in memory already: a string in it may be as long.
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .streamWriteConstraints(
              StreamWriteConstraints.builder().maxNestingDepth(2 * MAX_DEPTH).build())
          .build();

  private JsonText() {}

  static Json read(byte[] utf8, int offset, int length) throws JsonException {
    try (JsonParser parser =
        FACTORY.createParser(ObjectReadContext.empty(), utf8, offset, length)) {
      if (parser.nextToken() == null) {
        throw new JsonException(0, "nothing there");
      }
      Json value = value(parser);
      if (parser.nextToken() != null) {
        throw new JsonException(
            parser.currentTokenLocation().getByteOffset(), "more follows after the value");
      }
      return value;
    } catch (JacksonException e) {
      long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
      throw new JsonException(at, e.getOriginalMessage());
    }
  }

  /** A parser with this class's limits, for texts that are not held in memory as a whole. */
  public static JsonParser parser(InputStream in) {
    return FACTORY.createParser(ObjectReadContext.empty(), in);
  }

  /**
   * The value that a parser stands at the beginning of; afterwards it stands at its last token.
   *
   * @throws JacksonException as the parser does
   */
  public static Json value(JsonParser parser) {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> new Str(parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Num(parser.getString());
      case VALUE_TRUE -> new Bool(true);
      case VALUE_FALSE -> new Bool(false);
      case VALUE_NULL -> Null.NULL;
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new IllegalStateException("no value begins at " + token);
    };
  }

  private static Obj object(JsonParser parser) {
    Obj object = new Obj();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      object.put(name, value(parser));
    }
    return object;
  }

  private static Arr array(JsonParser parser) {
    Arr array = new Arr();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser));
    }
    return array;
  }

  static byte[] utf8(Json value) {
    Blocks out = new Blocks();
    write(value, out);
    return out.toByteArray();
  }

  /** Writes the value in UTF-8. */
  public static void write(Json value, Blocks out) {
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      write(value, generator);
    }
  }

  private static void write(Json value, JsonGenerator to) {
    switch (value) {
      case Obj(Map<String, Json> members) -> {
        to.writeStartObject();
        members.forEach((name, member) -> {
          name(name, to);
          write(member, to);
        });
        to.writeEndObject();
      }
      case Arr(List<Json> values) -> {
        to.writeStartArray();
        values.forEach(each -> write(each, to));
        to.writeEndArray();
      }
      case Str(String text) -> string(text, to);
      // As it was written: a double would round it.
      case Num(String text) -> to.writeNumber(text);
      case Bool(boolean bool) -> to.writeBoolean(bool);
      case Null _ -> to.writeNull();
    }
  }

  private static void name(String name, JsonGenerator to) {
    int lone = loneSurrogate(name, 0);
    if (lone < 0) {
      to.writeName(name);
    } else {
      // No generator writes a name raw; JSON has no other place for bytes that are no text.
      to.writeName(name.replaceAll("[\\ud800-\\udfff]", "\ufffd"));
    }
  }

  private static void string(String text, JsonGenerator to) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int lone = loneSurrogate(text, utf8);
    if (lone < 0) {
      to.writeUTF8String(utf8, 0, utf8.length);
    } else {
      to.writeRawValue(quoted(text, lone));
    }
  }

  /** Where half a pair stands alone, -1 if nowhere: in UTF-8 it has become a question mark. */
  private static int loneSurrogate(String text, byte[] utf8) {
    if (utf8.length != text.length()) {
      return loneSurrogate(text, 0);
    }
    for (int i = 0; i < utf8.length; i++) {
      if (utf8[i] == '?' && text.charAt(i) != '?') {
        return i;
      }
    }
    return -1;
  }

  /** Half a surrogate pair has no UTF-8: an escape says it, as it did where it came from. */
  private static String quoted(String text, int firstLone) {
    StringBuilder quoted = new StringBuilder(text.length() + 16).append('"');
    int from = 0;
    for (int lone = firstLone; lone >= 0; lone = loneSurrogate(text, from)) {
      quoted.append(JsonStringEncoder.getInstance().quoteAsCharArray(text.substring(from, lone)));
      quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) text.charAt(lone)));
      from = lone + 1;
    }
    quoted.append(JsonStringEncoder.getInstance().quoteAsCharArray(text.substring(from)));
    return quoted.append('"').toString();
  }

  /** Where half a pair stands alone, from an index on; -1 if nowhere. */
  private static int loneSurrogate(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }
}
