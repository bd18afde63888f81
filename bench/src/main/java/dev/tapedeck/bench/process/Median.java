package dev.tapedeck.bench.process;

import java.util.Arrays;

/** The middle of many measured values. */
public final class Median {

  private Median() {}

  /**
   * The median; of an even number, the mean of the two in the middle.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static double of(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("nothing was measured");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
