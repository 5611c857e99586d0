package org.bertology.core.metric;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What a model answered for every example of a data set, beside what is right. Immutable.
 *
 * <p>An example is what is counted, drawn again and exchanged in statistics, whether it has one
 * answer or one for each of its tokens: the answers for one sentence are not independent.
 */
public sealed interface Answers permits ClassAnswers, NumberAnswers, TokenAnswers, TokenLosses {
  /** How many examples there are. */
  int size();

  /**
   * A metric as a function of how often each example counts. Thread-safe.
   *
   * @throws IllegalArgumentException if the metric is one of other answers
   */
  ToDoubleFunction<int[]> counted(Metric metric);

  /** A metric of all examples. */
  default double metric(Metric metric) {
    int[] once = new int[size()];
    Arrays.fill(once, 1);
    return counted(metric).applyAsDouble(once);
  }

  /** Whether each example is right, where it is simply right or wrong as a whole. */
  default Optional<boolean[]> right() {
    return Optional.empty();
  }

  /** How many answers are right, where an answer is right or wrong. */
  default Optional<Tally> tally() {
    return Optional.empty();
  }

  /** How much the loss of an example counts in the mean. */
  default double weight(int example) {
    return 1;
  }

  /** Whether these are answers of the same kind to examples with the same labels. */
  boolean sameQuestions(Answers other);

  /**
   * These examples and then those of another.
   *
   * @throws IllegalArgumentException if the other answers are of another kind
   */
  Answers followedBy(Answers other);

  /** How many answers are right, and how many there are. */
  record Tally(int right, int all) {}
}
