package org.bertology.api.reference;

/** The error function to the last few bits of a double. */
final class Erf {
  private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

  /** Where the power series and the continued fraction are both exact to about 1e-16. */
  private static final double SWITCH = 2.5;

  private Erf() {}

  static double erf(double x) {
    double magnitude = Math.abs(x);
    if (Double.isNaN(x)) {
      return x;
    }
    double result = magnitude < SWITCH ? series(magnitude) : 1 - complement(magnitude);
    return Math.copySign(result, x);
  }

  /** Abramowitz and Stegun (1964), 7.1.6: all terms are positive, so nothing cancels. */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; term > sum * 1e-18; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return TWO_OVER_SQRT_PI * Math.exp(-x * x) * sum;
  }

  /** Abramowitz and Stegun (1964), 7.1.14, evaluated from the tail. */
  private static double complement(double x) {
    if (x > 6) {
      return 0;
    }
    double fraction = x;
    for (int k = 120; k >= 1; k--) {
      fraction = x + k / 2.0 / fraction;
    }
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
  }
}
