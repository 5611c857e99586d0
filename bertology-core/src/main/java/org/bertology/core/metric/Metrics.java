package org.bertology.core.metric;

import java.util.LinkedHashMap;
import java.util.List;

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
}
