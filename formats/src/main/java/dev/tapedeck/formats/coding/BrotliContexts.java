package dev.tapedeck.formats.coding;

/** Which context a literal is in, by the two bytes before it (RFC 7932, section 7.1). */
final class BrotliContexts {

  private static final int LOW_SIX = 0;
  private static final int HIGH_SIX = 1;
  private static final int UTF8 = 2;

  /** The table Lut0 of the RFC, {@code A} for 0 and so on; from 128 on two letters alternate. */
  private static final String UTF8_LAST =
      "AAAAAAAAAEEAAEAAAAAAAAAAAAAAAAAAIMQMMUMQY]MMaMeMmmmmmmmmmmaaYi]M"
          + "Mquuuquuuquuuuuquuuuuquuuuu"
          + "YM]MMMy}}}y}}}y}}}}}y}}}}}y}}}}}YM]MA";

  private BrotliContexts() {}

  private static final byte[] LAST = new byte[256];
  private static final byte[] BEFORE = new byte[256];
  private static final byte[] SIGNED = new byte[256];

  static {
    for (int value = 0; value < 256; value++) {
      LAST[value] =
          (byte)
              (value < 128 ? UTF8_LAST.charAt(value) - 'A' : (value & 1) + (value < 192 ? 0 : 2));
      BEFORE[value] = (byte) utf8Before(value);
      SIGNED[value] = (byte) signed(value);
    }
  }

  /** The table Lut1: 1 for signs, 2 for digits and capitals, 3 for small letters. */
  private static int utf8Before(int value) {
    if (value >= 'a' && value <= 'z') {
      return 3;
    }
    if ((value >= '0' && value <= '9') || (value >= 'A' && value <= 'Z') || value >= 0xe0) {
      return 2;
    }
    return value > ' ' && value < 127 ? 1 : 0;
  }

  /** The table Lut2: how large a byte is, roughly, as a signed number. */
  private static int signed(int value) {
    if (value == 0) {
      return 0;
    }
    if (value == 255) {
      return 7;
    }
    if (value < 16) {
      return 1;
    }
    if (value < 64) {
      return 2;
    }
    if (value < 128) {
      return 3;
    }
    if (value < 192) {
      return 4;
    }
    return value < 240 ? 5 : 6;
  }

  /** From 0 to 63. */
  static int of(int mode, int last, int beforeLast) {
    return switch (mode) {
      case LOW_SIX -> last & 63;
      case HIGH_SIX -> last >> 2;
      case UTF8 -> LAST[last] | BEFORE[beforeLast];
      default -> SIGNED[last] << 3 | SIGNED[beforeLast];
    };
  }
}
