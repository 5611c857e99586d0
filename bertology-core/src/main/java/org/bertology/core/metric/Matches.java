package org.bertology.core.metric;

import java.util.function.ToDoubleFunction;

/**
 * Of each example, how many things were predicted, how many there are, and how many are both: words
 * with a class, or entities.
 */
final class Matches {
  private final int[] right;
  private final int[] predicted;
  private final int[] actual;

  /** Nothing yet. */
  Matches(int examples) {
    right = new int[examples];
    predicted = new int[examples];
    actual = new int[examples];
  }

  void set(int example, int countRight, int countPredicted, int countActual) {
    right[example] = countRight;
    predicted[example] = countPredicted;
    actual[example] = countActual;
  }

  /** Fraction of what was predicted that is right, by how often examples count; 0 of nothing. */
  ToDoubleFunction<int[]> precision() {
    return counts -> ratio(sum(right, counts), sum(predicted, counts));
  }

  /** Fraction of what there is that was predicted; 0 of nothing. */
  ToDoubleFunction<int[]> recall() {
    return counts -> ratio(sum(right, counts), sum(actual, counts));
  }

  /** The harmonic mean of precision and recall; 0 if nothing is right. */
  ToDoubleFunction<int[]> f1() {
    return counts -> ratio(2 * sum(right, counts), sum(predicted, counts) + sum(actual, counts));
  }

  private static double ratio(long part, long whole) {
    return part == 0 ? 0 : (double) part / whole;
  }

  private static long sum(int[] numbers, int[] counts) {
    long sum = 0;
    for (int i = 0; i < numbers.length; i++) {
      sum += (long) counts[i] * numbers[i];
    }
    return sum;
  }
}
