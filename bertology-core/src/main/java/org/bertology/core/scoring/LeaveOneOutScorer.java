package org.bertology.core.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.statistics.Bootstrap;
import org.bertology.core.statistics.Intervals;
import org.bertology.core.statistics.Measure;
import org.bertology.core.statistics.Outcomes;

/**
 * Scores by what the model loses without a unit: the rise of the mean loss, or the fall of a metric
 * (Michel et al., 2019, section 3.2). A data set is run once for each unit, and once with all.
 */
public final class LeaveOneOutScorer implements Scorer {
  /** By the loss. */
  public static final String KEY = "leave-one-out";

  /** By a metric. */
  public static final String METRIC_KEY = "leave-one-out-metric";

  private final MaskedBlocks blocks;
  private final Measure measure;
  private final ScorerOptions options;

  private LeaveOneOutScorer(MaskedBlocks blocks, Measure measure, ScorerOptions options) {
    this.blocks = blocks;
    this.measure = measure;
    this.options = options;
  }

  /**
   * A scorer.
   *
   * @param measure the loss, or a metric
   * @throws IllegalArgumentException if an example has no label, or the model has no loss per
   *     sequence
   */
  public static LeaveOneOutScorer open(
      Model model, EncodedData data, Measure measure, ScorerOptions options) {
    MaskedBlocks blocks = new MaskedBlocks(model, data, options.target().mask(), options.run());
    return new LeaveOneOutScorer(blocks, measure, options);
  }

  @Override
  public String key() {
    return measure.isHigherBetter() ? METRIC_KEY : KEY;
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
    int[] order = IntStream.range(0, players.count()).toArray();
    int rows = players.count() + 1;
    List<EncodedExample> examples = new ArrayList<>();
    List<Outcomes> outcomes = new ArrayList<>();
    long all = (long) rows * blocks.data().size();
    for (List<EncodedExample> block : blocks.blocks(rows)) {
      outcomes.add(
          blocks.run(
              block,
              rows,
              // The last row leaves none out.
              row -> players.without(order, row.number(), Math.min(row.number() + 1, rows - 1)),
              mask,
              blocks.progress(examples.size() * rows, all)));
      examples.addAll(block);
    }
    Outcomes joined = Outcomes.joined(outcomes);
    List<ToDoubleFunction<int[]>> variants = new ArrayList<>();
    for (int number = 0; number < rows; number++) {
      variants.add(measure.counted(joined.at(positions(examples, rows, number))));
    }
    return new Sweep(players, variants);
  }

  /** Where the outcomes of every example, in the order of the data, under one mask are. */
  private static int[] positions(List<EncodedExample> examples, int rows, int number) {
    int[] positions = new int[examples.size()];
    for (int place = 0; place < positions.length; place++) {
      positions[examples.get(place).index()] = place * rows + number;
    }
    return positions;
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
      int[] once = new int[blocks.data().size()];
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
                  .intervals(blocks.data().size(), counts -> scores(counts).flat()));
    }
  }

  @Override
  public void close() {
    blocks.close();
  }
}
