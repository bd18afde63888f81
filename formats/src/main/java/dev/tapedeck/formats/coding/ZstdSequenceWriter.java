package dev.tapedeck.formats.coding;

import java.util.Arrays;

/** The sequences of one block as they are found, and their section as it is written. */
final class ZstdSequenceWriter {

  /** Every match is at least three bytes long. */
  private static final int MAX_SEQUENCES = ZstdBlock.MAX_BYTES / 3 + 1;

  private final byte[] literals = new byte[ZstdBlock.MAX_BYTES];
  private final int[] literalLengths = new int[MAX_SEQUENCES];
  private final int[] matchLengths = new int[MAX_SEQUENCES];
  private final int[] offsetValues = new int[MAX_SEQUENCES];
  private int literalCount;
  private int count;

  void clear() {
    literalCount = 0;
    count = 0;
  }

  void literals(byte[] bytes, int from, int length) {
    System.arraycopy(bytes, from, literals, literalCount, length);
    literalCount += length;
  }

  /** A match after literals that have been added. */
  void match(int literalLength, int matchLength, int offsetValue) {
    literalLengths[count] = literalLength;
    matchLengths[count] = matchLength;
    offsetValues[count] = offsetValue;
    count++;
  }

  void write(ZstdBitWriter to) {
    ZstdLiteralWriter.write(literals, literalCount, to);
    writeCount(to);
    if (count == 0) {
      return;
    }
    Kind literal = new Kind(ZstdSequences.LITERAL_LENGTHS, codes(literalLengths, true), count);
    Kind offset = new Kind(ZstdSequences.OFFSETS, offsetCodes(), count);
    Kind match = new Kind(ZstdSequences.MATCH_LENGTHS, codes(matchLengths, false), count);
    to.number(literal.mode() << 6 | offset.mode() << 4 | match.mode() << 2, 1);
    literal.describe(to);
    offset.describe(to);
    match.describe(to);
    ZstdTable.Encoder literalEncoder = literal.encoder();
    ZstdTable.Encoder offsetEncoder = offset.encoder();
    ZstdTable.Encoder matchEncoder = match.encoder();
    // All in the reverse of the order in which it is read.
    for (int i = count - 1; i >= 0; i--) {
      offsetEncoder.encode(offset.codes[i], to);
      matchEncoder.encode(match.codes[i], to);
      literalEncoder.encode(literal.codes[i], to);
      to.write(
          literalLengths[i] - ZstdSequences.LITERAL_BASE[literal.codes[i]],
          ZstdSequences.LITERAL_BITS[literal.codes[i]]);
      to.write(
          matchLengths[i] - ZstdSequences.MATCH_BASE[match.codes[i]],
          ZstdSequences.MATCH_BITS[match.codes[i]]);
      to.write(offsetValues[i] - (1 << offset.codes[i]), offset.codes[i]);
    }
    matchEncoder.end(to);
    offsetEncoder.end(to);
    literalEncoder.end(to);
    to.mark();
  }

  private void writeCount(ZstdBitWriter to) {
    if (count < 128) {
      to.number(count, 1);
    } else if (count < 0x7f00) {
      to.number((count >> 8) + 128, 1);
      to.number(count & 0xff, 1);
    } else {
      to.number(255, 1);
      to.number(count - 0x7f00, 2);
    }
  }

  private int[] codes(int[] lengths, boolean literal) {
    int[] base = literal ? ZstdSequences.LITERAL_BASE : ZstdSequences.MATCH_BASE;
    int[] codes = new int[count];
    for (int i = 0; i < count; i++) {
      int found = Arrays.binarySearch(base, lengths[i]);
      codes[i] = found >= 0 ? found : -found - 2;
    }
    return codes;
  }

  private int[] offsetCodes() {
    int[] codes = new int[count];
    for (int i = 0; i < count; i++) {
      codes[i] = 31 - Integer.numberOfLeadingZeros(offsetValues[i]);
    }
    return codes;
  }

  /** One of the three kinds of codes: which table is best for it. */
  private static final class Kind {
    private final ZstdSequences.Alphabet alphabet;
    private final int[] codes;
    private final int[] counts;
    private final int mode;
    private final ZstdProbabilities probabilities;

    Kind(ZstdSequences.Alphabet alphabet, int[] codes, int count) {
      this.alphabet = alphabet;
      this.codes = codes;
      counts = new int[alphabet.maxSymbol() + 1];
      for (int i = 0; i < count; i++) {
        counts[codes[i]]++;
      }
      if (counts[codes[0]] == count) {
        mode = ZstdSequences.SINGLE;
        probabilities = alphabet.predefined();
        return;
      }
      ZstdProbabilities own = ZstdProbabilities.of(counts, count, alphabet.maxLog());
      ZstdBitWriter description = new ZstdBitWriter();
      ZstdTable.write(own.log(), own.each(), description);
      boolean better =
          own.bits(counts) + 8 * (description.length() + 1) < alphabet.predefined().bits(counts);
      mode = better ? ZstdSequences.DESCRIBED : ZstdSequences.PREDEFINED;
      probabilities = better ? own : alphabet.predefined();
    }

    int mode() {
      return mode;
    }

    void describe(ZstdBitWriter to) {
      if (mode == ZstdSequences.SINGLE) {
        to.number(codes[0], 1);
      } else if (mode == ZstdSequences.DESCRIBED) {
        ZstdTable.write(probabilities.log(), probabilities.each(), to);
        to.align();
      }
    }

    ZstdTable.Encoder encoder() {
      ZstdTable table =
          mode == ZstdSequences.SINGLE
              ? ZstdTable.of(codes[0])
              : ZstdTable.of(probabilities.log(), probabilities.each());
      return table.encoder(alphabet.maxSymbol() + 1);
    }
  }
}
