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

  /** What is kept for the next delta. */
  private static final int KEPT_CHARS = 64 * 1024;

  private StringBuilder unescaped = new StringBuilder();

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

  /** The string up to its closing quote. */
  private boolean readText() {
    int from = at;
    boolean escapes = false;
    while (at < end && bytes[at] != '"') {
      if (bytes[at] == '\\') {
        escapes = true;
        at++;
      } else if (bytes[at] >= 0 && bytes[at] < ' ') {
        // JSON wants control characters escaped.
        return false;
      }
      at++;
    }
    if (at >= end) {
      return false;
    }
    text = new String(bytes, from, at++ - from, UTF_8);
    // Bytes that are not UTF-8 leave this; one that really was sent is left to the parser too.
    return text.indexOf(REPLACEMENT) < 0 && (!escapes || unescape());
  }

  /** Takes the escapes out of the text, but for \\u, which is left to the parser. */
  private boolean unescape() {
    unescaped.setLength(0);
    int from = 0;
    for (int escape = text.indexOf('\\'); escape >= 0; escape = text.indexOf('\\', escape + 2)) {
      unescaped.append(text, from, escape);
      from = escape + 1;
      switch (text.charAt(from)) {
        case '"', '\\', '/' -> unescaped.append(text.charAt(from));
        case 'n' -> unescaped.append('\n');
        case 't' -> unescaped.append('\t');
        case 'r' -> unescaped.append('\r');
        case 'b' -> unescaped.append('\b');
        case 'f' -> unescaped.append('\f');
        default -> {
          return false;
        }
      }
      from++;
    }
    text = unescaped.append(text, from, text.length()).toString();
    if (unescaped.capacity() > KEPT_CHARS) {
      unescaped = new StringBuilder();
    }
    return true;
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
