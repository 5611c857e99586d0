package org.bertology.core.scoring;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bertology.core.metric.Correlation;

/**
 * How much two rankings of the same units agree.
 *
 * @param spearman Spearman's rank correlation, in [-1, 1]; NaN where it is not defined
 * @param kendall Kendall's tau-b, in [-1, 1]; NaN where it is not defined
 * @param shared how many of the first {@code top} units of one are among those of the other
 * @param top how many units were looked at; all if there are fewer
 */
public record RankingAgreement(double spearman, double kendall, int shared, int top) {
  private static final double NO_SCORE = Double.NEGATIVE_INFINITY;

  /**
   * The agreement of the rankings by two series of scores, the largest first; equal scores are
   * ranked in their order, and behind all others those that are not a number.
   *
   * @throws IllegalArgumentException if the lengths differ, or {@code top} is below 1
   */
  public static RankingAgreement of(double[] expected, double[] actual, int top) {
    if (expected.length != actual.length) {
      throw new IllegalArgumentException(
          "there are %d scores, expected %d".formatted(actual.length, expected.length));
    }
    if (top < 1) {
      throw new IllegalArgumentException("the top must be at least 1 unit, got " + top);
    }
    boolean defined = expected.length > 1;
    int looked = Math.min(top, expected.length);
    Set<Integer> shared = new HashSet<>(first(expected, looked));
    shared.retainAll(first(actual, looked));
    return new RankingAgreement(
        defined ? Correlation.spearman(expected, actual) : Double.NaN,
        defined ? Correlation.kendallTauB(expected, actual) : Double.NaN,
        shared.size(),
        looked);
  }

  private static List<Integer> first(double[] scores, int count) {
    Comparator<Integer> bySize =
        Comparator.comparingDouble(i -> Double.isNaN(scores[i]) ? NO_SCORE : scores[i]);
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(bySize.reversed())
        .limit(count)
        .toList();
  }

  /** Whether the same units come first, in whatever order. */
  public boolean isTopShared() {
    return shared == top;
  }
}
