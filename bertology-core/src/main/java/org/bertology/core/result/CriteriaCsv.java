package org.bertology.core.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.model.LayerTitles;
import org.bertology.core.scoring.Scoring;

/**
 * Several criteria as comma-separated values: one line per unit in the order of layers, layers and
 * units counted from 1; for each criterion its score and its rank, 1 for the largest. Empty where
 * there is no number, and no rank where a unit is masked.
 */
final class CriteriaCsv {
  private CriteriaCsv() {}

  /** The text, its header first. */
  static String of(CriteriaReport report, LayerTitles layers) {
    Target target = report.options().target();
    List<Scoring> scorings = report.scorings();
    List<StringBuilder> lines = positions(scorings.get(0).scores(), target, layers);
    for (Scoring scoring : scorings) {
      lines.get(0).append(",%s,%s_rank".formatted(scoring.key(), scoring.key()));
      String[] ranks = ranks(report, scoring);
      double[] flat = scoring.scores().flat();
      for (int unit = 0; unit < flat.length; unit++) {
        lines.get(unit + 1).append(",%s,%s".formatted(number(flat[unit]), ranks[unit]));
      }
    }
    return lines.stream().collect(Collectors.joining("\n", "", "\n"));
  }

  private static List<StringBuilder> positions(
      LayerScores shape, Target target, LayerTitles titles) {
    boolean layers = target == Target.LAYERS;
    List<StringBuilder> lines = new ArrayList<>();
    lines.add(new StringBuilder(layers ? "layer" : "layer," + target.unit()));
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (int i = 1; i <= shape.width(layer); i++) {
        lines.add(new StringBuilder(titles.of(layer) + (layers ? "" : "," + i)));
      }
    }
    return lines;
  }

  private static String[] ranks(CriteriaReport report, Scoring scoring) {
    String[] ranks = new String[scoring.scores().size()];
    Arrays.fill(ranks, "");
    int rank = 0;
    for (LayerScores.Unit unit : report.ranking(scoring)) {
      rank++;
      ranks[unit.flatIndex()] = Integer.toString(rank);
    }
    return ranks;
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Decimals.of(value).toString() : "";
  }
}
