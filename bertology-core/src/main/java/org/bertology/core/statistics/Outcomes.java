package org.bertology.core.statistics;

import org.bertology.core.evaluate.Predictions;
import org.bertology.core.metric.Answers;
import org.bertology.core.metric.ClassAnswers;
import org.bertology.core.metric.NumberAnswers;

/**
 * What a model gave for every example of a labelled data set: its answers beside the labels, and
 * its loss. Immutable.
 */
public final class Outcomes {
  private final Answers answers;
  private final double[] losses;

  /** Outcomes by example; the losses are copied. */
  public Outcomes(Answers answers, double[] losses) {
    if (losses.length != answers.size()) {
      throw new IllegalArgumentException(
          "outcomes need a loss for each of the %d examples with answers, got %d"
              .formatted(answers.size(), losses.length));
    }
    this.answers = answers;
    this.losses = losses.clone();
  }

  /**
   * The outcomes of a run.
   *
   * @throws IllegalStateException if an example has no label
   */
  public static Outcomes of(Predictions predictions) {
    double[] losses = new double[predictions.size()];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = predictions.loss(i);
    }
    return new Outcomes(predictions.judged(), losses);
  }

  /** The outcomes of a classifier: predicted and true class indices, and losses in nats. */
  public static Outcomes ofClasses(int[] predicted, int[] labels, double[] losses) {
    return new Outcomes(new ClassAnswers(predicted, labels), losses);
  }

  /** The outcomes of a regressor: predicted and true numbers, and squared errors. */
  public static Outcomes ofNumbers(double[] predicted, double[] labels, double[] losses) {
    return new Outcomes(new NumberAnswers(predicted, labels), losses);
  }

  public int size() {
    return losses.length;
  }

  public double loss(int example) {
    return losses[example];
  }

  public Answers answers() {
    return answers;
  }

  double[] losses() {
    return losses.clone();
  }

  void requireSameExamples(Outcomes other) {
    if (!answers.sameQuestions(other.answers)) {
      throw new IllegalArgumentException(
          "outcomes of %d and of %d examples are compared, which must be the same examples in the same order"
              .formatted(size(), other.size()));
    }
  }

  /**
   * These outcomes and then those of another run.
   *
   * @throws IllegalArgumentException if the answers are of another kind
   */
  Outcomes followedBy(Outcomes other) {
    double[] joined = new double[size() + other.size()];
    System.arraycopy(losses, 0, joined, 0, size());
    System.arraycopy(other.losses, 0, joined, size(), other.size());
    return new Outcomes(answers.followedBy(other.answers), joined);
  }
}
