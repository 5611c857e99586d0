package org.bertology.core.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.model.LayerTitles;

/**
 * Importance as comma-separated values: one line per unit in the order of layers, layers and units
 * counted from 1, rank 1 the most important; the un-normalised score by every criterion in a column
 * of its name. Empty where there is no number.
 */
public final class ImportanceCsv {
  private final ImportanceReport report;
  private final LayerTitles layers;
  private final int[] ranks;
  private final List<double[]> definitions;

  private ImportanceCsv(ImportanceReport report, LayerTitles layers) {
    this.report = report;
    this.layers = layers;
    this.ranks = new int[report.scores().size()];
    int rank = 0;
    for (LayerScores.Unit unit : report.ranking()) {
      rank++;
      ranks[unit.flatIndex()] = rank;
    }
    this.definitions =
        Arrays.stream(Criterion.values())
            .map(criterion -> report.importance().scores(criterion).flat())
            .toList();
  }

  /** The text, its header first. */
  public static String of(ImportanceReport report, LayerTitles layers) {
    return new ImportanceCsv(report, layers).text();
  }

  private String text() {
    List<String> lines = new ArrayList<>(List.of(header()));
    LayerScores scores = report.scores();
    int unit = 0;
    for (int layer = 0; layer < scores.layers(); layer++) {
      for (int i = 0; i < scores.width(layer); i++) {
        lines.add(line(layer, i, unit));
        unit++;
      }
    }
    return lines.stream().collect(Collectors.joining("\n", "", "\n"));
  }

  private String header() {
    Stream<String> unit = names(Stream.of("layer", report.target().unit()));
    Stream<String> criteria = Arrays.stream(Criterion.values()).map(Criterion::key);
    return Stream.of(unit, Stream.of("rank", "score", "low", "high"), criteria)
        .flatMap(names -> names)
        .collect(Collectors.joining(","));
  }

  private String line(int layer, int index, int unit) {
    Stream<String> position = names(Stream.of(layers.of(layer), "" + (index + 1)));
    Stream<String> chosen =
        Stream.of(
            Integer.toString(ranks[unit]),
            number(report.scores().get(layer, index)),
            report.intervals().map(ends -> number(ends.low(unit))).orElse(""),
            report.intervals().map(ends -> number(ends.high(unit))).orElse(""));
    Stream<String> all = definitions.stream().map(scores -> number(scores[unit]));
    return Stream.of(position, chosen, all)
        .flatMap(fields -> fields)
        .collect(Collectors.joining(","));
  }

  /** A layer has no unit within it. */
  private Stream<String> names(Stream<String> layerAndUnit) {
    return report.target() == Target.LAYERS ? layerAndUnit.limit(1) : layerAndUnit;
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Decimals.of(value).toString() : "";
  }
}
