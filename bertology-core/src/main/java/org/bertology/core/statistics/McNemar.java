package org.bertology.core.statistics;

/**
 * The exact test of whether two classifiers are right equally often on the same examples (McNemar,
 * 1947): of the examples that one of them gets right and the other wrong, either should get about
 * half.
 */
public final class McNemar {
  private McNemar() {}

  /**
   * The two-sided p-value, in (0, 1].
   *
   * @throws IllegalArgumentException if the outcomes are of other examples than each other, or
   *     examples are not simply right or wrong
   */
  public static double pValue(Outcomes one, Outcomes other) {
    one.requireSameExamples(other);
    boolean[] rightOnes = right(one);
    boolean[] rightOthers = right(other);
    int onlyOne = 0;
    int onlyOther = 0;
    for (int i = 0; i < one.size(); i++) {
      onlyOne += rightOnes[i] && !rightOthers[i] ? 1 : 0;
      onlyOther += rightOthers[i] && !rightOnes[i] ? 1 : 0;
    }
    return pValue(onlyOne, onlyOther);
  }

  private static boolean[] right(Outcomes outcomes) {
    return outcomes
        .answers()
        .right()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "McNemar's test is of examples that are right or wrong as a whole"));
  }

  /**
   * The two-sided p-value of the binomial distribution of one half: twice the probability of the
   * smaller count or less, 1 at most.
   *
   * @param onlyOne examples that only one of two classifiers gets right
   * @param onlyOther examples that only the other gets right
   */
  public static double pValue(int onlyOne, int onlyOther) {
    int smaller = Math.min(onlyOne, onlyOther);
    int all = onlyOne + onlyOther;
    if (2 * smaller >= all - 1) {
      return 1;
    }
    // Down from the largest term, C(n, k - 1) = C(n, k)·k / (n - k + 1).
    double term = Math.exp(logChoose(all, smaller) - all * Math.log(2));
    double tail = 0;
    for (int k = smaller; k >= 0; k--) {
      tail += term;
      term *= (double) k / (all - k + 1);
    }
    return Math.min(1, 2 * tail);
  }

  private static double logChoose(int n, int k) {
    double log = 0;
    for (int i = 1; i <= k; i++) {
      log += Math.log((double) (n - k + i) / i);
    }
    return log;
  }
}
