package org.bertology.core.scoring;

import java.util.List;
import java.util.stream.IntStream;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;

/**
 * How much several scorings of the same units agree, each with each.
 *
 * @param keys of the scorings
 * @param pairs the agreement of scoring i with scoring j, {@code [i][j]}
 */
public record Agreement(List<String> keys, List<List<RankingAgreement>> pairs) {
  public Agreement {
    keys = List.copyOf(keys);
    pairs = pairs.stream().map(List::copyOf).toList();
  }

  /**
   * The agreement about the units that a mask has left.
   *
   * @param top how many of the first are compared as a set
   * @throws IllegalArgumentException if {@code top} is below 1, or scorings are of other units than
   *     each other
   */
  public static Agreement of(List<Scoring> scorings, ModelMask mask, int top) {
    List<double[]> scores = scorings.stream().map(scoring -> left(scoring, mask)).toList();
    List<List<RankingAgreement>> pairs =
        scores.stream()
            .map(one -> scores.stream().map(o -> RankingAgreement.of(one, o, top)).toList())
            .toList();
    return new Agreement(scorings.stream().map(Scoring::key).toList(), pairs);
  }

  private static double[] left(Scoring scoring, ModelMask mask) {
    double[] flat = scoring.scores().flat();
    List<Unit> units = mask.units(scoring.target().mask());
    return IntStream.range(0, flat.length)
        .filter(i -> mask.get(units.get(i)) != 0)
        .mapToDouble(i -> flat[i])
        .toArray();
  }
}
