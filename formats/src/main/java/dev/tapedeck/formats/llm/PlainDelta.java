package dev.tapedeck.formats.llm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapedeck.formats.sse.SseEvent;
import java.util.Arrays;

/**
 * Reads the one event that most of a stream consists of, a delta of text in the shape in which
 * Anthropic writes it, without parsing it as JSON:
 *
 * <pre>
 *   {"type":"content_block_delta","index":N,"delta":{"type":"KIND","FIELD":"..."} }
 * </pre>
 *
 * <p>Anything else, however slightly it differs, is not read, and has to be parsed.
 */
final class PlainDelta {

  /** The deltas that append to a string. */
  enum Kind {
    TEXT("text_delta", "text"),
    INPUT("input_json_delta", "partial_json"),
    THINKING("thinking_delta", "thinking");

    private final String type;
    private final String field;

    Kind(String type, String field) {
      this.type = type;
      this.field = field;
    }

    private byte[] begin() {
      return ("{\"type\":\"" + type + "\",\"" + field + "\":\"").getBytes(US_ASCII);
    }
  }

  private static final byte[] BEGIN =
      "{\"type\":\"content_block_delta\",\"index\":".getBytes(US_ASCII);
  private static final byte[] DELTA = ",\"delta\":".getBytes(US_ASCII);
  private static final Kind[] KINDS = Kind.values();

  /** How each kind's delta begins. */
  private static final byte[][] BEGINS =
      Arrays.stream(KINDS).map(Kind::begin).toArray(byte[][]::new);

  private static final int MAX_INDEX_DIGITS = 6;
  private static final char REPLACEMENT = '\ufffd';

  private byte[] bytes = {};
  private int at;
  private int end;

  private long index;
  private Kind kind = Kind.TEXT;
  private String text = "";

  long index() {
    return index;
  }

  Kind kind() {
    return kind;
  }

  String text() {
    return text;
  }

  /** Whether the event is such a delta; then the other methods say what is in it. */
  boolean read(SseEvent event) {
    bytes = event.array();
    at = event.offset();
    end = at + event.length();
    return skip(BEGIN) && readIndex() && skip(DELTA) && readKind() && readText() && readEnd();
  }

  private boolean skip(byte[] expected) {
    int to = at + expected.length;
    if (to > end || !Arrays.equals(bytes, at, to, expected, 0, expected.length)) {
      return false;
    }
    at = to;
    return true;
  }

  private boolean readIndex() {
    int from = at;
    index = 0;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9' && at - from < MAX_INDEX_DIGITS) {
      index = 10 * index + bytes[at++] - '0';
    }
    // JSON knows no leading zeros.
    return at > from && (bytes[from] != '0' || at == from + 1);
  }

  private boolean readKind() {
    for (int i = 0; i < KINDS.length; i++) {
      if (skip(BEGINS[i])) {
        kind = KINDS[i];
        return true;
      }
    }
    return false;
  }

  private boolean readText() {
    int from = at;
    while (at < end && bytes[at] != '"' && bytes[at] != '\\' && isPlain(bytes[at])) {
      at++;
    }
    if (at == end) {
      return false;
    }
    if (bytes[at] == '"') {
      text = new String(bytes, from, at++ - from, UTF_8);
      return isWhole(text);
    }
    return bytes[at] == '\\' && readEscaped(from);
  }

  private boolean readEscaped(int from) {
    StringBuilder out = new StringBuilder(end - from);
    int begin = from;
    while (at < end && bytes[at] != '"') {
      if (bytes[at] == '\\') {
        if (!append(out, begin) || !escape(out)) {
          return false;
        }
        begin = at;
      } else if (isPlain(bytes[at])) {
        at++;
      } else {
        return false;
      }
    }
    if (at == end || !append(out, begin)) {
      return false;
    }
    at++;
    text = out.toString();
    return true;
  }

  private boolean append(StringBuilder out, int from) {
    if (at > from) {
      String piece = new String(bytes, from, at - from, UTF_8);
      out.append(piece);
      return isWhole(piece);
    }
    return true;
  }

  /** One escape; a \\u is left to the parser. */
  private boolean escape(StringBuilder out) {
    if (at + 1 >= end) {
      return false;
    }
    int character =
        switch (bytes[at + 1]) {
          case '"' -> '"';
          case '\\' -> '\\';
          case '/' -> '/';
          case 'n' -> '\n';
          case 't' -> '\t';
          case 'r' -> '\r';
          case 'b' -> '\b';
          case 'f' -> '\f';
          default -> -1;
        };
    at += 2;
    if (character < 0) {
      return false;
    }
    out.append((char) character);
    return true;
  }

  /** Whether a byte may stand in a JSON string as it is: control characters may not. */
  private static boolean isPlain(byte one) {
    return one < 0 || one >= ' ';
  }

  /** Whether the bytes were UTF-8; a replacement character that really was sent is parsed too. */
  private static boolean isWhole(String piece) {
    return piece.indexOf(REPLACEMENT) < 0;
  }

  private boolean readEnd() {
    if (at == end || bytes[at++] != '}') {
      return false;
    }
    // Anthropic pads deltas with blanks here, so that their length tells nothing.
    while (at < end && bytes[at] == ' ') {
      at++;
    }
    return at == end - 1 && bytes[at] == '}';
  }
}
