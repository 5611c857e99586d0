package org.bertology.core.metric;

import java.util.Arrays;

/**
 * How much two series of numbers agree: coefficients in [-1, 1].
 *
 * <p>Every coefficient is NaN where it is not defined: one series is constant, or holds a value
 * that is not finite. All throw {@link IllegalArgumentException} if the lengths differ or are below
 * two.
 */
public final class Correlation {
  private Correlation() {}

  /** Pearson's correlation coefficient: linear agreement. */
  public static double pearson(double[] x, double[] y) {
    if (isUndefined(x, y)) {
      return Double.NaN;
    }
    double[] dx = scaledDeviations(x);
    double[] dy = scaledDeviations(y);
    return clamp(dot(dx, dy) / (Math.sqrt(dot(dx, dx)) * Math.sqrt(dot(dy, dy))));
  }

  /** Spearman's rank correlation coefficient: Pearson's of the {@linkplain Ranks ranks}. */
  public static double spearman(double[] x, double[] y) {
    return isUndefined(x, y) ? Double.NaN : pearson(Ranks.average(x), Ranks.average(y));
  }

  /**
   * Kendall's rank correlation coefficient tau-b: concordant less discordant pairs, corrected for
   * ties on either side. Takes O(n log n), after Knight (1966).
   */
  public static double kendallTauB(double[] x, double[] y) {
    if (isUndefined(x, y)) {
      return Double.NaN;
    }
    // Average ranks order and tie like the values, and have no negative zero.
    double[] rankX = Ranks.average(x);
    double[] rankY = Ranks.average(y);
    Pair[] pairs = new Pair[x.length];
    Arrays.setAll(pairs, i -> new Pair(rankX[i], rankY[i]));
    Arrays.sort(pairs);

    double[] sortedX = Arrays.stream(pairs).mapToDouble(Pair::x).toArray();
    double[] sortedY = Arrays.stream(pairs).mapToDouble(Pair::y).toArray();
    long all = pairsOf(x.length);
    long tiedX = tiedPairs(sortedX);
    long tiedBoth = tiedPairs(pairs);
    long discordant = inversions(sortedY); // sorts sortedY, so equal values become neighbours
    long tiedY = tiedPairs(sortedY);

    double difference = (double) (all - tiedX - tiedY + tiedBoth - 2 * discordant);
    return clamp(difference / Math.sqrt((double) (all - tiedX) * (all - tiedY)));
  }

  private record Pair(double x, double y) implements Comparable<Pair> {
    @Override
    public int compareTo(Pair other) {
      int byX = Double.compare(x, other.x);
      return byX != 0 ? byX : Double.compare(y, other.y);
    }
  }

  private static boolean isUndefined(double[] x, double[] y) {
    Series.requirePaired(x.length, y.length, 2);
    return Series.isDegenerate(x) || Series.isDegenerate(y);
  }

  /**
   * Deviations from the mean over the largest of them, so that no square leaves a double's range.
   */
  private static double[] scaledDeviations(double[] values) {
    double mean = Arrays.stream(values).sum() / values.length;
    double largest = Arrays.stream(values).map(value -> Math.abs(value - mean)).max().orElseThrow();
    return Arrays.stream(values).map(value -> (value - mean) / largest).toArray();
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  private static double clamp(double coefficient) {
    return Math.max(-1, Math.min(1, coefficient));
  }

  private static long pairsOf(long n) {
    return n * (n - 1) / 2;
  }

  private static long tiedPairs(double[] sorted) {
    long tied = 0;
    int start = 0;
    for (int i = 1; i <= sorted.length; i++) {
      if (i == sorted.length || sorted[i] != sorted[start]) {
        tied += pairsOf(i - start);
        start = i;
      }
    }
    return tied;
  }

  private static long tiedPairs(Pair[] sorted) {
    long tied = 0;
    int start = 0;
    for (int i = 1; i <= sorted.length; i++) {
      if (i == sorted.length || !sorted[i].equals(sorted[start])) {
        tied += pairsOf(i - start);
        start = i;
      }
    }
    return tied;
  }

  /** Sorts the values by merging, and returns the number of pairs that were out of order. */
  private static long inversions(double[] values) {
    return sortAndCount(values, new double[values.length], 0, values.length);
  }

  private static long sortAndCount(double[] values, double[] spare, int from, int to) {
    if (to - from < 2) {
      return 0;
    }
    int middle = (from + to) >>> 1;
    long count =
        sortAndCount(values, spare, from, middle) + sortAndCount(values, spare, middle, to);
    System.arraycopy(values, from, spare, from, to - from);
    int left = from;
    int right = middle;
    for (int i = from; i < to; i++) {
      boolean takeRight = left == middle || (right < to && spare[right] < spare[left]);
      if (takeRight) {
        count += middle - left;
        values[i] = spare[right++];
      } else {
        values[i] = spare[left++];
      }
    }
    return count;
  }
}
