package org.bertology.core.benchmark;

import java.util.Arrays;
import java.util.List;

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
    return quantile(rates, fraction);
  }

  /** Examples per second of each pass, in order. */
  double[] rates() {
    return seconds.stream().mapToDouble(time -> examples / time).toArray();
  }

  /** Linear interpolation between order statistics. */
  static double quantile(double[] sorted, double fraction) {
    double position = fraction * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
