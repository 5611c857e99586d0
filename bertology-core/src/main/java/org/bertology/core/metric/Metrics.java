package org.bertology.core.metric;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Several scores of the same predictions, by name. */
public final class Metrics {
  private Metrics() {}

  /**
   * The scores of predicted class indices, one per example, by {@link Metric#key} in the order
   * asked for.
   *
   * @throws IllegalArgumentException if a metric is one of real numbers, or the lengths differ
   */
  public static LinkedHashMap<String, Double> of(
      List<Metric> metrics, int[] predictions, int[] labels) {
    Classification counts = Classification.of(predictions, labels);
    LinkedHashMap<String, Double> scores = new LinkedHashMap<>();
    metrics.forEach(metric -> scores.put(metric.key(), metric.of(counts)));
    return scores;
  }

  /**
   * The scores of predicted real numbers, one per example, by {@link Metric#key} in the order asked
   * for.
   *
   * @throws IllegalArgumentException if a metric is one of class indices, the lengths differ or are
   *     below two
   */
  public static LinkedHashMap<String, Double> of(
      List<Metric> metrics, double[] predictions, double[] labels) {
    LinkedHashMap<String, Double> scores = new LinkedHashMap<>();
    metrics.forEach(metric -> scores.put(metric.key(), metric.of(predictions, labels)));
    return scores;
  }

  /**
   * A metric of predicted class indices as a function of how often each example counts, for
   * resampling. Thread-safe.
   *
   * @throws IllegalArgumentException if the metric is one of real numbers, or the lengths differ
   */
  public static ToDoubleFunction<int[]> counted(Metric metric, int[] predictions, int[] labels) {
    metric.of(Classification.of(predictions, labels));
    int classes = Math.max(Classification.classes(predictions), Classification.classes(labels));
    int[] predicted = predictions.clone();
    int[] actual = labels.clone();
    return counts -> metric.of(Classification.counted(predicted, actual, classes, counts));
  }

  /**
   * A metric of predicted real numbers as a function of how often each example counts, for
   * resampling. Thread-safe.
   *
   * @throws IllegalArgumentException if the metric is one of class indices, the lengths differ or
   *     are below two
   */
  public static ToDoubleFunction<int[]> counted(
      Metric metric, double[] predictions, double[] labels) {
    Series.requirePaired(predictions.length, labels.length, 2);
    CountedCorrelation correlation = new CountedCorrelation(predictions, labels);
    return switch (metric) {
      case PEARSON -> correlation::pearson;
      case SPEARMAN -> correlation::spearman;
      case CORRELATION ->
          counts -> (correlation.pearson(counts) + correlation.spearman(counts)) / 2;
      case KENDALL -> correlation::kendallTauB;
      default -> throw metric.refusal(Metric.Of.NUMBERS);
    };
  }
}
