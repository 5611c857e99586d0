package org.bertology.core.importance;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;

/** Percentile intervals from resampled examples (Efron and Tibshirani, 1993). */
final class Bootstrap {
  private static final double LOW = 0.025;
  private static final double HIGH = 0.975;

  /** Resamples in memory at once: a thousand of a large training set would take gigabytes. */
  private static final int CHUNK = 64;

  private final int resamples;
  private final long seed;

  Bootstrap(int resamples, long seed) {
    this.resamples = resamples;
    this.seed = seed;
  }

  /**
   * The 95 % intervals of statistics of the examples.
   *
   * @param statistics from how often each example was drawn, to one number per unit; called by
   *     several threads
   */
  Intervals intervals(int examples, Function<int[], double[]> statistics) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] replicates = new double[resamples][];
    for (int start = 0; start < resamples; start += CHUNK) {
      int[][] draws = new int[Math.min(CHUNK, resamples - start)][];
      for (int r = 0; r < draws.length; r++) {
        draws[r] = draw(examples, random);
      }
      double[][] results = Arrays.stream(draws).parallel().map(statistics).toArray(double[][]::new);
      System.arraycopy(results, 0, replicates, start, results.length);
    }
    int units = replicates[0].length;
    double[] low = new double[units];
    double[] high = new double[units];
    double[] column = new double[resamples];
    for (int unit = 0; unit < units; unit++) {
      for (int r = 0; r < resamples; r++) {
        column[r] = replicates[r][unit];
      }
      Arrays.sort(column);
      low[unit] = quantile(column, LOW);
      high[unit] = quantile(column, HIGH);
    }
    return new Intervals(low, high);
  }

  private static int[] draw(int examples, SplittableRandom random) {
    int[] counts = new int[examples];
    for (int i = 0; i < examples; i++) {
      counts[random.nextInt(examples)]++;
    }
    return counts;
  }

  /** Linear interpolation between order statistics. */
  private static double quantile(double[] sorted, double fraction) {
    double position = fraction * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
