package dev.tapedeck.formats.coding;

import org.jspecify.annotations.Nullable;

/** The sequences of a block: literals and copies in turns (RFC 8878, section 3.1.1.3.2). */
final class ZstdSequences {

  static final int[] LITERAL_BASE = {
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64,
    128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536
  };
  static final int[] LITERAL_BITS = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11,
    12, 13, 14, 15, 16
  };
  static final int[] MATCH_BASE = {
    3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
    29, 30, 31, 32, 33, 34, 35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051,
    4099, 8195, 16387, 32771, 65539
  };
  static final int[] MATCH_BITS = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
  };

  /**
   * One of the three kinds of codes in a sequence.
   *
   * @param predefined RFC 8878, section 3.1.1.3.2.2
   */
  record Alphabet(int maxSymbol, int maxLog, ZstdProbabilities predefined, ZstdTable table) {
    private static Alphabet of(int maxSymbol, int maxLog, int log, int... predefined) {
      return new Alphabet(
          maxSymbol, maxLog, new ZstdProbabilities(log, predefined), ZstdTable.of(log, predefined));
    }
  }

  static final Alphabet LITERAL_LENGTHS =
      Alphabet.of(
          35, 9, 6, 4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2,
          1, 1, 1, 1, 1, -1, -1, -1, -1);
  static final Alphabet MATCH_LENGTHS =
      Alphabet.of(
          52, 9, 6, 1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
          1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1);
  static final Alphabet OFFSETS =
      Alphabet.of(
          31, 8, 5, 1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1,
          -1, -1, -1);

  static final int PREDEFINED = 0;
  static final int SINGLE = 1;
  static final int DESCRIBED = 2;

  private final Window window;
  private final int maxBlockBytes;
  private final int[] recent = {1, 4, 8};
  private @Nullable ZstdTable literalTable;
  private @Nullable ZstdTable offsetTable;
  private @Nullable ZstdTable matchTable;
  private int at;

  ZstdSequences(Window window, int maxBlockBytes) {
    this.window = window;
    this.maxBlockBytes = maxBlockBytes;
  }

  void decode(byte[] bytes, int from, int to, byte[] literals, int literalCount) throws Stopped {
    at = from;
    int count = count(bytes, to);
    if (count == 0) {
      check(at == to, "has bytes after its literals");
      check(literalCount <= maxBlockBytes, "decodes to more than a block may hold");
      window.put(literals, 0, literalCount);
      return;
    }
    check(at < to, "is cut off");
    int modes = bytes[at++] & 0xff;
    check((modes & 3) == 0, "has modes that are not defined");
    ZstdTable literal = table(bytes, to, modes >> 6, literalTable, LITERAL_LENGTHS);
    ZstdTable offset = table(bytes, to, modes >> 4 & 3, offsetTable, OFFSETS);
    ZstdTable match = table(bytes, to, modes >> 2 & 3, matchTable, MATCH_LENGTHS);
    literalTable = literal;
    offsetTable = offset;
    matchTable = match;
    ZstdBits bits = new ZstdBits(bytes, at, to);
    run(bits, count, new ZstdTable[] {literal, offset, match}, literals, literalCount);
  }

  private int count(byte[] bytes, int to) throws Stopped {
    check(at < to, "has no sequences section");
    int first = bytes[at++] & 0xff;
    if (first < 128) {
      return first;
    }
    int more = first == 255 ? 2 : 1;
    check(at + more <= to, "is cut off");
    int second = bytes[at++] & 0xff;
    return first < 255
        ? ((first - 128) << 8) + second
        : second + ((bytes[at++] & 0xff) << 8) + 0x7f00;
  }

  private ZstdTable table(
      byte[] bytes, int to, int mode, @Nullable ZstdTable before, Alphabet alphabet)
      throws Stopped {
    return switch (mode) {
      case PREDEFINED -> alphabet.table();
      case SINGLE -> {
        check(
            at < to && (bytes[at] & 0xff) <= alphabet.maxSymbol(),
            "names a symbol that is not defined");
        yield ZstdTable.of(bytes[at++]);
      }
      case DESCRIBED -> {
        ZstdTable.Described described =
            ZstdTable.read(bytes, at, to, alphabet.maxLog(), alphabet.maxSymbol());
        at = described.end();
        yield described.table();
      }
      default -> {
        if (before == null) {
          throw Stopped.corrupt("a zstd block that repeats a table where none was");
        }
        yield before;
      }
    };
  }

  private void run(ZstdBits bits, int count, ZstdTable[] tables, byte[] literals, int literalCount)
      throws Stopped {
    final ZstdTable literalCodes = tables[0];
    final ZstdTable offsetCodes = tables[1];
    final ZstdTable matchCodes = tables[2];
    int literalState = literalCodes.begin(bits);
    int offsetState = offsetCodes.begin(bits);
    int matchState = matchCodes.begin(bits);
    int taken = 0;
    int room = maxBlockBytes;
    for (int i = 0; i < count; i++) {
      int offsetCode = offsetCodes.symbol(offsetState);
      int matchCode = matchCodes.symbol(matchState);
      int literalCode = literalCodes.symbol(literalState);
      int offset = (1 << offsetCode) + bits.read(offsetCode);
      int match = MATCH_BASE[matchCode] + bits.read(MATCH_BITS[matchCode]);
      int length = LITERAL_BASE[literalCode] + bits.read(LITERAL_BITS[literalCode]);
      check(bits.left() >= 0, "has fewer bits than sequences");
      check(length <= literalCount - taken, "has fewer literals than its sequences take");
      room -= length + match;
      check(room >= 0, "decodes to more than a block may hold");
      window.put(literals, taken, length);
      taken += length;
      window.repeat(offset(offset, length), match);
      if (i < count - 1) {
        literalState = literalCodes.next(literalState, bits);
        matchState = matchCodes.next(matchState, bits);
        offsetState = offsetCodes.next(offsetState, bits);
      }
    }
    check(bits.left() == 0, "has more bits than sequences");
    int rest = literalCount - taken;
    check(rest <= room, "decodes to more than a block may hold");
    window.put(literals, taken, rest);
  }

  /** What an offset value means, and what becomes of the recent ones (section 3.1.1.5). */
  private int offset(int value, int literalLength) throws Stopped {
    if (value < 0 || value > 3) {
      // Above 2^31 it is further back than any window.
      shift(2, value < 0 ? Integer.MAX_VALUE : value - 3);
      return recent[0];
    }
    int index = value - 1 + (literalLength == 0 ? 1 : 0);
    int offset = index < 3 ? recent[index] : recent[0] - 1;
    check(offset > 0, "refers to itself");
    shift(Math.min(index, 2), offset);
    return offset;
  }

  private void shift(int index, int first) {
    System.arraycopy(recent, 0, recent, 1, index);
    recent[0] = first;
  }

  private static void check(boolean good, String otherwise) throws Stopped {
    if (!good) {
      throw Stopped.corrupt("a zstd block that " + otherwise);
    }
  }
}
