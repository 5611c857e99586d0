package org.bertology.core.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Percentile intervals of 95 % from resampled examples (Efron and Tibshirani, 1993). The same seed
 * draws the same resamples of as many examples, whatever is computed from them.
 */
public final class Bootstrap {
  private static final double LOW = 0.025;
  private static final double HIGH = 0.975;

  /** Resamples in memory at once: a thousand of a large training set would take gigabytes. */
  private static final int CHUNK = 64;

  private final int resamples;
  private final long seed;

  /**
   * A bootstrap.
   *
   * @param resamples how many; at least 1
   */
  public Bootstrap(int resamples, long seed) {
    if (resamples < 1) {
      throw new IllegalArgumentException("resamples must be at least 1, got " + resamples);
    }
    this.resamples = resamples;
    this.seed = seed;
  }

  /**
   * The intervals of several numbers that are computed from the same examples.
   *
   * @param statistics from how often each example was drawn, to the numbers; called by several
   *     threads
   */
  public Intervals intervals(int examples, Function<int[], double[]> statistics) {
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
      low[unit] = Quantiles.of(column, LOW);
      high[unit] = Quantiles.of(column, HIGH);
    }
    return new Intervals(low, high);
  }

  /** The interval of a measure of one model's outcomes. */
  public Interval interval(Measure measure, Outcomes outcomes) {
    ToDoubleFunction<int[]> counted = measure.counted(outcomes);
    return intervals(outcomes.size(), counts -> new double[] {counted.applyAsDouble(counts)})
        .get(0);
  }

  /**
   * The intervals of what a measure of each variant has more than that of the base, where every
   * resample draws the same examples for all of them (Koehn, 2004).
   *
   * @throws IllegalArgumentException if a variant's outcomes are of other examples than the base's
   */
  public Intervals differences(Measure measure, Outcomes base, List<Outcomes> variants) {
    variants.forEach(base::requireSameExamples);
    ToDoubleFunction<int[]> ofBase = measure.counted(base);
    List<ToDoubleFunction<int[]>> ofVariants = variants.stream().map(measure::counted).toList();
    return intervals(
        base.size(),
        counts -> {
          double level = ofBase.applyAsDouble(counts);
          return ofVariants.stream()
              .mapToDouble(variant -> variant.applyAsDouble(counts) - level)
              .toArray();
        });
  }

  private static int[] draw(int examples, SplittableRandom random) {
    int[] counts = new int[examples];
    for (int i = 0; i < examples; i++) {
      counts[random.nextInt(examples)]++;
    }
    return counts;
  }
}
