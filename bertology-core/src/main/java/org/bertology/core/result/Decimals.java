package org.bertology.core.result;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The shortest decimal numbers that read back as the same floating-point number. Before Java 19
 * {@link Double#toString(double)} is not always the shortest, and results must not depend on the
 * Java version.
 */
final class Decimals {
  /** As many digits of a decimal number survive the way through a normal double. */
  private static final int LEAST_DOUBLE = 15;

  private static final int MOST_DOUBLE = 17;
  private static final int LEAST_FLOAT = 6;
  private static final int MOST_FLOAT = 9;

  private Decimals() {}

  /** A finite double. */
  static BigDecimal of(double value) {
    BigDecimal exact = new BigDecimal(value);
    int digits = Math.abs(value) < Double.MIN_NORMAL ? 1 : LEAST_DOUBLE;
    while (digits < MOST_DOUBLE && rounded(exact, digits).doubleValue() != value) {
      digits++;
    }
    return written(rounded(exact, digits));
  }

  /** A finite float. */
  static BigDecimal of(float value) {
    BigDecimal exact = new BigDecimal(value);
    int digits = Math.abs(value) < Float.MIN_NORMAL ? 1 : LEAST_FLOAT;
    while (digits < MOST_FLOAT && rounded(exact, digits).floatValue() != value) {
      digits++;
    }
    return written(rounded(exact, digits));
  }

  private static BigDecimal rounded(BigDecimal exact, int digits) {
    return exact.round(new MathContext(digits));
  }

  /** Whole numbers keep a decimal, so that readers which tell types apart see a real number. */
  private static BigDecimal written(BigDecimal rounded) {
    BigDecimal shortest = rounded.stripTrailingZeros();
    return shortest.scale() < 1 ? shortest.setScale(1) : shortest;
  }
}
