package org.bertology.core.statistics;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.bertology.core.metric.Metric;
import org.bertology.core.metric.Metrics;

/**
 * One number that tells how well a model does on examples: a metric, or the mean loss.
 *
 * @param metric empty for the loss
 */
public record Measure(Optional<Metric> metric) {

  /** The mean over examples; lower is better. */
  public static Measure loss() {
    return new Measure(Optional.empty());
  }

  /** A metric; higher is better. */
  public static Measure of(Metric metric) {
    return new Measure(Optional.of(metric));
  }

  /** The name in results: {@code loss}, or the metric's. */
  public String key() {
    return metric.map(Metric::key).orElse("loss");
  }

  /** Whether more of it is better. */
  public boolean isHigherBetter() {
    return metric.isPresent();
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

  /** Whether this is the mean over examples of a number of each: the loss and the accuracy. */
  public boolean isMean() {
    return metric.isEmpty() || metric.get() == Metric.ACCURACY;
  }

  /**
   * The number of each example that this is the mean of: its loss, or 1 for a right class and 0 for
   * a wrong one; empty if it is no mean.
   */
  public Optional<double[]> perExample(Outcomes outcomes) {
    if (metric.isEmpty()) {
      return Optional.of(outcomes.losses().clone());
    }
    return isMean() && !outcomes.isRegression() ? Optional.of(correct(outcomes)) : Optional.empty();
  }

  private static double[] correct(Outcomes outcomes) {
    double[] correct = new double[outcomes.size()];
    Arrays.setAll(correct, i -> outcomes.isCorrect(i) ? 1 : 0);
    return correct;
  }

  /** The measure as a function of how often each example counts. Thread-safe. */
  public ToDoubleFunction<int[]> counted(Outcomes outcomes) {
    Optional<double[]> values = perExample(outcomes);
    if (values.isPresent()) {
      return counts -> mean(values.get(), counts);
    }
    return outcomes.isRegression()
        ? Metrics.counted(metric.orElseThrow(), outcomes.predicted(), outcomes.labels())
        : Metrics.counted(
            metric.orElseThrow(), ints(outcomes.predicted()), ints(outcomes.labels()));
  }

  private static double mean(double[] values, int[] counts) {
    double sum = 0;
    long total = 0;
    for (int i = 0; i < values.length; i++) {
      sum += counts[i] * values[i];
      total += counts[i];
    }
    return sum / total;
  }

  private static int[] ints(double[] classes) {
    return Arrays.stream(classes).mapToInt(value -> (int) value).toArray();
  }
}
