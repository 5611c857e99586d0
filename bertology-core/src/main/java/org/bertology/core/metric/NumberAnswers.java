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
    CountedCorrelation correlation = new CountedCorrelation(predicted, labels);
    return switch (metric) {
      case PEARSON -> correlation::pearson;
      case SPEARMAN -> correlation::spearman;
      case CORRELATION ->
          counts -> (correlation.pearson(counts) + correlation.spearman(counts)) / 2;
      case KENDALL -> correlation::kendallTauB;
      default -> throw metric.refusal(Metric.Of.NUMBERS);
    };
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
