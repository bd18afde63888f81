package dev.tapedeck.formats.har;

import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.formats.llm.StreamFlag;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A body with what it stands for.
 *
 * @param coding its {@code Content-Encoding}; empty if it has none
 * @param decoded without the coding, as far as that could be undone
 */
@SuppressWarnings("ArrayRecordComponent")
record Body(HarBody kept, String coding, byte[] decoded) {

  /** A body that unfolds to more is cut there. */
  static final long MAX_DECODED_BYTES = 256L << 20;

  static final Body NONE = new Body(HarBody.NONE, "", new byte[0]);

  static Body of(HarBody kept, List<HarField> headers) {
    String coding = coding(headers);
    if (coding.isEmpty() && !kept.redacted()) {
      return new Body(kept, coding, kept.wire());
    }
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    decoded.writeBytes(
        coding.isEmpty()
            ? kept.wire()
            : BodyDecoder.decode(coding, kept.wire(), MAX_DECODED_BYTES).bytes());
    decoded.writeBytes(kept.plain());
    return new Body(kept, coding, decoded.toByteArray());
  }

  static String coding(List<HarField> headers) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase("content-encoding"))
        .map(HarField::value)
        .filter(value -> !value.isBlank() && !value.equalsIgnoreCase("identity"))
        .collect(Collectors.joining(", "));
  }

  boolean coded() {
    return !coding.isEmpty();
  }

  /** As if it asked for no stream. */
  byte[] withoutStream() {
    return StreamFlag.off(decoded);
  }
}
