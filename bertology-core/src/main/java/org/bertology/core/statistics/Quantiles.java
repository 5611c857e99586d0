package org.bertology.core.statistics;

/** Quantiles of samples. */
public final class Quantiles {
  private Quantiles() {}

  /**
   * A quantile by linear interpolation between order statistics.
   *
   * @param sorted the sample, ascending; one number at least
   * @param fraction in [0, 1]: 0.5 for the median
   */
  public static double of(double[] sorted, double fraction) {
    double position = fraction * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
