package dev.tapedeck.formats.coding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Compresses bytes into one zstd frame (RFC 8878), with their length and a checksum.
 *
 * <p>Matches are looked for along chains of places with the same four bytes; a match is put off by
 * one byte if a longer one begins there. What repeats as much as the events of a stream do becomes
 * about as small as zstd itself makes it at its usual level.
 */
final class ZstdEncoder {

  private static final int MAGIC_NUMBER = 0xFD2FB528;
  private static final int MAX_WINDOW_LOG = 23;
  private static final int MIN_WINDOW_LOG = 10;
  private static final int MIN_MATCH = 4;

  /** A match so long is taken at once. */
  private static final int GOOD_MATCH = 48;

  /** How many places are tried. */
  private static final int DEPTH = 16;

  private static final int MAX_HASH_LOG = 17;
  private static final int MAX_CHAIN_LOG = 18;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] input;
  private final int window;
  private final int hashShift;
  private final int[] heads;
  private final int[] chain;
  private final ZstdSequenceWriter sequences = new ZstdSequenceWriter();
  private final int[] recent = {1, 4, 8};
  private int inserted;
  private int matchLength;
  private int matchFrom;

  private ZstdEncoder(byte[] input) {
    this.input = input;
    window = 1 << MAX_WINDOW_LOG;
    int log = Math.clamp(32 - Integer.numberOfLeadingZeros(input.length), 8, MAX_CHAIN_LOG);
    int hashLog = Math.min(log, MAX_HASH_LOG);
    hashShift = 32 - hashLog;
    heads = new int[1 << hashLog];
    Arrays.fill(heads, -1);
    chain = new int[1 << log];
  }

  static byte[] encode(byte[] input) {
    return new ZstdEncoder(input).frame();
  }

  private byte[] frame() {
    ZstdBitWriter to = new ZstdBitWriter();
    to.number(MAGIC_NUMBER, 4);
    boolean single = input.length <= window;
    // The content's length in four bytes, a checksum.
    to.number(0x80 | (single ? 0x20 : 0) | 0x04, 1);
    if (!single) {
      to.number((MAX_WINDOW_LOG - MIN_WINDOW_LOG) << 3, 1);
    }
    to.number(input.length, 4);
    int from = 0;
    do {
      int end = Math.min(input.length, from + ZstdBlock.MAX_BYTES);
      block(from, end, end == input.length, to);
      from = end;
    } while (from < input.length);
    XxHash64 hash = new XxHash64();
    hash.update(input, 0, input.length);
    to.number(hash.value(), 4);
    return to.toArray();
  }

  private void block(int from, int end, boolean last, ZstdBitWriter to) {
    int[] before = recent.clone();
    sequences.clear();
    find(from, end);
    ZstdBitWriter compressed = new ZstdBitWriter();
    sequences.write(compressed);
    int lastBit = last ? 1 : 0;
    if (compressed.length() < end - from) {
      to.number((long) compressed.length() << 3 | 2 << 1 | lastBit, 3);
      to.put(compressed);
    } else {
      // The decoder will not see these sequences, nor what they did to the recent offsets.
      System.arraycopy(before, 0, recent, 0, recent.length);
      to.number((long) (end - from) << 3 | lastBit, 3);
      to.put(input, from, end - from);
    }
  }

  private void find(int from, int end) {
    int literalsFrom = from;
    int at = from;
    int lastStart = end - 8;
    while (at <= lastStart) {
      int length = match(at, end);
      if (length == 0) {
        at++;
        continue;
      }
      int matched = matchFrom;
      if (length < GOOD_MATCH && at < lastStart && match(at + 1, end) > length + 1) {
        at++;
        length = matchLength;
        matched = matchFrom;
      }
      int literalLength = at - literalsFrom;
      sequences.literals(input, literalsFrom, literalLength);
      sequences.match(literalLength, length, offsetValue(at - matched, literalLength == 0));
      at += length;
      literalsFrom = at;
    }
    sequences.literals(input, literalsFrom, end - literalsFrom);
  }

  /** The longest match at a place, 0 if there is none that is worth it. */
  private int match(int at, int end) {
    insertUpTo(at);
    int word = (int) INT.get(input, at);
    int best = MIN_MATCH - 1;
    int bestFrom = -1;
    int recently = at - recent[0];
    if (recently >= 0 && (int) INT.get(input, recently) == word) {
      best = length(recently, at, end);
      bestFrom = recently;
    }
    int lowest = Math.max(0, Math.max(at - window, at - chain.length + 1));
    int candidate = heads[(word * 0x9E3779B1) >>> hashShift];
    for (int i = 0; i < DEPTH && candidate >= lowest && best < GOOD_MATCH; i++) {
      if (at + best < end && input[candidate + best] == input[at + best]) {
        int length = length(candidate, at, end);
        if (length > best) {
          best = length;
          bestFrom = candidate;
        }
      }
      candidate = chain[candidate & (chain.length - 1)];
    }
    boolean worth = bestFrom >= 0 && (best > MIN_MATCH || at - bestFrom < 1 << 16);
    matchLength = worth ? best : 0;
    matchFrom = bestFrom;
    return matchLength;
  }

  private void insertUpTo(int end) {
    int last = Math.min(end, input.length - 3);
    for (; inserted < last; inserted++) {
      int hash = ((int) INT.get(input, inserted) * 0x9E3779B1) >>> hashShift;
      chain[inserted & (chain.length - 1)] = heads[hash];
      heads[hash] = inserted;
    }
  }

  private int length(int from, int at, int end) {
    int length = 0;
    while (at + length + 8 <= end) {
      long different = (long) LONG.get(input, from + length) ^ (long) LONG.get(input, at + length);
      if (different != 0) {
        return length + Long.numberOfTrailingZeros(different) / 8;
      }
      length += 8;
    }
    while (at + length < end && input[from + length] == input[at + length]) {
      length++;
    }
    return length;
  }

  /** How an offset is written, and what becomes of the recent ones (section 3.1.1.5). */
  private int offsetValue(int offset, boolean noLiterals) {
    int index = 0;
    while (index < recent.length && recent[index] != offset) {
      index++;
    }
    boolean named = index < recent.length && !(noLiterals && index == 0);
    System.arraycopy(recent, 0, recent, 1, Math.min(index, 2));
    recent[0] = offset;
    if (!named) {
      if (index == 0) {
        // Without literals the last offset itself has no name: it is written out, and moves all.
        recent[2] = recent[1];
        recent[1] = offset;
      }
      return offset + 3;
    }
    return index + (noLiterals ? 0 : 1);
  }
}
