package org.bertology.core.metric;

/** A score of answers against labels. */
public enum Metric {
  /** Fraction of right answers, in [0, 1]: of examples, or of tokens where each has an answer. */
  ACCURACY("accuracy", Of.CLASSES),
  /** F1 of class 1, in [0, 1]. */
  F1("f1", Of.CLASSES),
  /** The mean of the F1 of all classes among labels and predictions, in [0, 1]. */
  MACRO_F1("macro_f1", Of.CLASSES),
  /** Mean of accuracy and F1, in [0, 1]. */
  ACCURACY_AND_F1("acc_and_f1", Of.CLASSES),
  /** Matthews correlation coefficient, in [-1, 1]; 0 for constant predictions. */
  MATTHEWS("matthews", Of.CLASSES),
  /** F1 of entities, each right only with both ends and its type, in [0, 1]. */
  ENTITY_F1("entity_f1", Of.ENTITIES),
  /** Fraction of the predicted entities that are right, in [0, 1]; 0 if there are none. */
  ENTITY_PRECISION("entity_precision", Of.ENTITIES),
  /** Fraction of the true entities that are found, in [0, 1]; 0 if there are none. */
  ENTITY_RECALL("entity_recall", Of.ENTITIES),
  /** Pearson's correlation, in [-1, 1]; NaN for constant predictions. */
  PEARSON("pearson", Of.NUMBERS),
  /** Spearman's rank correlation, in [-1, 1]; NaN for constant predictions. */
  SPEARMAN("spearman", Of.NUMBERS),
  /** Mean of Pearson's and Spearman's correlation. */
  CORRELATION("corr", Of.NUMBERS),
  /** Kendall's rank correlation tau-b, in [-1, 1]; NaN for constant predictions. */
  KENDALL("kendall_tau_b", Of.NUMBERS),
  /** e to the mean loss of all tokens in nats, at least 1; lower is better. */
  PERPLEXITY("perplexity", Of.LOSSES);

  /** What a metric is computed from, as messages speak of it. */
  enum Of {
    CLASSES("class indices", "accuracy, f1 or matthews"),
    ENTITIES("entities", "entity_f1"),
    NUMBERS("real numbers", "pearson or spearman"),
    LOSSES("losses of tokens", "perplexity or accuracy");

    private final String things;
    private final String metrics;

    Of(String things, String metrics) {
      this.things = things;
      this.metrics = metrics;
    }
  }

  private final String key;
  private final Of of;

  Metric(String key, Of of) {
    this.key = key;
    this.of = of;
  }

  /** The name under which results hold this metric, such as {@code acc_and_f1}. */
  public String key() {
    return key;
  }

  public boolean isHigherBetter() {
    return this != PERPLEXITY;
  }

  boolean isOf(Of things) {
    return of == things;
  }

  /** What is thrown at answers of another kind than this metric is computed from. */
  IllegalArgumentException refusal(Of got) {
    return new IllegalArgumentException(
        "%s compares %s, got %s; use %s".formatted(key, of.things, got.things, got.metrics));
  }

  /**
   * The score of predicted class indices.
   *
   * @throws IllegalArgumentException if this is a metric of something else
   */
  double of(Classification counts) {
    return switch (this) {
      case ACCURACY -> counts.accuracy();
      case F1 -> counts.f1();
      case MACRO_F1 -> counts.macroF1();
      case ACCURACY_AND_F1 -> (counts.accuracy() + counts.f1()) / 2;
      case MATTHEWS -> counts.matthews();
      default -> throw refusal(Of.CLASSES);
    };
  }
}
