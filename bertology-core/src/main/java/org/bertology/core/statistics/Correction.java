package org.bertology.core.statistics;

import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;

/** What is done to the p-values of many tests, of which some are small by chance. */
public enum Correction {
  /**
   * The probability of a single false finding is bounded, whatever the tests have to do with each
   * other (Holm, 1979).
   */
  HOLM,
  /**
   * The expected fraction of false findings among all is bounded, for tests that are independent or
   * positively dependent (Benjamini and Hochberg, 1995).
   */
  BENJAMINI_HOCHBERG,
  /** Nothing: each test by itself. */
  NONE;

  /** The name in commands and results, such as {@code benjamini-hochberg}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The corrected p-values, to be compared with the level of significance, in the order of those
   * given. One that is NaN is of no test and stays so.
   */
  public double[] of(double[] pValues) {
    int[] ascending =
        IntStream.range(0, pValues.length)
            .filter(i -> !Double.isNaN(pValues[i]))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> pValues[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] corrected = pValues.clone();
    switch (this) {
      case HOLM -> stepDown(corrected, ascending);
      case BENJAMINI_HOCHBERG -> stepUp(corrected, ascending);
      case NONE -> {}
    }
    return corrected;
  }

  /** The smallest times their number m, the next times m - 1, and so on; never falling. */
  private static void stepDown(double[] pValues, int[] ascending) {
    double largest = 0;
    for (int place = 0; place < ascending.length; place++) {
      double scaled = pValues[ascending[place]] * (ascending.length - place);
      largest = Math.max(largest, Math.min(1, scaled));
      pValues[ascending[place]] = largest;
    }
  }

  /** The largest as it is, the next times m / (m - 1), the smallest times m; never rising. */
  private static void stepUp(double[] pValues, int[] ascending) {
    double least = 1;
    for (int place = ascending.length - 1; place >= 0; place--) {
      double scaled = pValues[ascending[place]] * ascending.length / (place + 1);
      least = Math.min(least, scaled);
      pValues[ascending[place]] = least;
    }
  }
}
