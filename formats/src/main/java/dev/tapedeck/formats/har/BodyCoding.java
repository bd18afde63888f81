package dev.tapedeck.formats.har;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The content coding of a body: its first bytes decide where they tell, not the label. */
public final class BodyCoding {

  /** How many of a body's first bytes tell its coding. */
  public static final int START_BYTES = 4;

  private static final byte[] GZIP = {0x1F, (byte) 0x8B, 8};
  private static final byte[] ZSTD = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};

  /** What follows the first byte of a zstd frame that is to be skipped. */
  private static final byte[] SKIPPABLE = {0x2A, 0x4D, 0x18};

  private BodyCoding() {}

  /**
   * The coding that the bytes really have, as far as their beginning tells; empty if they have
   * none.
   *
   * @param wire at least the first {@link #START_BYTES} of the body, or all of it
   */
  public static String of(List<HarField> headers, byte[] wire) {
    String told = told(headers);
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

  /** The coding that the headers name; empty if there is none. */
  public static String told(List<HarField> headers) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase("content-encoding"))
        .map(HarField::value)
        .filter(value -> !value.isBlank() && !value.equalsIgnoreCase("identity"))
        .collect(Collectors.joining(", "));
  }
}
