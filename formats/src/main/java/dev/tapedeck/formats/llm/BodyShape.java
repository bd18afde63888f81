package dev.tapedeck.formats.llm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;

/** What the body of an answer looks like at its beginning, whatever its label says. */
public enum BodyShape {
  /** Server-sent events. */
  EVENTS,
  /** A JSON object. */
  OBJECT,
  /** A JSON array. */
  ARRAY,
  /** Anything else; also nothing. */
  OTHER;

  private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";
  private static final List<String> FIELDS =
      List.of(":", "data:", "event:", "id:", "retry:", "error: {", "error:{");
  private static final int LOOKED_AT = 512;

  /** The shape of a body of which these are the first bytes, decompressed. */
  public static BodyShape of(byte[] bytes, int offset, int length) {
    String begin = begin(bytes, offset, length);
    if (begin.startsWith("{")) {
      return OBJECT;
    }
    if (begin.startsWith("[")) {
      return ARRAY;
    }
    return FIELDS.stream().anyMatch(begin::startsWith) ? EVENTS : OTHER;
  }

  /**
   * Whether these first bytes of a body, decompressed, do not tell yet: some more may make it one
   * of another shape. A network cuts a body anywhere.
   */
  public static boolean isOpen(byte[] bytes, int offset, int length) {
    String begin = begin(bytes, offset, length);
    return length < LOOKED_AT
        && of(bytes, offset, length) == OTHER
        && (BYTE_ORDER_MARK.startsWith(begin)
            || FIELDS.stream().anyMatch(field -> field.startsWith(begin)));
  }

  private static String begin(byte[] bytes, int offset, int length) {
    String begin = new String(bytes, offset, Math.min(length, LOOKED_AT), ISO_8859_1);
    return (begin.startsWith(BYTE_ORDER_MARK) ? begin.substring(BYTE_ORDER_MARK.length()) : begin)
        .stripLeading();
  }

  /**
   * Whether a body of this shape may be a stream of lines, each an object of JSON. Where only one
   * object comes, the body may as well be an answer that was not streamed.
   */
  public boolean mayBeLines(Protocol protocol) {
    return this == OBJECT && protocol.isLines();
  }

  /**
   * Whether a body of this shape is a stream.
   *
   * @param labelled whether it says that it is one
   */
  public boolean isStream(Protocol protocol, boolean labelled) {
    return switch (this) {
      case EVENTS -> true;
      case OBJECT -> false;
      case ARRAY -> protocol == Protocol.GEMINI;
      case OTHER -> labelled;
    };
  }
}
