package dev.tapedeck.formats.coding;

import dev.tapedeck.formats.coding.BrotliBits.NeedMore;
import org.jspecify.annotations.Nullable;

/** The blocks of one category in a meta-block: their types and lengths (RFC 7932, section 6). */
final class BrotliBlocks {

  private static final int LENGTH_CODES = 26;
  private static final int[] LENGTH_BASE = {
    1, 5, 9, 13, 17, 25, 33, 41, 49, 65, 81, 97, 113, 145, 177, 209, 241, 305, 369, 497, 753, 1265,
    2289, 4337, 8433, 16625
  };
  private static final int[] LENGTH_BITS = {
    2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 6, 6, 7, 8, 9, 10, 11, 12, 13, 24
  };

  /** Longer than a meta-block can be: the only block of a category never ends. */
  private static final int NEVER = 1 << 28;

  final int types;
  private final @Nullable BrotliCode typeCode;
  private final @Nullable BrotliCode lengthCode;
  private int type;
  private int lastType = 1;
  private int left = NEVER;

  private BrotliBlocks(int types, @Nullable BrotliCode typeCode, @Nullable BrotliCode lengthCode) {
    this.types = types;
    this.typeCode = typeCode;
    this.lengthCode = lengthCode;
  }

  static BrotliBlocks read(BrotliBits bits) throws NeedMore, Stopped {
    int types = count(bits);
    if (types == 1) {
      return new BrotliBlocks(1, null, null);
    }
    BrotliCode typeCode = BrotliCode.read(bits, types + 2);
    BrotliCode lengthCode = BrotliCode.read(bits, LENGTH_CODES);
    BrotliBlocks blocks = new BrotliBlocks(types, typeCode, lengthCode);
    blocks.left = length(bits, lengthCode);
    return blocks;
  }

  /** A number from 1 to 256 (RFC 7932, section 9.2). */
  static int count(BrotliBits bits) throws NeedMore {
    if (bits.read(1) == 0) {
      return 1;
    }
    int width = bits.read(3);
    return 1 + (1 << width) + bits.read(width);
  }

  private static int length(BrotliBits bits, BrotliCode code) throws NeedMore {
    int symbol = code.read(bits);
    return LENGTH_BASE[symbol] + bits.read(LENGTH_BITS[symbol]);
  }

  /** The type of the block that the next symbol is in. Changes nothing if bits are missing. */
  int next(BrotliBits bits) throws NeedMore {
    if (left == 0 && typeCode != null && lengthCode != null) {
      int symbol = typeCode.read(bits);
      int length = length(bits, lengthCode);
      int next =
          switch (symbol) {
            case 0 -> lastType;
            case 1 -> type + 1 == types ? 0 : type + 1;
            default -> symbol - 2;
          };
      lastType = type;
      type = next;
      left = length;
    }
    return type;
  }

  /** The symbol was read. */
  void took() {
    left--;
  }
}
