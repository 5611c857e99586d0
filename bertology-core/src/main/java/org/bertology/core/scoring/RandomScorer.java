package org.bertology.core.scoring;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.model.ModelMask;

/**
 * Scores that mean nothing, for comparison: the numbers 1/n, 2/n, …, 1 in an order that the seed
 * alone decides, whatever the examples and the mask.
 */
public final class RandomScorer implements Scorer {
  public static final String KEY = "random";

  private final Target target;
  private final LayerScores scores;

  private RandomScorer(Target target, LayerScores scores) {
    this.target = target;
    this.scores = scores;
  }

  /** The scorer of a geometry. */
  public static RandomScorer of(TransformerConfig config, ScorerOptions options) {
    int[] widths = options.target().widths(config);
    int[] order =
        Permutations.of(Arrays.stream(widths).sum(), new SplittableRandom(options.seed()));
    double[] flat = new double[order.length];
    Arrays.setAll(flat, unit -> (order[unit] + 1.0) / order.length);
    LayerScores scores = options.normalization().of(LayerScores.of(flat, widths));
    return new RandomScorer(options.target(), scores);
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public LayerScores scores(ModelMask mask) {
    return scores;
  }

  @Override
  public void close() {}
}
