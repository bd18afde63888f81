package dev.tapedeck.formats.coding;

import java.util.Arrays;

/** A table of finite state entropy codes (RFC 8878, section 4.1.1). */
final class ZstdTable {

  /** A table that was read, and where its description ended. */
  record Described(ZstdTable table, int end) {}

  private final int log;
  private final byte[] symbols;
  private final byte[] bits;
  private final short[] base;

  private ZstdTable(int log) {
    this.log = log;
    symbols = new byte[1 << log];
    bits = new byte[1 << log];
    base = new short[1 << log];
  }

  /** The table in which every state is this symbol. */
  static ZstdTable of(int symbol) {
    ZstdTable table = new ZstdTable(0);
    table.symbols[0] = (byte) symbol;
    return table;
  }

  /**
   * The table for these probabilities.
   *
   * @param log the probabilities' sum is {@code 1 << log}, where -1 counts as 1
   */
  static ZstdTable of(int log, int... probabilities) {
    ZstdTable table = new ZstdTable(log);
    int size = 1 << log;
    int high = size - 1;
    int[] next = new int[probabilities.length];
    for (int symbol = 0; symbol < probabilities.length; symbol++) {
      next[symbol] = Math.max(probabilities[symbol], 1);
      if (probabilities[symbol] == -1) {
        table.symbols[high--] = (byte) symbol;
      }
    }
    int step = (size >> 1) + (size >> 3) + 3;
    int at = 0;
    for (int symbol = 0; symbol < probabilities.length; symbol++) {
      for (int i = 0; i < probabilities[symbol]; i++) {
        table.symbols[at] = (byte) symbol;
        do {
          at = (at + step) & (size - 1);
        } while (at > high);
      }
    }
    for (int state = 0; state < size; state++) {
      int number = next[table.symbols[state]]++;
      int width = log - floorLog(number);
      table.bits[state] = (byte) width;
      table.base[state] = (short) ((number << width) - size);
    }
    return table;
  }

  private static int floorLog(int value) {
    return 31 - Integer.numberOfLeadingZeros(value);
  }

  /** Reads the description of a table. */
  static Described read(byte[] bytes, int from, int to, int maxLog, int maxSymbol) throws Stopped {
    long position = 8L * from;
    int log = bits(bytes, position, 4) + 5;
    position += 4;
    if (log > maxLog) {
      throw Stopped.corrupt("a zstd table of " + log + " bits, where " + maxLog + " are allowed");
    }
    int[] probabilities = new int[maxSymbol + 1];
    int symbol = 0;
    int left = 1 << log;
    while (left > 0) {
      if (symbol > maxSymbol || position > 8L * to) {
        throw Stopped.corrupt("a zstd table that is not complete");
      }
      // Small values take one bit less, as far as that leaves no value out.
      int width = floorLog(left + 1) + 1;
      int few = (1 << width) - 2 - left;
      int value = bits(bytes, position, width);
      int low = value & ((1 << (width - 1)) - 1);
      position += width;
      if (low < few) {
        value = low;
        position--;
      } else if (value >= 1 << (width - 1)) {
        value -= few;
      }
      int probability = value - 1;
      left -= Math.abs(probability);
      probabilities[symbol++] = probability;
      if (probability == 0) {
        int zeros;
        do {
          zeros = bits(bytes, position, 2);
          position += 2;
          symbol += zeros;
        } while (zeros == 3 && position <= 8L * to);
      }
    }
    int end = (int) ((position + 7) >>> 3);
    if (left < 0 || end > to || symbol > maxSymbol + 1) {
      throw Stopped.corrupt("a zstd table that is not complete");
    }
    return new Described(of(log, probabilities), end);
  }

  private static int bits(byte[] bytes, long position, int count) {
    int at = (int) (position >>> 3);
    int word = 0;
    for (int i = 0; i < 3; i++) {
      word |= at + i < bytes.length ? (bytes[at + i] & 0xff) << (8 * i) : 0;
    }
    return word >>> (position & 7) & ((1 << count) - 1);
  }

  /** Writes the description that {@link #read} reads. */
  static void write(int log, int[] probabilities, ZstdBitWriter to) {
    to.write(log - 5, 4);
    int left = 1 << log;
    for (int symbol = 0; left > 0; symbol++) {
      int width = floorLog(left + 1) + 1;
      int few = (1 << width) - 2 - left;
      int value = probabilities[symbol] + 1;
      if (value < few) {
        to.write(value, width - 1);
      } else {
        to.write(value < 1 << (width - 1) ? value : value + few, width);
      }
      left -= Math.abs(probabilities[symbol]);
      if (probabilities[symbol] == 0) {
        int zeros = 0;
        while (probabilities[symbol + 1 + zeros] == 0) {
          zeros++;
        }
        symbol += zeros;
        for (; zeros >= 3; zeros -= 3) {
          to.write(3, 2);
        }
        to.write(zeros, 2);
      }
    }
  }

  /**
   * The table backwards: for a symbol and the state after it, the state that decodes to the symbol
   * and leads there.
   */
  Encoder encoder(int symbolCount) {
    short[] from = new short[symbolCount << log];
    short[] last = new short[symbolCount];
    for (int state = symbols.length - 1; state >= 0; state--) {
      last[symbols[state]] = (short) state;
      int first = (symbols[state] << log) + base[state];
      Arrays.fill(from, first, first + (1 << bits[state]), (short) state);
    }
    return new Encoder(this, from, last);
  }

  /** Encodes symbols, the last one first. */
  static final class Encoder {
    private final ZstdTable table;
    private final short[] from;
    private final short[] last;
    private int state = -1;

    private Encoder(ZstdTable table, short[] from, short[] last) {
      this.table = table;
      this.from = from;
      this.last = last;
    }

    void encode(int symbol, ZstdBitWriter to) {
      if (state < 0) {
        // No state follows the last symbol. Of those that decode to it the first needs bits to be
        // left, never none: by their absence a decoder of weights knows that it was the last.
        state = last[symbol];
        return;
      }
      int before = from[(symbol << table.log) + state];
      to.write(state - table.base[before], table.bits[before]);
      state = before;
    }

    /** The state with which decoding begins. */
    void end(ZstdBitWriter to) {
      to.write(state, table.log);
    }
  }

  int begin(ZstdBits from) {
    return from.read(log);
  }

  int symbol(int state) {
    return symbols[state];
  }

  int next(int state, ZstdBits from) {
    return base[state] + from.read(bits[state]);
  }
}
