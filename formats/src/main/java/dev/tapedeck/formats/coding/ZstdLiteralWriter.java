package dev.tapedeck.formats.coding;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Writes the literals section of a block (RFC 8878, section 3.1.1.3.1). */
final class ZstdLiteralWriter {

  private static final int MAX_BITS = 11;
  private static final int SYMBOLS = 256;

  /** Fewer are not worth a code. */
  private static final int MIN_LITERALS = 64;

  private static final int ONE_STREAM_LITERALS = 1023;
  private static final int DIRECT_WEIGHTS = 128;
  private static final int WEIGHT_LOG = 6;

  private final byte[] literals;
  private final int count;

  private ZstdLiteralWriter(byte[] literals, int count) {
    this.literals = literals;
    this.count = count;
  }

  static void write(byte[] literals, int count, ZstdBitWriter to) {
    ZstdLiteralWriter writer = new ZstdLiteralWriter(literals, count);
    ZstdBitWriter packed = count < MIN_LITERALS ? null : writer.packed();
    if (packed == null || packed.length() + 5 >= count) {
      writer.plain(to);
    } else {
      writer.header(packed.length(), to);
      to.put(packed);
    }
  }

  private void plain(ZstdBitWriter to) {
    if (count < 32) {
      to.number((long) count << 3, 1);
    } else if (count < 4096) {
      to.number((long) count << 4 | 1 << 2, 2);
    } else {
      to.number((long) count << 4 | 3 << 2, 3);
    }
    to.put(literals, 0, count);
  }

  private void header(int packed, ZstdBitWriter to) {
    int format;
    int width;
    if (count <= ONE_STREAM_LITERALS) {
      format = 0;
      width = 10;
    } else if (count < 1 << 14) {
      format = 2;
      width = 14;
    } else {
      format = 3;
      width = 18;
    }
    long sizes = (long) packed << width | count;
    to.number(sizes << 4 | format << 2 | 2, (4 + 2 * width + 7) / 8);
  }

  /** Code and streams; null if the literals have no code that is worth it. */
  private @Nullable ZstdBitWriter packed() {
    int[] counts = new int[SYMBOLS];
    for (int i = 0; i < count; i++) {
      counts[literals[i] & 0xff]++;
    }
    int[] lengths = lengths(counts);
    int longest = Arrays.stream(lengths).max().orElse(0);
    int last = SYMBOLS - 1;
    while (lengths[last] == 0) {
      last--;
    }
    int[] weights = new int[last + 1];
    for (int symbol = 0; symbol <= last; symbol++) {
      weights[symbol] = lengths[symbol] == 0 ? 0 : longest + 1 - lengths[symbol];
    }
    ZstdBitWriter to = new ZstdBitWriter();
    if (longest == 0 || !description(weights, last, to)) {
      return null;
    }
    int[] codes = codes(weights, longest);
    if (count <= ONE_STREAM_LITERALS) {
      to.put(stream(codes, lengths, 0, count));
      return to;
    }
    int part = (count + 3) / 4;
    ZstdBitWriter streams = new ZstdBitWriter();
    for (int i = 0; i < 4; i++) {
      ZstdBitWriter stream = stream(codes, lengths, i * part, Math.min(count, (i + 1) * part));
      if (i < 3) {
        to.number(stream.length(), 2);
      }
      streams.put(stream);
    }
    to.put(streams);
    return to;
  }

  private ZstdBitWriter stream(int[] codes, int[] lengths, int from, int end) {
    ZstdBitWriter to = new ZstdBitWriter();
    for (int i = end - 1; i >= from; i--) {
      int symbol = literals[i] & 0xff;
      to.write(codes[symbol], lengths[symbol]);
    }
    to.mark();
    return to;
  }

  private static int[] codes(int[] weights, int longest) {
    int[] codes = new int[weights.length];
    int at = 0;
    for (int weight = 1; weight <= longest; weight++) {
      for (int symbol = 0; symbol < weights.length; symbol++) {
        if (weights[symbol] == weight) {
          codes[symbol] = at >> (weight - 1);
          at += 1 << (weight - 1);
        }
      }
    }
    return codes;
  }

  /** Writes all weights but the last; false if they cannot be written. */
  private static boolean description(int[] weights, int count, ZstdBitWriter to) {
    ZstdBitWriter packed = packedWeights(weights, count);
    int direct = count <= DIRECT_WEIGHTS ? (count + 1) / 2 : Integer.MAX_VALUE;
    if (packed != null && packed.length() < Math.min(direct, DIRECT_WEIGHTS)) {
      to.number(packed.length(), 1);
      to.put(packed);
      return true;
    }
    if (direct == Integer.MAX_VALUE) {
      return false;
    }
    to.number(DIRECT_WEIGHTS - 1 + count, 1);
    for (int i = 0; i < count; i += 2) {
      to.number(weights[i] << 4 | (i + 1 < count ? weights[i + 1] : 0), 1);
    }
    return true;
  }

  private static @Nullable ZstdBitWriter packedWeights(int[] weights, int count) {
    int[] counts = new int[MAX_BITS + 2];
    int kinds = 0;
    for (int i = 0; i < count; i++) {
      kinds += counts[weights[i]]++ == 0 ? 1 : 0;
    }
    if (kinds < 2 || count < 2) {
      return null;
    }
    ZstdProbabilities probabilities = ZstdProbabilities.of(counts, count, WEIGHT_LOG);
    ZstdTable table = ZstdTable.of(probabilities.log(), probabilities.each());
    ZstdBitWriter to = new ZstdBitWriter();
    ZstdTable.write(probabilities.log(), probabilities.each(), to);
    to.align();
    // Two states take turns; the decoder begins with the one that holds the first weight.
    ZstdTable.Encoder even = table.encoder(counts.length);
    ZstdTable.Encoder odd = table.encoder(counts.length);
    for (int i = count - 1; i >= 0; i--) {
      (i % 2 == 0 ? even : odd).encode(weights[i], to);
    }
    odd.end(to);
    even.end(to);
    to.mark();
    return to;
  }

  /** How long each symbol's code is, at most {@link #MAX_BITS}; all 0 for less than two symbols. */
  private static int[] lengths(int[] counts) {
    int[] scaled = counts.clone();
    while (true) {
      int[] lengths = huffman(scaled);
      if (Arrays.stream(lengths).max().orElse(0) <= MAX_BITS) {
        return lengths;
      }
      // Rare symbols are made less rare until no code is too long.
      for (int symbol = 0; symbol < SYMBOLS; symbol++) {
        scaled[symbol] = scaled[symbol] == 0 ? 0 : scaled[symbol] / 2 + 1;
      }
    }
  }

  private record Node(int count, int symbol, @Nullable Node left, @Nullable Node right) {}

  private static int[] huffman(int[] counts) {
    PriorityQueue<Node> nodes =
        new PriorityQueue<>(
            Comparator.<Node>comparingInt(Node::count).thenComparingInt(Node::symbol));
    for (int symbol = 0; symbol < SYMBOLS; symbol++) {
      if (counts[symbol] > 0) {
        nodes.add(new Node(counts[symbol], symbol, null, null));
      }
    }
    int[] lengths = new int[SYMBOLS];
    if (nodes.size() < 2) {
      return lengths;
    }
    while (nodes.size() > 1) {
      Node one = nodes.remove();
      Node two = nodes.remove();
      nodes.add(new Node(one.count() + two.count(), SYMBOLS, one, two));
    }
    measure(nodes.remove(), 0, lengths);
    return lengths;
  }

  private static void measure(Node node, int depth, int[] lengths) {
    Node left = node.left();
    Node right = node.right();
    if (left == null || right == null) {
      lengths[node.symbol()] = depth;
    } else {
      measure(left, depth + 1, lengths);
      measure(right, depth + 1, lengths);
    }
  }
}
