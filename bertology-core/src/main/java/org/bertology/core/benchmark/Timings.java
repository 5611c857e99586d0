package org.bertology.core.benchmark;

import java.util.Arrays;
import java.util.List;
import org.bertology.core.statistics.Quantiles;

/**
 * The seconds of passes over the same examples, in the order in which they were run.
 *
 * @param seconds of each pass
 * @param examples of each pass
 */
public record Timings(List<Double> seconds, int examples) {
  public Timings {
    seconds = List.copyOf(seconds);
    if (seconds.isEmpty() || examples < 1) {
      throw new IllegalArgumentException("expected at least one pass over one example");
    }
  }

  /** Examples per second of the pass in the middle. */
  public double median() {
    return quantile(0.5);
  }

  /** Examples per second that a tenth of the passes stay below. */
  public double p10() {
    return quantile(0.1);
  }

  /** Examples per second that a tenth of the passes exceed. */
  public double p90() {
    return quantile(0.9);
  }

  private double quantile(double fraction) {
    double[] rates = rates();
    Arrays.sort(rates);
    return Quantiles.of(rates, fraction);
  }

  /** Examples per second of each pass, in order. */
  double[] rates() {
    return seconds.stream().mapToDouble(time -> examples / time).toArray();
  }
}
