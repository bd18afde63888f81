package dev.tapedeck.formats.coding;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The compressed blocks of a frame (RFC 8878, section 3.1.1.3), and what one hands down to the
 * next: codes and recent offsets.
 */
final class ZstdBlock {

  static final int MAX_BYTES = 128 * 1024;

  private static final int RAW = 0;
  private static final int REPEATED = 1;
  private static final int TREELESS = 3;

  private final ZstdSequences sequences;
  private @Nullable ZstdHuffman huffman;
  private byte[] literals = new byte[0];
  private int literalCount;

  ZstdBlock(Window window, int maxBlockBytes) {
    sequences = new ZstdSequences(window, maxBlockBytes);
  }

  /**
   * Decodes one block.
   *
   * @param bytes has {@link ZstdBits#PADDING} bytes after {@code to}
   */
  void decode(byte[] bytes, int to) throws Stopped {
    int at = literals(bytes, to);
    sequences.decode(bytes, at, to, literals, literalCount);
  }

  /** Reads the literals section; returns where it ends. */
  private int literals(byte[] bytes, int to) throws Stopped {
    if (to < 1) {
      throw Stopped.corrupt("an empty zstd block");
    }
    int type = bytes[0] & 3;
    int format = bytes[0] >> 2 & 3;
    return type == RAW || type == REPEATED
        ? plain(bytes, to, type, format)
        : compressed(bytes, to, type, format);
  }

  private int plain(byte[] bytes, int to, int type, int format) throws Stopped {
    int header =
        switch (format) {
          case 1 -> 2;
          case 3 -> 3;
          default -> 1;
        };
    int size = (int) (number(bytes, header) >>> (header == 1 ? 3 : 4));
    int end = header + (type == RAW ? size : 1);
    check(end <= to && size <= MAX_BYTES);
    room(size);
    if (type == RAW) {
      System.arraycopy(bytes, header, literals, 0, size);
    } else {
      Arrays.fill(literals, 0, size, bytes[header]);
    }
    return end;
  }

  private int compressed(byte[] bytes, int to, int type, int format) throws Stopped {
    int width =
        switch (format) {
          case 2 -> 14;
          case 3 -> 18;
          default -> 10;
        };
    int header = (4 + 2 * width + 7) / 8;
    long sizes = number(bytes, header) >>> 4;
    int size = (int) (sizes & ((1 << width) - 1));
    int packed = (int) (sizes >>> width & ((1 << width) - 1));
    int end = header + packed;
    check(end <= to && size <= MAX_BYTES);
    room(size);
    int at = header;
    if (type != TREELESS) {
      ZstdHuffman.Described described = ZstdHuffman.read(bytes, at, end);
      huffman = described.code();
      at = described.end();
    }
    ZstdHuffman code = huffman;
    if (code == null) {
      throw Stopped.corrupt("a zstd block that repeats a code where none was");
    }
    if (format == 0) {
      code.decode(bytes, at, end, literals, 0, size);
    } else {
      fourStreams(code, bytes, at, end, size);
    }
    return end;
  }

  private void fourStreams(ZstdHuffman code, byte[] bytes, int at, int end, int size)
      throws Stopped {
    int part = (size + 3) / 4;
    int from = at + 6;
    check(from <= end && 3 * part <= size);
    for (int i = 0; i < 4; i++) {
      int length = (bytes[at + 2 * i] & 0xff) | (bytes[at + 2 * i + 1] & 0xff) << 8;
      int to = i < 3 ? from + length : end;
      check(to <= end);
      code.decode(bytes, from, to, literals, i * part, i < 3 ? part : size - 3 * part);
      from = to;
    }
  }

  private void room(int size) {
    literalCount = size;
    if (literals.length < size) {
      literals = new byte[Math.min(MAX_BYTES, 2 * size)];
    }
  }

  /** A number from the first bytes, of which there are at least five: the array is padded. */
  private static long number(byte[] bytes, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (bytes[i] & 0xffL) << (8 * i);
    }
    return value;
  }

  private static void check(boolean good) throws Stopped {
    if (!good) {
      throw Stopped.corrupt("a zstd block whose parts are longer than it");
    }
  }
}
