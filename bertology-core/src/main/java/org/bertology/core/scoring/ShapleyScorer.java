package org.bertology.core.scoring;

import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bertology.core.evaluate.Readout;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.journal.StepLog;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.statistics.Measure;
import org.bertology.core.statistics.Outcomes;

/**
 * Scores by Shapley values: a unit's mean contribution to the model's performance over all orders
 * in which units can be taken away, estimated from random orders (Castro et al., 2009; for neurons,
 * Ghorbani and Zou, 2020). Every example draws its own orders, so the estimate has no bias, and a
 * bootstrap over examples covers both samplings.
 *
 * <p>The values of all units add up to the performance with all of them less that with none. A data
 * set is run as often as there are units plus one, times the permutations per example.
 */
public final class ShapleyScorer implements Scorer {
  public static final String KEY = "shapley";

  private static final String VALUES = "values";

  private final MaskedBlocks blocks;
  private final Measure measure;
  private final ScorerOptions options;
  private final StepLog log;

  private ShapleyScorer(MaskedBlocks blocks, Measure measure, ScorerOptions options, StepLog log) {
    this.blocks = blocks;
    this.measure = measure;
    this.options = options;
    this.log = log;
  }

  /** Values for the loss, a fall of which is a gain; no step is written down. */
  public static ShapleyScorer open(Model model, EncodedData data, ScorerOptions options) {
    return open(model, data, Measure.loss(), options, StepLog.inMemory());
  }

  /**
   * A scorer that can go on after a kill.
   *
   * @param measure of performance: the loss or, of one answer per example, the accuracy
   * @param log of a computation with one mask
   * @throws IllegalArgumentException if the measure is another one, an example has no label, or the
   *     model has no task
   */
  public static ShapleyScorer open(
      Model model, EncodedData data, Measure measure, ScorerOptions options, StepLog log) {
    if (!measure.isMean(Readout.of(model))) {
      throw new IllegalArgumentException(
          "Shapley values are of a mean over examples, the loss or the accuracy of one answer each, got "
              + measure.key());
    }
    MaskedBlocks blocks = new MaskedBlocks(model, data, options.target().mask(), options.run());
    return new ShapleyScorer(blocks, measure, options, log);
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public Target target() {
    return options.target();
  }

  @Override
  public LayerScores scores(ModelMask mask) {
    return values(mask).scores();
  }

  @Override
  public Scoring scoring(ModelMask mask) {
    ShapleyValues values = values(mask);
    return new Scoring(KEY, target(), values.scores(), values.intervals());
  }

  /** The values for every example. */
  ShapleyValues values(ModelMask mask) {
    Players players = new Players(mask, target().mask());
    ShapleyValues values = new ShapleyValues(blocks.data().size(), players, options);
    List<List<EncodedExample>> all = blocks.blocks(players.count() + 1);
    SplittableRandom random = new SplittableRandom(options.seed());
    for (int permutation = 0; permutation < options.permutations(); permutation++) {
      int[][] orders = orders(players.count(), random.split());
      for (int block = 0; block < all.size(); block++) {
        Walk walk = new Walk(players, mask, orders, permutation, all, block);
        JsonObject step =
            log.step("%s %d/%d".formatted(KEY, permutation + 1, block + 1), walk::step);
        values.add(all.get(block), LoggedScoring.numbers(step, VALUES));
      }
    }
    return values;
  }

  /** An order of the units for each example. */
  private int[][] orders(int players, SplittableRandom random) {
    int[][] orders = new int[blocks.data().size()][];
    Arrays.setAll(orders, example -> Permutations.of(players, random));
    return orders;
  }

  /** From all units to none, for the examples of one block. */
  private final class Walk {
    private final Players players;
    private final ModelMask mask;
    private final int[][] orders;
    private final List<EncodedExample> block;
    private final int rowsBefore;

    Walk(
        Players players,
        ModelMask mask,
        int[][] orders,
        int permutation,
        List<List<EncodedExample>> all,
        int block) {
      this.players = players;
      this.mask = mask;
      this.orders = orders;
      this.block = all.get(block);
      int examplesBefore = all.subList(0, block).stream().mapToInt(List::size).sum();
      this.rowsBefore = (permutation * orders.length + examplesBefore) * rowsPerExample();
    }

    private int rowsPerExample() {
      return players.count() + 1;
    }

    private int[] order(int position) {
      return orders[block.get(position).index()];
    }

    /** The contributions of an example's units one after the other, example after example. */
    JsonObject step() {
      long rowsInAll = (long) options.permutations() * orders.length * rowsPerExample();
      Outcomes outcomes =
          blocks.run(
              block,
              rowsPerExample(),
              row -> players.without(order(row.position()), 0, row.number()),
              mask,
              blocks.progress(rowsBefore, rowsInAll));
      double[] worth = measure.perExample(outcomes).orElseThrow();
      double sign = measure.isHigherBetter() ? 1 : -1;
      double[] values = new double[block.size() * players.count()];
      for (int position = 0; position < block.size(); position++) {
        int[] order = order(position);
        for (int i = 0; i < order.length; i++) {
          int row = position * rowsPerExample() + i;
          values[position * order.length + order[i]] = sign * (worth[row] - worth[row + 1]);
        }
      }
      JsonObject step = new JsonObject();
      step.add(VALUES, LoggedScoring.array(values.length, i -> values[i]));
      return step;
    }
  }

  /** How many orders of the units are behind a score. */
  public long orders() {
    return (long) options.permutations() * blocks.data().size();
  }

  @Override
  public void close() {
    blocks.close();
  }
}
