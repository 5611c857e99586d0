package org.bertology.core.prune;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bertology.core.statistics.Interval;

/**
 * How well a masked model does on a data set.
 *
 * @param metrics by name, the task's main one first
 * @param loss the mean over examples
 * @param interval of 95 % of the metric that decides, if resamples were asked for
 */
public record Performance(Map<String, Double> metrics, double loss, Optional<Interval> interval) {
  public Performance {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /** Of a model that was not run: metrics that are no numbers. */
  public static Performance unknown(Collection<String> metrics) {
    Map<String, Double> none = new LinkedHashMap<>();
    metrics.forEach(name -> none.put(name, Double.NaN));
    return new Performance(none, Double.NaN, Optional.empty());
  }

  /**
   * One metric.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public double metric(String name) {
    Double value = metrics.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "no metric is named '%s'; this data has %s".formatted(name, metrics.keySet()));
    }
    return value;
  }
}
