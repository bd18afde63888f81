package dev.tapedeck.formats.har;

import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.formats.llm.StreamFlag;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * A body with what it stands for.
 *
 * @param coding its content coding, by its first bytes where they tell; empty if it has none
 * @param decoded without the coding, as far as that could be undone
 */
@SuppressWarnings("ArrayRecordComponent")
record Body(HarBody kept, String coding, byte[] decoded) {

  /** A body that unfolds to more is cut there. */
  static final long MAX_DECODED_BYTES = 256L << 20;

  static final Body NONE = new Body(HarBody.NONE, "", new byte[0]);

  static Body of(HarBody kept, List<HarField> headers) {
    HarBody.Beside beside = kept.beside();
    if (beside != null) {
      return new Body(kept, beside.coding(), beside.coding().isEmpty() ? kept.wire() : new byte[0]);
    }
    String coding =
        kept.redacted() ? BodyCoding.told(headers) : BodyCoding.of(headers, kept.wire());
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

  boolean coded() {
    return !coding.isEmpty();
  }

  /** As if it asked for no stream. */
  byte[] withoutStream() {
    return StreamFlag.off(decoded);
  }
}
