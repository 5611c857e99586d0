package org.bertology.core.statistics;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.bertology.core.evaluate.Readout;
import org.bertology.core.metric.Metric;

/**
 * One number that tells how well a model does on examples: a metric, or the mean loss.
 *
 * @param metric empty for the loss
 */
public record Measure(Optional<Metric> metric) {

  /** The mean over examples, of a language model over all words; lower is better. */
  public static Measure loss() {
    return new Measure(Optional.empty());
  }

  /** A metric. */
  public static Measure of(Metric metric) {
    return new Measure(Optional.of(metric));
  }

  /** The name in results: {@code loss}, or the metric's. */
  public String key() {
    return metric.map(Metric::key).orElse("loss");
  }

  /** Whether more of it is better. */
  public boolean isHigherBetter() {
    return metric.map(Metric::isHigherBetter).orElse(false);
  }

  /**
   * The measure of outcomes; NaN where it is not defined.
   *
   * @throws IllegalArgumentException if the metric is not one of such outcomes
   */
  public double of(Outcomes outcomes) {
    int[] once = new int[outcomes.size()];
    Arrays.fill(once, 1);
    return counted(outcomes).applyAsDouble(once);
  }

  /**
   * Whether each example has a number that this is a mean of: the loss and, where an example has
   * one answer, the accuracy.
   */
  public boolean isMean(Readout readout) {
    return metric.isEmpty() || (metric.get() == Metric.ACCURACY && readout.hasOneAnswer());
  }

  /**
   * The number of each example that this is a mean of: its loss, or 1 if it is right and 0 if not;
   * empty if it is no mean.
   */
  public Optional<double[]> perExample(Outcomes outcomes) {
    if (metric.isEmpty()) {
      return Optional.of(outcomes.losses());
    }
    return metric.get() == Metric.ACCURACY
        ? outcomes.answers().right().map(Measure::ones)
        : Optional.empty();
  }

  private static double[] ones(boolean[] right) {
    double[] ones = new double[right.length];
    Arrays.setAll(ones, i -> right[i] ? 1 : 0);
    return ones;
  }

  /** How much each example's number counts in the mean; a measure that is no mean has none. */
  double[] weights(Outcomes outcomes) {
    double[] weights = new double[outcomes.size()];
    Arrays.setAll(weights, i -> metric.isEmpty() ? outcomes.answers().weight(i) : 1);
    return weights;
  }

  /** The measure as a function of how often each example counts. Thread-safe. */
  public ToDoubleFunction<int[]> counted(Outcomes outcomes) {
    double[] weights = weights(outcomes);
    return perExample(outcomes)
        .<ToDoubleFunction<int[]>>map(values -> counts -> mean(values, weights, counts))
        .orElseGet(() -> outcomes.answers().counted(metric.orElseThrow()));
  }

  private static double mean(double[] values, double[] weights, int[] counts) {
    double sum = 0;
    double total = 0;
    for (int i = 0; i < values.length; i++) {
      double weight = counts[i] * weights[i];
      sum += weight * values[i];
      total += weight;
    }
    return sum / total;
  }
}
