package org.bertology.core.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.bertology.core.ablation.MaskSweep;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.run.EncodedData;
import org.bertology.core.statistics.Bootstrap;
import org.bertology.core.statistics.Intervals;
import org.bertology.core.statistics.Measure;
import org.bertology.core.statistics.Outcomes;

/**
 * Scores by what the model loses without a unit: the rise of the mean loss, or the fall of a metric
 * (Michel et al., 2019, section 3.2). A data set is run once for each unit, and once with all, as
 * far as these runs differ from each other ({@link MaskSweep}).
 */
public final class LeaveOneOutScorer implements Scorer {
  /** By the loss. */
  public static final String KEY = "leave-one-out";

  /** By a metric. */
  public static final String METRIC_KEY = "leave-one-out-metric";

  /** Masks in memory at once: thousands of neurons have as many masks of as many factors. */
  private static final int TOGETHER = 512;

  private final Model model;
  private final EncodedData data;
  private final Measure measure;
  private final ScorerOptions options;

  private LeaveOneOutScorer(Model model, EncodedData data, Measure measure, ScorerOptions options) {
    this.model = model;
    this.data = data;
    this.measure = measure;
    this.options = options;
  }

  /**
   * A scorer.
   *
   * @param measure the loss, or a metric
   * @throws IllegalArgumentException if an example has no label
   */
  public static LeaveOneOutScorer open(
      Model model, EncodedData data, Measure measure, ScorerOptions options) {
    MaskedBlocks.requireLabels(data);
    return new LeaveOneOutScorer(model, data, measure, options);
  }

  @Override
  public String key() {
    return measure.metric().isPresent() ? METRIC_KEY : KEY;
  }

  @Override
  public Target target() {
    return options.target();
  }

  @Override
  public LayerScores scores(ModelMask mask) {
    return sweep(mask).scores();
  }

  @Override
  public Scoring scoring(ModelMask mask) {
    Sweep sweep = sweep(mask);
    return new Scoring(key(), target(), sweep.scores(), sweep.intervals());
  }

  private Sweep sweep(ModelMask mask) {
    Players players = new Players(mask, target().mask());
    List<ToDoubleFunction<int[]>> variants = new ArrayList<>();
    for (int start = 0; start <= players.count(); start += TOGETHER) {
      List<ModelMask> masks = new ArrayList<>();
      for (Unit unit : players.units(start, start + TOGETHER)) {
        masks.add(mask.without(List.of(unit)));
      }
      if (masks.size() < TOGETHER) {
        masks.add(mask);
      }
      variants.addAll(measures(mask, masks));
    }
    return new Sweep(players, variants);
  }

  private List<ToDoubleFunction<int[]>> measures(ModelMask mask, List<ModelMask> variants) {
    try (MaskSweep sweep = MaskSweep.open(model, mask, variants, options.run())) {
      return sweep.run(data).stream().map(Outcomes::of).map(measure::counted).toList();
    }
  }

  /** The measure without each player, and at the end with all, by how often examples count. */
  private final class Sweep {
    private final Players players;
    private final List<ToDoubleFunction<int[]>> variants;

    Sweep(Players players, List<ToDoubleFunction<int[]>> variants) {
      this.players = players;
      this.variants = variants;
    }

    LayerScores scores() {
      int[] once = new int[data.size()];
      Arrays.fill(once, 1);
      return scores(once);
    }

    private LayerScores scores(int[] counts) {
      double whole = variants.get(players.count()).applyAsDouble(counts);
      double sign = measure.isHigherBetter() ? 1 : -1;
      double[] losses = new double[players.count()];
      Arrays.setAll(losses, i -> sign * (whole - variants.get(i).applyAsDouble(counts)));
      return options.normalization().of(LayerScores.of(players.toUnits(losses), players.widths()));
    }

    Optional<Intervals> intervals() {
      return options.resamples() == 0
          ? Optional.empty()
          : Optional.of(
              new Bootstrap(options.resamples(), options.seed())
                  .intervals(data.size(), counts -> scores(counts).flat()));
    }
  }

  @Override
  public void close() {}
}
