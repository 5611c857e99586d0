package org.bertology.core.metric;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/** One predicted number for each example, beside the right one. */
public final class NumberAnswers implements Answers {
  private final double[] predicted;
  private final double[] labels;

  /** Answers by example; copied. */
  public NumberAnswers(double[] predicted, double[] labels) {
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
    return Metrics.counted(metric, predicted, labels);
  }

  @Override
  public boolean sameQuestions(Answers other) {
    return other instanceof NumberAnswers answers && Arrays.equals(labels, answers.labels);
  }

  @Override
  public NumberAnswers followedBy(Answers other) {
    NumberAnswers next = Series.sameKind(this, other);
    return new NumberAnswers(
        Series.joined(predicted, next.predicted), Series.joined(labels, next.labels));
  }
}
