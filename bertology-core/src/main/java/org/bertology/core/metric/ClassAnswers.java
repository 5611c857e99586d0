package org.bertology.core.metric;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** One predicted class for each example, beside the right one; indices from 0. */
public final class ClassAnswers implements Answers {
  private final int[] predicted;
  private final int[] labels;

  /** Answers by example; copied. */
  public ClassAnswers(int[] predicted, int[] labels) {
    Series.requirePaired(predicted.length, labels.length, 1);
    this.predicted = predicted.clone();
    this.labels = labels.clone();
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public ToDoubleFunction<int[]> counted(Metric metric) {
    return Classification.counted(metric, predicted, labels);
  }

  @Override
  public Optional<boolean[]> right() {
    boolean[] right = new boolean[labels.length];
    for (int i = 0; i < right.length; i++) {
      right[i] = predicted[i] == labels[i];
    }
    return Optional.of(right);
  }

  @Override
  public Optional<Tally> tally() {
    int count = 0;
    for (int i = 0; i < labels.length; i++) {
      count += predicted[i] == labels[i] ? 1 : 0;
    }
    return Optional.of(new Tally(count, labels.length));
  }

  @Override
  public boolean sameQuestions(Answers other) {
    return other instanceof ClassAnswers answers && Arrays.equals(labels, answers.labels);
  }

  @Override
  public ClassAnswers followedBy(Answers other) {
    ClassAnswers next = Series.sameKind(this, other);
    return new ClassAnswers(
        Series.joined(predicted, next.predicted), Series.joined(labels, next.labels));
  }
}
