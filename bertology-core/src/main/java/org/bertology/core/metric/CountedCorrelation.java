package org.bertology.core.metric;

import java.util.stream.IntStream;

/**
 * {@link Correlation} of two series of which each pair counts as often as said, without making a
 * series of so many copies. NaN where it is not defined.
 */
final class CountedCorrelation {
  private final double[] x;
  private final double[] y;
  private final int[] orderX;
  private final int[] orderY;

  CountedCorrelation(double[] x, double[] y) {
    this.x = x.clone();
    this.y = y.clone();
    this.orderX = Ranks.ascending(x);
    this.orderY = Ranks.ascending(y);
  }

  double pearson(int[] counts) {
    return isUndefined(counts) ? Double.NaN : pearson(x, y, counts);
  }

  double spearman(int[] counts) {
    return isUndefined(counts)
        ? Double.NaN
        : pearson(ranks(x, orderX, counts), ranks(y, orderY, counts), counts);
  }

  double kendallTauB(int[] counts) {
    return Correlation.kendallTauB(copies(x, counts), copies(y, counts));
  }

  private static double[] copies(double[] values, int[] counts) {
    return IntStream.range(0, values.length)
        .flatMap(i -> IntStream.generate(() -> i).limit(counts[i]))
        .mapToDouble(i -> values[i])
        .toArray();
  }

  private boolean isUndefined(int[] counts) {
    return isDegenerate(x, counts) || isDegenerate(y, counts);
  }

  private static boolean isDegenerate(double[] values, int[] counts) {
    double least = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < values.length; i++) {
      if (counts[i] > 0) {
        if (!Double.isFinite(values[i])) {
          return true;
        }
        least = Math.min(least, values[i]);
        largest = Math.max(largest, values[i]);
      }
    }
    return !(least < largest);
  }

  private static double pearson(double[] x, double[] y, int[] counts) {
    long total = 0;
    double sumX = 0;
    double sumY = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        total += counts[i];
        sumX += counts[i] * x[i];
        sumY += counts[i] * y[i];
      }
    }
    double meanX = sumX / total;
    double meanY = sumY / total;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        double dx = x[i] - meanX;
        double dy = y[i] - meanY;
        xx += counts[i] * dx * dx;
        yy += counts[i] * dy * dy;
        xy += counts[i] * dx * dy;
      }
    }
    return Math.max(-1, Math.min(1, xy / (Math.sqrt(xx) * Math.sqrt(yy))));
  }

  /** Ranks as {@link Ranks#average} gives them to the copies; of no meaning where there is none. */
  private static double[] ranks(double[] values, int[] order, int[] counts) {
    double[] ranks = new double[values.length];
    long before = 0;
    int start = 0;
    for (int end = 1; end <= order.length; end++) {
      if (end == order.length || values[order[end]] != values[order[start]]) {
        long tied = 0;
        for (int i = start; i < end; i++) {
          tied += counts[order[i]];
        }
        double shared = before + (tied + 1) / 2.0;
        for (int i = start; i < end; i++) {
          ranks[order[i]] = shared;
        }
        before += tied;
        start = end;
      }
    }
    return ranks;
  }
}
