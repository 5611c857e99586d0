package org.bertology.core.metric;

/** A score of predictions against labels; higher is better for all of them. */
public enum Metric {
  /** Fraction of right predictions, in [0, 1]. */
  ACCURACY("accuracy"),
  /** F1 of class 1, in [0, 1]. */
  F1("f1"),
  /** Mean of accuracy and F1, in [0, 1]. */
  ACCURACY_AND_F1("acc_and_f1"),
  /** Matthews correlation coefficient, in [-1, 1]; 0 for constant predictions. */
  MATTHEWS("matthews"),
  /** Pearson's correlation, in [-1, 1]; NaN for constant predictions. */
  PEARSON("pearson"),
  /** Spearman's rank correlation, in [-1, 1]; NaN for constant predictions. */
  SPEARMAN("spearman"),
  /** Mean of Pearson's and Spearman's correlation. */
  CORRELATION("corr"),
  /** Kendall's rank correlation tau-b, in [-1, 1]; NaN for constant predictions. */
  KENDALL("kendall_tau_b");

  private final String key;

  Metric(String key) {
    this.key = key;
  }

  /** The name under which results hold this metric, such as {@code acc_and_f1}. */
  public String key() {
    return key;
  }

  /**
   * The score of predicted class indices.
   *
   * @throws IllegalArgumentException if this is a metric of real numbers
   */
  double of(Classification counts) {
    return switch (this) {
      case ACCURACY -> counts.accuracy();
      case F1 -> counts.f1();
      case ACCURACY_AND_F1 -> (counts.accuracy() + counts.f1()) / 2;
      case MATTHEWS -> counts.matthews();
      case PEARSON, SPEARMAN, CORRELATION, KENDALL ->
          throw new IllegalArgumentException(
              key + " compares real numbers, got class indices; use accuracy, f1 or matthews");
    };
  }

  /**
   * The score of predicted real numbers, one per example.
   *
   * @throws IllegalArgumentException if this is a metric of class indices, the lengths differ or
   *     are below two
   */
  double of(double[] predictions, double[] labels) {
    return switch (this) {
      case PEARSON -> Correlation.pearson(predictions, labels);
      case SPEARMAN -> Correlation.spearman(predictions, labels);
      case CORRELATION -> (PEARSON.of(predictions, labels) + SPEARMAN.of(predictions, labels)) / 2;
      case KENDALL -> Correlation.kendallTauB(predictions, labels);
      case ACCURACY, F1, ACCURACY_AND_F1, MATTHEWS -> throw needsClasses();
    };
  }

  IllegalArgumentException needsClasses() {
    return new IllegalArgumentException(
        key + " compares class indices, got real numbers; use pearson or spearman");
  }
}
