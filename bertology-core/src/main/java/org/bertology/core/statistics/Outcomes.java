package org.bertology.core.statistics;

import java.util.Arrays;
import org.bertology.api.model.Task;
import org.bertology.core.evaluate.Predictions;

/**
 * What a model gave for every example of a labelled data set: the predicted class or number, beside
 * the label, and the loss. Immutable.
 */
public final class Outcomes {
  private final boolean regression;
  private final double[] predicted;
  private final double[] labels;
  private final double[] losses;

  private Outcomes(boolean regression, double[] predicted, double[] labels, double[] losses) {
    if (labels.length == 0 || predicted.length != labels.length || losses.length != labels.length) {
      throw new IllegalArgumentException(
          "outcomes need one prediction, label and loss per example and one example at least, got %d, %d and %d"
              .formatted(predicted.length, labels.length, losses.length));
    }
    this.regression = regression;
    this.predicted = predicted;
    this.labels = labels;
    this.losses = losses;
  }

  /**
   * The outcomes of a run.
   *
   * @throws IllegalStateException if an example has no label
   */
  public static Outcomes of(Predictions predictions) {
    double[] predicted = new double[predictions.size()];
    double[] labels = new double[predictions.size()];
    double[] losses = new double[predictions.size()];
    Arrays.setAll(predicted, predictions::predicted);
    Arrays.setAll(labels, predictions::label);
    Arrays.setAll(losses, predictions::loss);
    return new Outcomes(predictions.task() == Task.REGRESSION, predicted, labels, losses);
  }

  /** The outcomes of a classifier: predicted and true class indices, and losses in nats. */
  public static Outcomes ofClasses(int[] predicted, int[] labels, double[] losses) {
    return new Outcomes(false, doubles(predicted), doubles(labels), losses.clone());
  }

  /** The outcomes of a regressor: predicted and true numbers, and squared errors. */
  public static Outcomes ofNumbers(double[] predicted, double[] labels, double[] losses) {
    return new Outcomes(true, predicted.clone(), labels.clone(), losses.clone());
  }

  private static double[] doubles(int[] values) {
    return Arrays.stream(values).asDoubleStream().toArray();
  }

  public int size() {
    return labels.length;
  }

  /** The predicted class index or number. */
  public double predicted(int example) {
    return predicted[example];
  }

  public double loss(int example) {
    return losses[example];
  }

  /** Whether the predicted class is the label. */
  public boolean isCorrect(int example) {
    return predicted[example] == labels[example];
  }

  /** How many predicted classes are the label. */
  public int correct() {
    int correct = 0;
    for (int i = 0; i < labels.length; i++) {
      correct += isCorrect(i) ? 1 : 0;
    }
    return correct;
  }

  boolean isRegression() {
    return regression;
  }

  double[] predicted() {
    return predicted;
  }

  double[] labels() {
    return labels;
  }

  double[] losses() {
    return losses;
  }

  void requireSameExamples(Outcomes other) {
    if (regression != other.regression || !Arrays.equals(labels, other.labels)) {
      throw new IllegalArgumentException(
          "outcomes of %d and of %d examples are compared, which must be the same examples in the same order"
              .formatted(size(), other.size()));
    }
  }

  /** The examples of this, and then those of another. */
  Outcomes followedBy(Outcomes other) {
    return new Outcomes(
        regression,
        joined(predicted, other.predicted),
        joined(labels, other.labels),
        joined(losses, other.losses));
  }

  private static double[] joined(double[] first, double[] second) {
    double[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
