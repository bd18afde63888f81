package dev.tapedeck.formats.coding;

import java.util.Arrays;

/** A Huffman code for literals (RFC 8878, section 4.2). */
final class ZstdHuffman {

  private static final int MAX_BITS = 11;
  private static final int MAX_WEIGHT_LOG = 6;
  private static final int MAX_WEIGHTS = 255;

  /** Header bytes from here on say how many weights of four bits follow. */
  private static final int DIRECT = 128;

  /** A code that was read, and where its description ended. */
  record Described(ZstdHuffman code, int end) {}

  private final int longest;

  /** For the next {@link #longest} bits: the symbol, and above it how many bits it takes. */
  private final short[] entries;

  private ZstdHuffman(int longest, short[] entries) {
    this.longest = longest;
    this.entries = entries;
  }

  static Described read(byte[] bytes, int from, int to) throws Stopped {
    if (from >= to) {
      throw Stopped.corrupt("a zstd Huffman code that is cut off");
    }
    int header = bytes[from] & 0xff;
    int[] weights = new int[MAX_WEIGHTS + 1];
    int count;
    int end;
    if (header >= DIRECT) {
      count = header - DIRECT + 1;
      end = from + 1 + (count + 1) / 2;
      check(end <= to);
      for (int i = 0; i < count; i++) {
        int pair = bytes[from + 1 + i / 2] & 0xff;
        weights[i] = i % 2 == 0 ? pair >> 4 : pair & 15;
      }
    } else {
      end = from + 1 + header;
      check(end <= to);
      count = packed(bytes, from + 1, end, weights);
    }
    return new Described(of(weights, count), end);
  }

  private static void check(boolean good) throws Stopped {
    if (!good) {
      throw Stopped.corrupt("a zstd Huffman code that is not valid");
    }
  }

  /** Weights that are entropy coded themselves, by two states in turns. */
  private static int packed(byte[] bytes, int from, int to, int[] weights) throws Stopped {
    ZstdTable.Described described = ZstdTable.read(bytes, from, to, MAX_WEIGHT_LOG, MAX_BITS + 1);
    ZstdTable table = described.table();
    ZstdBits bits = new ZstdBits(bytes, described.end(), to);
    int state = table.begin(bits);
    int other = table.begin(bits);
    check(bits.left() >= 0);
    int count = 0;
    while (true) {
      check(count < MAX_WEIGHTS - 1);
      weights[count++] = table.symbol(state);
      int next = table.next(state, bits);
      if (bits.left() < 0) {
        weights[count++] = table.symbol(other);
        return count;
      }
      state = other;
      other = next;
    }
  }

  private static ZstdHuffman of(int[] weights, int count) throws Stopped {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      check(weights[i] <= MAX_BITS);
      sum += weights[i] == 0 ? 0 : 1 << (weights[i] - 1);
    }
    check(sum > 0);
    int longest = 32 - Integer.numberOfLeadingZeros(sum);
    int rest = (1 << longest) - sum;
    check(longest <= MAX_BITS && Integer.bitCount(rest) == 1);
    // The last weight is not written: it makes the code complete.
    weights[count] = 32 - Integer.numberOfLeadingZeros(rest);
    short[] entries = new short[1 << longest];
    int at = 0;
    for (int weight = 1; weight <= longest; weight++) {
      for (int symbol = 0; symbol <= count; symbol++) {
        if (weights[symbol] == weight) {
          int end = at + (1 << (weight - 1));
          Arrays.fill(entries, at, end, (short) ((longest + 1 - weight) << 8 | symbol));
          at = end;
        }
      }
    }
    return new ZstdHuffman(longest, entries);
  }

  /** Decodes exactly so many symbols from a stream that holds exactly those. */
  void decode(byte[] bytes, int from, int to, byte[] into, int offset, int count) throws Stopped {
    ZstdBits bits = new ZstdBits(bytes, from, to);
    for (int i = offset; i < offset + count; i++) {
      int entry = entries[bits.peek(longest)];
      into[i] = (byte) entry;
      bits.skip(entry >> 8);
    }
    if (bits.left() != 0) {
      throw Stopped.corrupt("zstd literals that do not end where their stream does");
    }
  }
}
