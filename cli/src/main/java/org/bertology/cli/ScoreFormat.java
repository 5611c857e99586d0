package org.bertology.cli;

import java.util.Arrays;
import java.util.Locale;

/**
 * How scores of one table are written: all with the same number of decimals, so that they can be
 * compared at a glance, four digits of the largest, and a power of ten taken out where they are
 * very small or large.
 *
 * @param exponent of the power of ten that is taken out; 0 mostly
 * @param decimals behind the point
 */
record ScoreFormat(int exponent, int decimals) {
  private static final int DIGITS = 4;
  private static final int LEAST_PLAIN = -4;
  private static final int MOST_PLAIN = 5;

  static ScoreFormat of(double[] scores) {
    double largest = Arrays.stream(scores).map(Math::abs).filter(Double::isFinite).max().orElse(0);
    if (largest == 0) {
      return new ScoreFormat(0, DIGITS);
    }
    int magnitude = (int) Math.floor(Math.log10(largest));
    return magnitude < LEAST_PLAIN || magnitude > MOST_PLAIN
        ? new ScoreFormat(magnitude, DIGITS - 1)
        : new ScoreFormat(0, Math.max(0, DIGITS - 1 - magnitude));
  }

  /** Says which power of ten was taken out, if one was. */
  String unit() {
    return exponent == 0 ? "" : ", in units of 1e" + exponent;
  }

  /** One score by itself, where scores differ by orders of magnitude. */
  static String scientific(double score) {
    return String.format(Locale.ROOT, "%.3e", score);
  }

  String of(double score) {
    return Double.isFinite(score)
        ? String.format(Locale.ROOT, "%." + decimals + "f", score / Math.pow(10, exponent))
        : "-";
  }
}
