package org.bertology.core.metric;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Positions of numbers in their ascending order. */
public final class Ranks {
  private Ranks() {}

  /**
   * Ranks from 1 (smallest) to n, in the order of the values; equal values share the mean of the
   * ranks they take up.
   *
   * @throws IllegalArgumentException if a value is NaN, which has no place in an order
   */
  public static double[] average(double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        throw new IllegalArgumentException("value " + i + " is NaN and has no rank");
      }
    }
    int[] order = ascending(values);
    double[] ranks = new double[values.length];
    int start = 0;
    for (int end = 1; end <= order.length; end++) {
      if (end == order.length || values[order[end]] != values[order[start]]) {
        double shared = (start + 1 + end) / 2.0;
        for (int i = start; i < end; i++) {
          ranks[order[i]] = shared;
        }
        start = end;
      }
    }
    return ranks;
  }

  /** The positions of values from the smallest to the largest, those that are NaN at the end. */
  static int[] ascending(double[] values) {
    // Adding zero turns -0.0 into 0.0, which Double.compare would keep apart.
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> values[i] + 0.0))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
