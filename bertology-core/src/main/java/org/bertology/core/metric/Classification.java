package org.bertology.core.metric;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/** The counts of predicted against true class indices, and the scores that follow from them. */
final class Classification {
  private final long[][] counts; // [true class, predicted class]
  private final long total;

  private Classification(long[][] counts, long total) {
    this.counts = counts;
    this.total = total;
  }

  /**
   * Counts predictions against labels, both class indices from zero, one per example.
   *
   * @throws IllegalArgumentException if the lengths differ, there is no example, or an index is
   *     negative
   */
  static Classification of(int[] predictions, int[] labels) {
    Series.requirePaired(predictions.length, labels.length, 1);
    int[] once = new int[labels.length];
    Arrays.fill(once, 1);
    int classes = Math.max(classes(predictions), classes(labels));
    return counted(predictions, labels, classes, once);
  }

  /**
   * A metric of predicted class indices as a function of how often each counts. Thread-safe.
   *
   * @throws IllegalArgumentException if the metric is of something else, or {@link #of} would throw
   */
  static ToDoubleFunction<int[]> counted(Metric metric, int[] predictions, int[] labels) {
    metric.of(of(predictions, labels));
    int classes = Math.max(classes(predictions), classes(labels));
    int[] predicted = predictions.clone();
    int[] actual = labels.clone();
    return counts -> metric.of(counted(predicted, actual, classes, counts));
  }

  /** The counts of checked predictions, each as often as said. */
  private static Classification counted(
      int[] predictions, int[] labels, int classes, int[] copies) {
    long[][] counts = new long[classes][classes];
    long total = 0;
    for (int i = 0; i < labels.length; i++) {
      counts[labels[i]][predictions[i]] += copies[i];
      total += copies[i];
    }
    return new Classification(counts, total);
  }

  /** One more than the largest index. */
  private static int classes(int[] indices) {
    int largest = 0;
    for (int index : indices) {
      if (index < 0) {
        throw new IllegalArgumentException(
            "class indices start at 0, got " + index + "; leave unlabelled examples out");
      }
      largest = Math.max(largest, index);
    }
    return largest + 1;
  }

  /** Fraction of examples whose prediction is the label, in [0, 1]. */
  double accuracy() {
    return (double) correct() / total;
  }

  /**
   * F1 of class 1, the harmonic mean of its precision and recall, in [0, 1]; 0 when no example of
   * class 1 was found (0/0 included).
   */
  double f1() {
    return counts.length < 2 ? 0 : f1(1);
  }

  private double f1(int index) {
    long right = counts[index][index];
    return right == 0 ? 0 : 2.0 * right / (predicted(index) + actual(index));
  }

  /** The mean of the F1 of all classes that are the label or the prediction of an example. */
  double macroF1() {
    double sum = 0;
    int present = 0;
    for (int k = 0; k < counts.length; k++) {
      if (predicted(k) + actual(k) > 0) {
        sum += f1(k);
        present++;
      }
    }
    return sum / present;
  }

  /**
   * Matthews correlation coefficient, in [-1, 1], for any number of classes (Gorodkin, 2004); 0
   * when all labels or all predictions are the same class.
   */
  double matthews() {
    double covariance = (double) correct() * total;
    double predictions = (double) total * total;
    double labels = predictions;
    for (int k = 0; k < counts.length; k++) {
      covariance -= (double) predicted(k) * actual(k);
      predictions -= (double) predicted(k) * predicted(k);
      labels -= (double) actual(k) * actual(k);
    }
    boolean constant = predictions == 0 || labels == 0;
    return constant ? 0 : covariance / (Math.sqrt(predictions) * Math.sqrt(labels));
  }

  private long correct() {
    long correct = 0;
    for (int k = 0; k < counts.length; k++) {
      correct += counts[k][k];
    }
    return correct;
  }

  private long actual(int index) {
    long sum = 0;
    for (long count : counts[index]) {
      sum += count;
    }
    return sum;
  }

  private long predicted(int index) {
    long sum = 0;
    for (long[] row : counts) {
      sum += row[index];
    }
    return sum;
  }
}
