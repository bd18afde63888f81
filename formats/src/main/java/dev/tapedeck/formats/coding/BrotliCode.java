package dev.tapedeck.formats.coding;

import dev.tapedeck.formats.coding.BrotliBits.NeedMore;

/** A prefix code (RFC 7932, section 3). */
final class BrotliCode {

  private static final int MAX_BITS = 15;

  /** Codes up to this long are found in one look; longer ones are rare. */
  private static final int ROOT_BITS = 9;

  /** Of length codes, in the order in which their lengths come. */
  private static final int[] LENGTH_ORDER = {
    1, 2, 3, 4, 0, 5, 17, 6, 16, 7, 8, 9, 10, 11, 12, 13, 14, 15
  };

  /** For four bits: the length of the length code that they begin with, and its own length. */
  private static final int[] LENGTH_LENGTH = {0, 4, 3, 2, 0, 4, 3, 1, 0, 4, 3, 2, 0, 4, 3, 5};

  private static final int[] LENGTH_LENGTH_BITS = {2, 2, 2, 3, 2, 2, 2, 4, 2, 2, 2, 3, 2, 2, 2, 4};

  private static final int REPEAT_LAST = 16;
  private static final int REPEAT_ZERO = 17;

  private final int[] root;
  private final int[] sorted;
  private final int[] count = new int[MAX_BITS + 1];

  /** The code for these lengths; 0 is a symbol without a code. One symbol alone takes no bits. */
  private BrotliCode(int[] lengths) {
    int symbols = 0;
    int last = 0;
    int longest = 0;
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] > 0) {
        count[lengths[symbol]]++;
        symbols++;
        last = symbol;
        longest = Math.max(longest, lengths[symbol]);
      }
    }
    if (symbols == 1) {
      root = new int[] {last};
      sorted = new int[0];
      return;
    }
    sorted = sorted(lengths, symbols);
    root = new int[1 << Math.min(longest, ROOT_BITS)];
    fillRoot();
  }

  private int[] sorted(int[] lengths, int symbols) {
    int[] next = new int[MAX_BITS + 2];
    for (int length = 1; length <= MAX_BITS; length++) {
      next[length + 1] = next[length] + count[length];
    }
    int[] result = new int[symbols];
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] > 0) {
        result[next[lengths[symbol]]++] = symbol;
      }
    }
    return result;
  }

  private void fillRoot() {
    int code = 0;
    int index = 0;
    for (int length = 1; length <= ROOT_BITS; length++) {
      for (int i = 0; i < count[length]; i++) {
        int reversed = Integer.reverse(code) >>> (32 - length);
        for (int at = reversed; at < root.length; at += 1 << length) {
          root[at] = length << 16 | sorted[index];
        }
        code++;
        index++;
      }
      code <<= 1;
    }
    // Places that no short code fills begin longer ones.
    for (int at = 0; at < root.length; at++) {
      if (root[at] == 0) {
        root[at] = -1;
      }
    }
  }

  int read(BrotliBits bits) throws NeedMore {
    int ahead = bits.peek();
    int entry = root[ahead & (root.length - 1)];
    if (entry >= 0) {
      bits.skip(entry >> 16);
      return entry & 0xffff;
    }
    return readLong(bits, ahead);
  }

  private int readLong(BrotliBits bits, int ahead) throws NeedMore {
    int code = 0;
    int first = 0;
    int index = 0;
    for (int length = 1; length <= MAX_BITS; length++) {
      code |= ahead >>> (length - 1) & 1;
      if (code - first < count[length]) {
        bits.skip(length);
        return sorted[index + code - first];
      }
      index += count[length];
      first = (first + count[length]) << 1;
      code <<= 1;
    }
    throw new IllegalStateException("a complete code has every word of " + MAX_BITS + " bits");
  }

  /** Reads a code for symbols below {@code alphabet} (RFC 7932, sections 3.4 and 3.5). */
  static BrotliCode read(BrotliBits bits, int alphabet) throws NeedMore, Stopped {
    int kind = bits.read(2);
    return kind == 1 ? simple(bits, alphabet) : complex(bits, alphabet, kind);
  }

  private static BrotliCode simple(BrotliBits bits, int alphabet) throws NeedMore, Stopped {
    int width = 32 - Integer.numberOfLeadingZeros(alphabet - 1);
    int symbols = bits.read(2) + 1;
    int[] lengths = new int[alphabet];
    int[] lengthOf =
        switch (symbols) {
          case 1 -> new int[] {1};
          case 2 -> new int[] {1, 1};
          case 3 -> new int[] {1, 2, 2};
          default -> new int[] {2, 2, 2, 2};
        };
    int[] chosen = new int[symbols];
    for (int i = 0; i < symbols; i++) {
      chosen[i] = bits.read(width);
    }
    if (symbols == 4 && bits.read(1) == 1) {
      lengthOf = new int[] {1, 2, 3, 3};
    }
    for (int i = 0; i < symbols; i++) {
      if (chosen[i] >= alphabet || lengths[chosen[i]] > 0) {
        throw Stopped.corrupt("a brotli code whose symbols are not different ones of its alphabet");
      }
      lengths[chosen[i]] = lengthOf[i];
    }
    return new BrotliCode(lengths);
  }

  private static BrotliCode complex(BrotliBits bits, int alphabet, int skipped)
      throws NeedMore, Stopped {
    int[] lengthLengths = new int[LENGTH_ORDER.length];
    int space = 32;
    int given = 0;
    for (int i = skipped; i < LENGTH_ORDER.length && space > 0; i++) {
      int ahead = bits.peek() & 15;
      bits.skip(LENGTH_LENGTH_BITS[ahead]);
      int length = LENGTH_LENGTH[ahead];
      lengthLengths[LENGTH_ORDER[i]] = length;
      if (length > 0) {
        space -= 32 >> length;
        given++;
      }
    }
    if (space != 0 && given != 1) {
      throw Stopped.corrupt("a brotli code whose lengths have no complete code");
    }
    return new BrotliCode(lengths(bits, alphabet, new BrotliCode(lengthLengths)));
  }

  private static int[] lengths(BrotliBits bits, int alphabet, BrotliCode code)
      throws NeedMore, Stopped {
    int[] lengths = new int[alphabet];
    int space = 1 << MAX_BITS;
    int symbol = 0;
    int last = 8;
    int repeated = -1;
    int repeat = 0;
    while (symbol < alphabet && space > 0) {
      int length = code.read(bits);
      if (length < REPEAT_LAST) {
        repeated = -1;
        lengths[symbol++] = length;
        if (length > 0) {
          last = length;
          space -= 1 << MAX_BITS >> length;
        }
        continue;
      }
      int width = length == REPEAT_ZERO ? 3 : 2;
      int value = length == REPEAT_ZERO ? 0 : last;
      // A repeat after a repeat of the same multiplies it.
      int before = value == repeated ? repeat : 0;
      repeat = (before > 0 ? (before - 2) << width : 0) + bits.read(width) + 3;
      repeated = value;
      int more = repeat - before;
      if (more > alphabet - symbol) {
        throw Stopped.corrupt("a brotli code with more lengths than symbols");
      }
      for (int i = 0; i < more; i++) {
        lengths[symbol++] = value;
      }
      space -= value > 0 ? more << (MAX_BITS - value) : 0;
    }
    if (space != 0) {
      throw Stopped.corrupt("a brotli code that is not complete");
    }
    return lengths;
  }
}
