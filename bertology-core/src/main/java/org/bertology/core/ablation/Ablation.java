package org.bertology.core.ablation;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedData;
import org.bertology.core.statistics.Measure;
import org.bertology.core.statistics.Outcomes;
import org.bertology.core.statistics.PairedComparison;
import org.bertology.core.statistics.PairedDifference;

/**
 * What a model predicts without each of its heads, layers or groups of neurons, or with a single
 * head of a layer (Michel et al., 2019, sections 3.2 and 3.3).
 */
public final class Ablation {
  private final AblationOptions options;
  private final AblationPlan plan;
  private final Predictions base;
  private final List<Predictions> ablated;

  Ablation(
      AblationOptions options, AblationPlan plan, Predictions base, List<Predictions> ablated) {
    this.options = options;
    this.plan = plan;
    this.base = base;
    this.ablated = List.copyOf(ablated);
  }

  /** The ablation of a model on labelled examples. */
  public static Ablation of(Model model, EncodedData data, AblationOptions options) {
    return of(model, data, ModelMask.ones(model.config()), options);
  }

  /** The same where some units are masked in all runs; those are not ablated. */
  public static Ablation of(
      Model model, EncodedData data, ModelMask base, AblationOptions options) {
    try (AblationPass pass = AblationPass.open(model, base, options)) {
      return pass.run(data);
    }
  }

  public AblationOptions options() {
    return options;
  }

  /** What was ablated, one group per run, layer after layer; without what the base masks. */
  public List<UnitGroup> groups() {
    return plan.groups();
  }

  /** The predictions at the base mask. */
  public Predictions base() {
    return base;
  }

  /** The predictions of each run, in the order of {@link #groups}. */
  public List<Predictions> ablated() {
    return ablated;
  }

  /** How a measure differs from that at the base mask, in the order of {@link #groups}. */
  public List<PairedDifference> differences(Measure measure, PairedComparison comparison) {
    List<Outcomes> outcomes = ablated.stream().map(Outcomes::of).toList();
    return comparison.of(measure, Outcomes.of(base), outcomes);
  }

  /**
   * One number per run as a matrix {@code [layers, groups]}; NaN for what the base masks.
   *
   * @param values by position in {@link #groups}
   */
  public LayerScores matrix(IntToDoubleFunction values) {
    double[][] layers =
        Arrays.stream(plan.widths()).mapToObj(Ablation::unknown).toArray(double[][]::new);
    for (int i = 0; i < groups().size(); i++) {
      UnitGroup group = groups().get(i);
      layers[group.layer()][group.index()] = values.applyAsDouble(i);
    }
    return LayerScores.of(layers);
  }

  private static double[] unknown(int count) {
    double[] values = new double[count];
    Arrays.fill(values, Double.NaN);
    return values;
  }
}
