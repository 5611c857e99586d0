package org.bertology.core.scoring;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.statistics.Bootstrap;
import org.bertology.core.statistics.Intervals;

/** Estimated Shapley values of every example and unit, filled block by block. */
final class ShapleyValues {
  private final double[][] sums; // [example, player], over permutations
  private final Players players;
  private final ScorerOptions options;

  ShapleyValues(int examples, Players players, ScorerOptions options) {
    this.sums = new double[examples][players.count()];
    this.players = players;
    this.options = options;
  }

  /** Adds the contributions in one permutation, player after player, example after example. */
  void add(List<EncodedExample> block, double[] contributions) {
    int next = 0;
    for (EncodedExample example : block) {
      double[] sum = sums[example.index()];
      for (int player = 0; player < sum.length; player++) {
        sum[player] += contributions[next];
        next++;
      }
    }
  }

  /** One example's values by unit, layer after layer. */
  double[] example(int index) {
    double[] values = sums[index].clone();
    for (int i = 0; i < values.length; i++) {
      values[i] /= options.permutations();
    }
    return players.toUnits(values);
  }

  LayerScores scores() {
    int[] once = new int[sums.length];
    Arrays.fill(once, 1);
    return scores(once);
  }

  private LayerScores scores(int[] counts) {
    double[] means = new double[players.count()];
    long drawn = 0;
    for (int n = 0; n < counts.length; n++) {
      drawn += counts[n];
      for (int player = 0; player < means.length; player++) {
        means[player] += counts[n] * sums[n][player];
      }
    }
    for (int player = 0; player < means.length; player++) {
      means[player] /= (double) drawn * options.permutations();
    }
    return options.normalization().of(LayerScores.of(players.toUnits(means), players.widths()));
  }

  Optional<Intervals> intervals() {
    return options.resamples() == 0
        ? Optional.empty()
        : Optional.of(
            new Bootstrap(options.resamples(), options.seed())
                .intervals(sums.length, counts -> scores(counts).flat()));
  }
}
