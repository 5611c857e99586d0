package org.bertology.core.result;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;
import org.bertology.core.ablation.Ablation;
import org.bertology.core.ablation.AblationMode;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.metric.Answers;
import org.bertology.core.model.ModelMask;
import org.bertology.core.statistics.Measure;
import org.bertology.core.statistics.PairedComparison;
import org.bertology.core.statistics.PairedDifference;
import org.bertology.core.task.TaskData;

/**
 * An ablation with its differences, intervals and tests.
 *
 * @param ablation the predictions
 * @param comparison how intervals and p-values were computed
 * @param main the measure that is shown: the main metric, or the loss where no metric is defined
 * @param rows one per run, layer after layer
 * @param summary the model's performance at the base mask
 */
public record AblationReport(
    Ablation ablation,
    PairedComparison comparison,
    Measure main,
    List<AblationRow> rows,
    Summary summary) {
  /** Corrected p-values up to this are called significant. */
  public static final double LEVEL = 0.05;

  public AblationReport {
    rows = List.copyOf(rows);
  }

  /** The report of an ablation on data; computes intervals and tests. */
  public static AblationReport of(
      Ablation ablation, TaskData data, Optional<ModelMask> mask, PairedComparison comparison) {
    Summary summary = Summary.of(data, ablation.base(), mask);
    Measure main = summary.metrics().isEmpty() ? Measure.loss() : Measure.of(data.metrics().get(0));
    List<PairedDifference> mains = ablation.differences(main, comparison);
    List<PairedDifference> losses = ablation.differences(Measure.loss(), comparison);
    List<AblationRow> rows = new ArrayList<>();
    for (int i = 0; i < mains.size(); i++) {
      Predictions predictions = ablation.ablated().get(i);
      rows.add(
          new AblationRow(
              ablation.groups().get(i),
              data.metrics(predictions),
              correct(predictions),
              mains.get(i),
              losses.get(i)));
    }
    return new AblationReport(ablation, comparison, main, rows, summary);
  }

  static OptionalInt correct(Predictions predictions) {
    return predictions.tally().stream().mapToInt(Answers.Tally::right).findFirst();
  }

  /** One number of each row as a matrix {@code [layers, groups]}; NaN for what the base masks. */
  public LayerScores matrix(ToDoubleFunction<AblationRow> number) {
    return ablation.matrix(i -> number.applyAsDouble(rows.get(i)));
  }

  /** The rows, those first whose runs are worst: by the main measure, then by the loss. */
  public List<AblationRow> worstFirst() {
    return rows.stream().sorted(rising(Double.POSITIVE_INFINITY)).toList();
  }

  /**
   * The best run of each layer that has any, where all heads of a layer but one are taken away;
   * empty where one is left out.
   */
  public List<AblationRow> bestOfLayers() {
    if (ablation.options().mode() != AblationMode.KEEP_ONE) {
      return List.of();
    }
    List<AblationRow> best = new ArrayList<>();
    for (AblationRow row : rows) {
      int last = best.size() - 1;
      if (last < 0 || best.get(last).group().layer() != row.group().layer()) {
        best.add(row);
      } else if (rising(Double.NEGATIVE_INFINITY).compare(row, best.get(last)) > 0) {
        best.set(last, row);
      }
    }
    return best;
  }

  /** From worse to better. */
  private Comparator<AblationRow> rising(double ifNotANumber) {
    double sign = main.isHigherBetter() ? 1 : -1;
    return Comparator.<AblationRow>comparingDouble(
            row -> number(sign * row.main().difference(), ifNotANumber))
        .thenComparingDouble(row -> number(-row.loss().difference(), ifNotANumber));
  }

  private static double number(double value, double otherwise) {
    return Double.isNaN(value) ? otherwise : value;
  }
}
