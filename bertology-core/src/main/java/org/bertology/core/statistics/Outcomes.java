package org.bertology.core.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
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

  /** The outcomes of some examples, in the order of their positions. */
  public Outcomes at(int[] positions) {
    return new Outcomes(
        regression, at(predicted, positions), at(labels, positions), at(losses, positions));
  }

  private static double[] at(double[] values, int[] positions) {
    return Arrays.stream(positions).mapToDouble(position -> values[position]).toArray();
  }

  /**
   * The outcomes of several runs of the same kind of model, one after the other.
   *
   * @throws IllegalArgumentException if there is none, or classes and numbers are mixed
   */
  public static Outcomes joined(List<Outcomes> parts) {
    if (parts.stream().map(Outcomes::isRegression).distinct().count() != 1) {
      throw new IllegalArgumentException(
          "outcomes to join must all be classes, or all be numbers; got %d parts"
              .formatted(parts.size()));
    }
    return new Outcomes(
        parts.get(0).regression,
        joined(parts, Outcomes::predicted),
        joined(parts, Outcomes::labels),
        joined(parts, Outcomes::losses));
  }

  private static double[] joined(List<Outcomes> parts, Function<Outcomes, double[]> values) {
    return parts.stream().map(values).flatMapToDouble(Arrays::stream).toArray();
  }
}
