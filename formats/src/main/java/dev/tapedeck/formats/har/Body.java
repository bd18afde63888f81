package dev.tapedeck.formats.har;

import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.formats.llm.StreamFlag;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

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

  private static final byte[] GZIP = {0x1F, (byte) 0x8B, 8};
  private static final byte[] ZSTD = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};

  /** What follows the first byte of a zstd frame that is to be skipped. */
  private static final byte[] SKIPPABLE = {0x2A, 0x4D, 0x18};

  static final Body NONE = new Body(HarBody.NONE, "", new byte[0]);

  static Body of(HarBody kept, List<HarField> headers) {
    String coding = kept.redacted() ? coding(headers) : coding(headers, kept.wire());
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

  /** The coding that the bytes really have, as far as their beginning tells. */
  static String coding(List<HarField> headers, byte[] wire) {
    String told = coding(headers);
    String seen = begins(wire, GZIP) ? "gzip" : begins(wire, ZSTD) ? "zstd" : "";
    if (told.isEmpty()) {
      return isArchive(headers) ? "" : seen;
    }
    boolean hasMagic =
        told.equalsIgnoreCase("gzip")
            || told.equalsIgnoreCase("x-gzip")
            || told.equalsIgnoreCase("zstd");
    // A body that is cut within its first bytes may still be what it says.
    return hasMagic && wire.length >= ZSTD.length && !begins(wire, SKIPPABLE, 1) ? seen : told;
  }

  /** Whether the compressed bytes are what was asked for. */
  private static boolean isArchive(List<HarField> headers) {
    String type = HarAddress.mimeType(headers).toLowerCase(Locale.ROOT);
    return type.contains("zip")
        || type.contains("zstd")
        || type.contains("tar")
        || type.contains("octet-stream");
  }

  private static boolean begins(byte[] bytes, byte[] magic) {
    return bytes.length >= magic.length
        && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
  }

  /** Whether bytes begin with a zstd frame that is to be skipped. */
  private static boolean begins(byte[] bytes, byte[] magic, int at) {
    return (bytes[0] & 0xF0) == 0x50
        && bytes.length >= at + magic.length
        && Arrays.equals(bytes, at, at + magic.length, magic, 0, magic.length);
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
