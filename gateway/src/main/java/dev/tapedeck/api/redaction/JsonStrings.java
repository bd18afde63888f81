package dev.tapedeck.api.redaction;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The strings of a JSON text, each with its place in it and whose words it is. */
final class JsonStrings {

  private static final JsonFactory FACTORY = new JsonFactory();

  /** Members that are alike in each event of a stream: nothing goes on in the next. */
  private static final Set<String> CONSTANT = Set.of("type", "object", "id", "model", "role");

  /**
   * A string.
   *
   * @param voice where it stands: strings of the same voice in a stream's events are parts of one
   * @param begin the offset in the JSON text of what follows the opening quote
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Found(String voice, int begin, byte[] value) {}

  /** An object or array that is open. */
  private static final class Level {
    final @Nullable Level above;
    final String name;
    final boolean array;

    /** Members such as {@code index}, which may come after the strings that they tell apart. */
    String indexes = "";

    String member = "";
    int element;

    Level(@Nullable Level above, String name, boolean array) {
      this.above = above;
      this.name = name;
      this.array = array;
    }

    String inside() {
      return array ? "[" + element++ + "]" : "." + member;
    }

    String path() {
      return (above == null ? "" : above.path()) + name + indexes;
    }
  }

  /** Never compared. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Pending(Level level, String name, int begin, byte[] value) {}

  private final byte[] text;
  private final int offset;
  private final List<Pending> pending = new ArrayList<>();

  private JsonStrings(byte[] text, int offset) {
    this.text = text;
    this.offset = offset;
  }

  /** The strings in order; none if it is no JSON. Names of members are none of them. */
  static List<Found> of(byte[] text, int offset, int length) {
    JsonStrings strings = new JsonStrings(text, offset);
    try (JsonParser parser =
        FACTORY.createParser(ObjectReadContext.empty(), text, offset, length)) {
      strings.read(parser);
    } catch (JacksonException notJson) {
      return List.of();
    }
    return strings.pending.stream()
        .map(each -> new Found(each.level.path() + each.name, each.begin, each.value))
        .toList();
  }

  private void read(JsonParser parser) {
    Level level = new Level(null, "", false);
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      switch (token) {
        case START_OBJECT -> level = new Level(level, level.inside(), /* array= */ false);
        case START_ARRAY -> level = new Level(level, level.inside(), /* array= */ true);
        case END_OBJECT, END_ARRAY -> level = level.above == null ? level : level.above;
        case PROPERTY_NAME -> level.member = parser.currentName();
        case VALUE_STRING -> string(parser, level);
        case VALUE_NUMBER_INT -> {
          if (level.member.endsWith("index")) {
            level.indexes += " " + level.member + parser.getString();
          }
          level.inside();
        }
        default -> level.inside();
      }
    }
  }

  private void string(JsonParser parser, Level level) {
    String name = level.inside();
    if (level.array || !CONSTANT.contains(level.member)) {
      int begin = offset + Math.toIntExact(parser.currentTokenLocation().getByteOffset());
      // Whether the offset counts from the array's or the text's beginning is the parser's affair.
      begin = text[begin] == '"' ? begin : begin - offset;
      pending.add(
          new Pending(level, name, begin + 1, parser.getString().getBytes(StandardCharsets.UTF_8)));
    }
  }

  /**
   * Where in the JSON text a part of a string's value begins.
   *
   * @param begin as {@link Found#begin}
   * @param bytes so many bytes of the value, in UTF-8, come before it
   */
  static int place(byte[] text, int begin, int bytes) {
    int at = begin;
    int left = bytes;
    while (left > 0) {
      if (text[at] != '\\') {
        at++;
        left--;
      } else if (text[at + 1] != 'u') {
        at += 2;
        left--;
      } else {
        int unit = Integer.parseInt(new String(text, at + 2, 4, StandardCharsets.US_ASCII), 16);
        at += 6;
        // Each half of a pair stands for half of its four bytes.
        left -= unit < 0x80 ? 1 : unit < 0x800 || Character.isSurrogate((char) unit) ? 2 : 3;
      }
    }
    return at;
  }
}
