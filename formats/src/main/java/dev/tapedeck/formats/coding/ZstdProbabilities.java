package dev.tapedeck.formats.coding;

/** How often symbols occur, as a table can tell it: rounded so that all add up to its size. */
final class ZstdProbabilities {

  private static final int MIN_LOG = 5;

  private final int log;
  private final int[] each;

  /** Probabilities that add up to {@code 1 << log}, where -1 counts as 1. */
  ZstdProbabilities(int log, int... each) {
    this.log = log;
    this.each = each;
  }

  int log() {
    return log;
  }

  /** Not a copy. */
  int[] each() {
    return each;
  }

  /** For symbols of which at least two kinds occur. */
  static ZstdProbabilities of(int[] counts, int total, int maxLog) {
    int kinds = 0;
    for (int count : counts) {
      kinds += count > 0 ? 1 : 0;
    }
    int log = Math.clamp(32 - Integer.numberOfLeadingZeros(total - 1) - 2, MIN_LOG, maxLog);
    while (kinds > 1 << (log - 1)) {
      log++;
    }
    int[] each = new int[counts.length];
    int left = 1 << log;
    for (int symbol = 0; symbol < counts.length; symbol++) {
      if (counts[symbol] > 0) {
        each[symbol] = (int) Math.max(1, ((long) counts[symbol] << log) / total);
        left -= each[symbol];
      }
    }
    balance(each, left);
    return new ZstdProbabilities(log, each);
  }

  /** Gives what is left to the largest, or takes what is too much from the largest ones. */
  private static void balance(int[] each, int left) {
    int rest = left;
    while (rest != 0) {
      int largest = 0;
      for (int symbol = 1; symbol < each.length; symbol++) {
        largest = each[symbol] > each[largest] ? symbol : largest;
      }
      int change = Math.max(rest, 1 - each[largest]);
      if (rest < 0) {
        change = Math.max(change, -Math.max(1, each[largest] / 2));
      }
      each[largest] += change;
      rest -= change;
    }
  }

  /** How many bits symbols take that occur so often, about. */
  double bits(int[] counts) {
    double bits = 0;
    for (int symbol = 0; symbol < counts.length; symbol++) {
      if (counts[symbol] > 0) {
        int probability = symbol < each.length ? Math.abs(each[symbol]) : 0;
        if (probability == 0) {
          return Double.POSITIVE_INFINITY;
        }
        bits += counts[symbol] * (log - Math.log(probability) / Math.log(2));
      }
    }
    return bits;
  }
}
