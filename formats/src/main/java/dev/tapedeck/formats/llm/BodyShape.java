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

  private static final List<String> FIELDS = List.of("data:", "event:", "id:", "retry:");
  private static final int LOOKED_AT = 512;
  private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

  /** The shape of a body of which these are the first bytes, decompressed. */
  public static BodyShape of(byte[] bytes, int offset, int length) {
    String begin = new String(bytes, offset, Math.min(length, LOOKED_AT), ISO_8859_1);
    if (begin.startsWith(BYTE_ORDER_MARK)) {
      begin = begin.substring(BYTE_ORDER_MARK.length());
    }
    begin = begin.stripLeading();
    if (begin.startsWith("{")) {
      return OBJECT;
    }
    if (begin.startsWith("[")) {
      return ARRAY;
    }
    boolean comment = begin.startsWith(":");
    boolean error = begin.startsWith("error: {") || begin.startsWith("error:{");
    return comment || error || FIELDS.stream().anyMatch(begin::startsWith) ? EVENTS : OTHER;
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
