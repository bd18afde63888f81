package dev.tapedeck.coding;

import dev.tapedeck.formats.coding.DecodeException;

/**
 * The header of a zstd frame (RFC 8878, section 3.1.1.1).
 *
 * @param checksum whether a checksum follows the last block
 */
record ZstdFrame(boolean checksum) {

  /** What a sender of the content coding may ask a receiver to keep (RFC 9659, section 3). */
  static final int MAX_WINDOW_BYTES = 8 * 1024 * 1024;

  private static final int SINGLE_SEGMENT = 0x20;
  private static final int RESERVED = 0x08;
  private static final int CHECKSUM = 0x04;
  private static final int MIN_WINDOW_LOG = 10;

  /** How long the header is that begins with this byte. */
  static int length(int descriptor) {
    boolean single = (descriptor & SINGLE_SEGMENT) != 0;
    return 1 + (single ? 0 : 1) + dictionaryBytes(descriptor) + contentBytes(descriptor);
  }

  private static int dictionaryBytes(int descriptor) {
    return new int[] {0, 1, 2, 4}[descriptor & 3];
  }

  private static int contentBytes(int descriptor) {
    boolean single = (descriptor & SINGLE_SEGMENT) != 0;
    return new int[] {single ? 1 : 0, 2, 4, 8}[descriptor >> 6 & 3];
  }

  static ZstdFrame read(byte[] header) throws DecodeException {
    int descriptor = header[0];
    if ((descriptor & RESERVED) != 0) {
      throw DecodeException.corrupt("a zstd frame with features that are not defined");
    }
    int at = 1;
    long window = 0;
    boolean single = (descriptor & SINGLE_SEGMENT) != 0;
    if (!single) {
      int code = header[at++] & 0xff;
      long base = 1L << (MIN_WINDOW_LOG + (code >> 3));
      window = base + base / 8 * (code & 7);
    }
    long dictionary = number(header, at, dictionaryBytes(descriptor));
    if (dictionary != 0) {
      throw DecodeException.corrupt("a zstd frame that needs the dictionary " + dictionary);
    }
    at += dictionaryBytes(descriptor);
    int bytes = contentBytes(descriptor);
    long content = bytes == 0 ? -1 : number(header, at, bytes) + (bytes == 2 ? 256 : 0);
    if (single) {
      window = content;
    }
    if (window < 0 || window > MAX_WINDOW_BYTES) {
      throw DecodeException.corrupt(
          "a zstd frame that needs a window of "
              + Long.toUnsignedString(window)
              + " bytes; HTTP allows "
              + MAX_WINDOW_BYTES);
    }
    return new ZstdFrame((descriptor & CHECKSUM) != 0);
  }

  private static long number(byte[] header, int at, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (header[at + i] & 0xffL) << (8 * i);
    }
    return value;
  }
}
