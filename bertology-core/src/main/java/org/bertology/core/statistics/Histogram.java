package org.bertology.core.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * How many numbers lie in each of several bins of the same width; the last bin has its upper end.
 *
 * @param low the least number
 * @param high the greatest
 * @param counts of each bin, from the lowest
 */
public record Histogram(double low, double high, List<Integer> counts) {
  public Histogram {
    counts = List.copyOf(counts);
  }

  /**
   * The histogram of numbers; those that are not finite are left out. Has a single bin if all are
   * equal, and none if there are no numbers.
   */
  public static Histogram of(double[] values, int bins) {
    if (bins < 1) {
      throw new IllegalArgumentException("a histogram needs at least one bin, got " + bins);
    }
    double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
    if (finite.length == 0) {
      return new Histogram(Double.NaN, Double.NaN, List.of());
    }
    double low = Arrays.stream(finite).min().orElseThrow();
    double high = Arrays.stream(finite).max().orElseThrow();
    int used = low == high ? 1 : bins;
    List<Integer> counts = new ArrayList<>(Collections.nCopies(used, 0));
    for (double value : finite) {
      int bin = used == 1 ? 0 : (int) Math.min(used - 1, (value - low) / (high - low) * used);
      counts.set(bin, counts.get(bin) + 1);
    }
    return new Histogram(low, high, counts);
  }

  /** The lower end of a bin; that of the bin behind the last is the upper end of all. */
  public double edge(int bin) {
    return bin == counts.size() ? high : low + (high - low) * bin / counts.size();
  }
}
