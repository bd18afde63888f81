package dev.tapedeck.formats.cast;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the one JSON value of a line: maps, lists, strings, {@link Num}, booleans or null.
 *
 * <p>Bytes are decoded here and not by the parser, which is more forgiving than UTF-8 is.
 */
final class JsonLine {

  /** A number as it was written; 1e999999999 costs no more than any other. */
  record Num(String text) {}

  private static final int INITIAL_CHARS = 8 * 1024;

  private final JsonFactory factory;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private CharBuffer chars = CharBuffer.allocate(INITIAL_CHARS);

  JsonLine(int maxLineBytes) {
    factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder().maxStringLength(maxLineBytes).build())
            .build();
  }

  /**
   * The value that the bytes stand for.
   *
   * @throws NotJson if they are anything else
   */
  @Nullable Object parse(byte[] bytes, int offset, int length) throws NotJson {
    decode(bytes, offset, length);
    try (JsonParser parser =
        factory.createParser(
            ObjectReadContext.empty(), chars.array(), chars.arrayOffset(), chars.position())) {
      parser.nextToken();
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new NotJson("more follows after it ends, at character " + column(parser));
      }
      return value;
    } catch (JacksonException e) {
      int column = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getColumnNr());
      throw new NotJson("it is no JSON at character " + column);
    }
  }

  private static int column(JsonParser parser) {
    return parser.currentTokenLocation().getColumnNr();
  }

  private void decode(byte[] bytes, int offset, int length) throws NotJson {
    if (chars.capacity() < length) {
      chars = CharBuffer.allocate(length);
    }
    chars.clear();
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
    CoderResult result = decoder.reset().decode(in, chars, true);
    if (result.isError()) {
      throw new NotJson("it is no UTF-8 at byte " + (in.position() - offset + 1));
    }
  }

  private static @Nullable Object value(JsonParser parser) throws NotJson {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Num(parser.getString());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case null, default -> throw new NotJson("it is no JSON at character " + column(parser));
    };
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) throws NotJson {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      fields.put(name, value(parser));
    }
    return fields;
  }

  private static List<@Nullable Object> array(JsonParser parser) throws NotJson {
    List<@Nullable Object> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(value(parser));
    }
    return elements;
  }

  /** Says why a line is no JSON, as a clause. */
  static final class NotJson extends Exception {

    private static final long serialVersionUID = 1L;

    NotJson(String reason) {
      super(reason, null, false, false);
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }
}
