package dev.tapedeck.formats.llm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** A request as it would have been without a stream: see FORMATS, section 3, two views. */
public final class StreamFlag {

  private static final byte[] FALSE = "false".getBytes(US_ASCII);
  private static final int TRUE_BYTES = "true".length();
  private static final int BYTE_ORDER_MARK = 0xEF;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private StreamFlag() {}

  /**
   * The body with {@code "stream": true} at its top level made {@code false}, and every other byte
   * as it was. The same array if there is nothing to change, or if it is not one whole JSON object.
   */
  public static byte[] off(byte[] body) {
    if (body.length > 0 && (body[0] & 0xFF) == BYTE_ORDER_MARK) {
      return body;
    }
    List<Integer> flags = flags(body);
    if (flags.isEmpty()) {
      return body;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + flags.size());
    int from = 0;
    for (int at : flags) {
      out.write(body, from, at - from);
      out.writeBytes(FALSE);
      from = at + TRUE_BYTES;
    }
    out.write(body, from, body.length - from);
    return out.toByteArray();
  }

  /** Where the flags are that are on. Usually one; of a name that comes twice the last counts. */
  private static List<Integer> flags(byte[] body) {
    List<Integer> flags = new ArrayList<>();
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return List.of();
      }
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        JsonToken value = parser.nextToken();
        if (value == JsonToken.VALUE_TRUE && name.equals("stream")) {
          flags.add((int) parser.currentTokenLocation().getByteOffset());
        }
        parser.skipChildren();
      }
      return parser.nextToken() == null ? flags : List.of();
    } catch (JacksonException notJson) {
      return List.of();
    }
  }
}
