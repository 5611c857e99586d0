package org.bertology.core.prune;

import org.bertology.core.metric.Metric;

/**
 * The least metric that a pruned model may have, as a fraction of what the whole model has; of a
 * metric that is better where it is lower, the greatest, of which the whole model has that
 * fraction.
 *
 * @param fraction above 0 and up to 1
 */
public record Threshold(double fraction) {
  public Threshold {
    if (!(fraction > 0 && fraction <= 1)) {
      throw new IllegalArgumentException(
          "a threshold is a fraction of the whole model's metric, above 0 and up to 1; got "
              + fraction);
    }
  }

  /**
   * The worst metric for a whole model's. A fraction of a metric that is not positive would allow
   * none or all of what is worse, so there the threshold is a distance: 0.9 allows to lose 0.1.
   *
   * @throws IllegalArgumentException if the metric is not a number
   */
  public double bound(Metric metric, double original) {
    if (!Double.isFinite(original)) {
      throw new IllegalArgumentException(
          "the whole model's metric is not a number, so that no threshold can be derived from it; use another metric, or amounts without a threshold");
    }
    if (metric.isHigherBetter()) {
      return isDistance(original) ? original - (1 - fraction) : original * fraction;
    }
    return isDistance(original) ? original + (1 - fraction) : original / fraction;
  }

  /**
   * Whether the bound for a whole model's metric is a distance from it and not a fraction of it.
   */
  public static boolean isDistance(double original) {
    return original <= 0;
  }
}
