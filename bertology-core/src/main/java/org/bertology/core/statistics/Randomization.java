package org.bertology.core.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Paired approximate randomization (Noreen, 1989): if two models were the same, it would not matter
 * which of them gave which outcome, so outcomes change sides by the toss of a coin, example by
 * example, and the difference that was seen is compared with those. With R tosses of all coins, k
 * of which give a difference at least as large on either side, p is {@code (1 + k) / (1 + R)}.
 */
public final class Randomization {
  /** Differences that are equal on paper are summed up in different orders. */
  private static final double ROUNDING = 1e-12;

  /** Tosses of all coins in memory at once. */
  private static final int CHUNK = 64;

  private final int randomizations;
  private final long seed;

  /**
   * A test.
   *
   * @param randomizations R; at least 1
   */
  public Randomization(int randomizations, long seed) {
    if (randomizations < 1) {
      throw new IllegalArgumentException(
          "randomizations must be at least 1, got " + randomizations);
    }
    this.randomizations = randomizations;
    this.seed = seed;
  }

  /**
   * The two-sided p-values of the differences of variants from a base, in (0, 1]; NaN where the
   * measure is not defined. The coins are the same for all variants.
   *
   * @throws IllegalArgumentException if a variant's outcomes are of other examples than the base's
   */
  public double[] pValues(Measure measure, Outcomes base, List<Outcomes> variants) {
    variants.forEach(base::requireSameExamples);
    List<ToDoubleFunction<int[]>> differences =
        variants.stream().map(variant -> difference(measure, base, variant)).toList();
    double[] seen = absolute(differences, new int[base.size()]);
    long[] asLarge = asLarge(differences, seen, base.size());
    double[] pValues = new double[seen.length];
    Arrays.setAll(pValues, i -> pValue(seen[i], asLarge[i]));
    return pValues;
  }

  private double pValue(double seen, long asLarge) {
    return Double.isNaN(seen) ? Double.NaN : (1.0 + asLarge) / (1.0 + randomizations);
  }

  /** How often each difference is as large as was seen. */
  private long[] asLarge(List<ToDoubleFunction<int[]>> differences, double[] seen, int examples) {
    // Another stream than that of a bootstrap of the same seed.
    SplittableRandom random = new SplittableRandom(seed).split();
    long[] counts = new long[seen.length];
    for (int start = 0; start < randomizations; start += CHUNK) {
      int[][] tosses = new int[Math.min(CHUNK, randomizations - start)][];
      Arrays.setAll(tosses, r -> toss(examples, random));
      Arrays.stream(tosses)
          .parallel()
          .map(swapped -> absolute(differences, swapped))
          .forEachOrdered(values -> count(values, seen, counts));
    }
    return counts;
  }

  /** 1 for every example whose outcomes change sides, 0 for the others. */
  private static int[] toss(int examples, SplittableRandom random) {
    int[] swapped = new int[examples];
    long coins = 0;
    for (int i = 0; i < examples; i++) {
      coins = i % Long.SIZE == 0 ? random.nextLong() : coins >>> 1;
      swapped[i] = (int) (coins & 1);
    }
    return swapped;
  }

  private static double[] absolute(List<ToDoubleFunction<int[]>> differences, int[] swapped) {
    return differences.stream()
        .mapToDouble(difference -> Math.abs(difference.applyAsDouble(swapped)))
        .toArray();
  }

  private static void count(double[] values, double[] seen, long[] counts) {
    for (int i = 0; i < values.length; i++) {
      // A toss for which the measure is not defined speaks against significance.
      boolean smaller = values[i] < seen[i] * (1 - ROUNDING);
      counts[i] += smaller ? 0 : 1;
    }
  }

  /** A difference as a function of which examples change sides. Thread-safe. */
  private static ToDoubleFunction<int[]> difference(
      Measure measure, Outcomes base, Outcomes variant) {
    return measure
        .perExample(base)
        .map(
            ofBase ->
                differenceOfMeans(
                    ofBase, measure.perExample(variant).orElseThrow(), measure.weights(base)))
        .orElseGet(() -> differenceOfMetrics(measure, base, variant));
  }

  private static ToDoubleFunction<int[]> differenceOfMeans(
      double[] base, double[] variant, double[] weights) {
    double[] more = new double[base.length];
    Arrays.setAll(more, i -> weights[i] * (variant[i] - base[i]));
    return swapped -> {
      double sum = 0;
      for (int i = 0; i < more.length; i++) {
        sum += (1 - 2 * swapped[i]) * more[i];
      }
      return sum;
    };
  }

  /** Both sides are choices among the outcomes of the base and, behind them, the variant. */
  private static ToDoubleFunction<int[]> differenceOfMetrics(
      Measure measure, Outcomes base, Outcomes variant) {
    int examples = base.size();
    ToDoubleFunction<int[]> counted = measure.counted(base.followedBy(variant));
    return swapped -> {
      int[] one = new int[2 * examples];
      int[] other = new int[2 * examples];
      for (int i = 0; i < examples; i++) {
        one[i] = swapped[i];
        one[examples + i] = 1 - swapped[i];
        other[i] = 1 - swapped[i];
        other[examples + i] = swapped[i];
      }
      return counted.applyAsDouble(one) - counted.applyAsDouble(other);
    };
  }
}
