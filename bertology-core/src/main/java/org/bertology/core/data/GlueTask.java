package org.bertology.core.data;

import static org.bertology.core.metric.Metric.ACCURACY;
import static org.bertology.core.metric.Metric.ACCURACY_AND_F1;
import static org.bertology.core.metric.Metric.CORRELATION;
import static org.bertology.core.metric.Metric.F1;
import static org.bertology.core.metric.Metric.MATTHEWS;
import static org.bertology.core.metric.Metric.PEARSON;
import static org.bertology.core.metric.Metric.SPEARMAN;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bertology.core.metric.Metric;

/** A task of the GLUE benchmark (Wang et al., 2019): its files, labels and metrics. */
public enum GlueTask {
  COLA(
      "cola",
      List.of(),
      "dev.tsv",
      new GlueLayout("cola", List.of("sentence"), List.of(), List.of("label"), List.of())
          .withoutHeader("source", "label", "mark", "sentence"),
      List.of("unacceptable", "acceptable"),
      true,
      List.of(MATTHEWS)),
  SST2(
      "sst-2",
      List.of("sst2"),
      "dev.tsv",
      new GlueLayout("sst-2", List.of("sentence"), List.of(), List.of("label"), List.of()),
      List.of("negative", "positive"),
      true,
      List.of(ACCURACY)),
  MRPC(
      "mrpc",
      List.of(),
      "dev.tsv",
      new GlueLayout(
          "mrpc",
          List.of("#1 String", "sentence1"),
          List.of("#2 String", "sentence2"),
          List.of("Quality", "label"),
          List.of()),
      List.of("not_equivalent", "equivalent"),
      true,
      List.of(ACCURACY_AND_F1, ACCURACY, F1)),
  STSB(
      "sts-b",
      List.of("stsb"),
      "dev.tsv",
      new GlueLayout(
          "sts-b",
          List.of("sentence1"),
          List.of("sentence2"),
          List.of("score", "label"),
          List.of("index")),
      List.of(),
      true,
      List.of(CORRELATION, PEARSON, SPEARMAN)),
  QQP(
      "qqp",
      List.of(),
      "dev.tsv",
      new GlueLayout(
              "qqp",
              List.of("question1"),
              List.of("question2"),
              List.of("is_duplicate", "label"),
              List.of("id"))
          .skippingUnevenLines(),
      List.of("not_duplicate", "duplicate"),
      true,
      List.of(ACCURACY_AND_F1, ACCURACY, F1)),
  MNLI(
      "mnli",
      List.of("mnli-m"),
      "dev_matched.tsv",
      GlueLayout.inference("mnli", "gold_label"),
      Orders.INFERENCE,
      false,
      List.of(ACCURACY)),
  MNLI_MISMATCHED(
      "mnli-mm",
      List.of(),
      "dev_mismatched.tsv",
      GlueLayout.inference("mnli-mm", "gold_label"),
      Orders.INFERENCE,
      false,
      List.of(ACCURACY)),
  QNLI(
      "qnli",
      List.of(),
      "dev.tsv",
      new GlueLayout(
          "qnli", List.of("question"), List.of("sentence"), List.of("label"), List.of("index")),
      List.of("entailment", "not_entailment"),
      false,
      List.of(ACCURACY)),
  RTE(
      "rte",
      List.of(),
      "dev.tsv",
      GlueLayout.inference("rte", "label"),
      List.of("entailment", "not_entailment"),
      false,
      List.of(ACCURACY)),
  WNLI(
      "wnli",
      List.of(),
      "dev.tsv",
      GlueLayout.inference("wnli", "label"),
      List.of("not_entailment", "entailment"),
      true,
      List.of(ACCURACY));

  private final String key;
  private final List<String> aliases;
  private final String devFile;
  private final GlueLayout layout;
  private final List<String> labelNames;
  private final boolean numbered;
  private final List<Metric> metrics;

  GlueTask(
      String key,
      List<String> aliases,
      String devFile,
      GlueLayout layout,
      List<String> labelNames,
      boolean numbered,
      List<Metric> metrics) {
    this.key = key;
    this.aliases = aliases;
    this.devFile = devFile;
    this.layout = layout;
    this.labelNames = labelNames;
    this.numbered = numbered;
    this.metrics = metrics;
  }

  /** Label orders; apart, since an enum's constants come before its constants' constants. */
  private static final class Orders {
    static final List<String> INFERENCE = List.of("contradiction", "entailment", "neutral");
    static final List<String> EXCHANGED = List.of("contradiction", "neutral", "entailment");
    static final Set<String> EXCHANGING_MODELS = Set.of("roberta", "xlm-roberta", "bart");
  }

  /**
   * The task with that name; case does not matter, and {@code _} is as good as {@code -}.
   *
   * @throws IllegalArgumentException if there is none; the message lists all
   */
  public static GlueTask named(String name) {
    String wanted = name.toLowerCase(Locale.ROOT).replace('_', '-');
    return Arrays.stream(values())
        .filter(task -> task.key.equals(wanted) || task.aliases.contains(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no task is named '" + name + "'; known are " + GlueTask.keys()));
  }

  private static String keys() {
    return Stream.of(values()).map(GlueTask::key).collect(Collectors.joining(", "));
  }

  /** The task's name in commands and results, such as {@code sst-2}. */
  public String key() {
    return key;
  }

  /** The name of the development file in the task's directory, such as {@code dev_matched.tsv}. */
  public String devFile() {
    return devFile;
  }

  /** Whether labels are real numbers and not classes. */
  public boolean isRegression() {
    return labelNames.isEmpty();
  }

  /** The label names in the order in which the task numbers them; empty for regression. */
  public List<String> labelNames() {
    return labelNames;
  }

  /**
   * The order in which a model without label names numbers its classes.
   *
   * <p>Checkpoints of RoBERTa, XLM-R and BART for MNLI come from fairseq, which orders
   * contradiction, neutral, entailment; all others follow {@link #labelNames}.
   *
   * @param modelType the model type of the configuration, such as {@code roberta}
   */
  public List<String> labelNames(String modelType) {
    boolean exchanged =
        labelNames.equals(Orders.INFERENCE) && Orders.EXCHANGING_MODELS.contains(modelType);
    return exchanged ? Orders.EXCHANGED : labelNames;
  }

  /**
   * The meaning of the task's labels to a model.
   *
   * @param modelType the model type of the configuration, such as {@code bert}; decides the order
   *     of classes that have no names
   * @param modelNames the model's class names in the order of its outputs; may be the placeholders
   *     {@code LABEL_0}, {@code LABEL_1}, …
   * @throws IllegalArgumentException if the model has another number of outputs than the task has
   *     labels, or only some names match
   */
  public Labels labels(String modelType, List<String> modelNames) {
    return isRegression()
        ? ScoreLabels.of(modelNames)
        : ClassLabels.match(key, labelNames(modelType), numbered, modelNames);
  }

  /** The metrics that GLUE reports, {@link #primaryMetric} first. */
  public List<Metric> metrics() {
    return metrics;
  }

  /** The one number to compare models by; a mean where GLUE reports two. */
  public Metric primaryMetric() {
    return metrics.get(0);
  }

  Layout layout() {
    return layout;
  }
}
