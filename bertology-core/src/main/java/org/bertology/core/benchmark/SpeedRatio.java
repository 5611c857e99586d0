package org.bertology.core.benchmark;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bertology.core.statistics.Quantiles;

/**
 * How many times as fast one is as another, from passes that were run in turn: the median of the
 * ratios of neighbouring passes, with its 95 % percentile bootstrap interval (Efron and Tibshirani,
 * 1993). What slows the machine down for a while slows both of a pair down.
 *
 * @param median more than 1 where the first is faster
 * @param low end of the interval
 * @param high end of the interval
 */
public record SpeedRatio(double median, double low, double high) {
  private static final int RESAMPLES = 2000;
  private static final long SEED = 42;

  /**
   * The ratio of two series of the same workload.
   *
   * @throws IllegalArgumentException if they differ in length
   */
  public static SpeedRatio of(Timings timed, Timings base) {
    double[] rates = timed.rates();
    double[] others = base.rates();
    if (rates.length != others.length) {
      throw new IllegalArgumentException(
          "passes are compared in pairs, got %d and %d".formatted(rates.length, others.length));
    }
    double[] ratios = new double[rates.length];
    Arrays.setAll(ratios, i -> rates[i] / others[i]);
    double[] medians = new double[RESAMPLES];
    SplittableRandom random = new SplittableRandom(SEED);
    Arrays.setAll(
        medians,
        unused ->
            median(
                random
                    .ints(ratios.length, 0, ratios.length)
                    .mapToDouble(i -> ratios[i])
                    .toArray()));
    Arrays.sort(medians);
    return new SpeedRatio(
        median(ratios.clone()), Quantiles.of(medians, 0.025), Quantiles.of(medians, 0.975));
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return Quantiles.of(values, 0.5);
  }

  /** Whether the whole interval is above 1. */
  public boolean isGain() {
    return low > 1;
  }

  /** Whether the whole interval is below 1. */
  public boolean isLoss() {
    return high < 1;
  }
}
