package org.bertology.core.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bertology.core.model.LayerTitles;
import org.bertology.core.statistics.Interval;
import org.bertology.core.statistics.PairedDifference;

/**
 * An ablation as comma-separated values: one line per run in the order of layers, layers and units
 * counted from 1. Empty where there is no number.
 */
public final class AblationCsv {
  private AblationCsv() {}

  /** The text, its header first. */
  public static String of(AblationReport report, LayerTitles layers) {
    List<String> lines = new ArrayList<>(List.of(header(report)));
    report.rows().forEach(row -> lines.add(line(row, layers)));
    return lines.stream().collect(Collectors.joining("\n", "", "\n"));
  }

  private static String header(AblationReport report) {
    AblationRow first = report.rows().get(0);
    return Stream.of(
            AblationNames.of(first.group()).keySet().stream(),
            first.metrics().keySet().stream(),
            Stream.of("loss", "correct"),
            columns("measure"),
            columns("loss"))
        .flatMap(names -> names)
        .collect(Collectors.joining(","));
  }

  private static Stream<String> columns(String measure) {
    return Stream.of("Difference", "Low", "High", "P", "CorrectedP").map(measure::concat);
  }

  private static String line(AblationRow row, LayerTitles layers) {
    String correct = row.correct().isPresent() ? "" + row.correct().getAsInt() : "";
    return Stream.of(
            Stream.of(layers.of(row.group().layer())),
            AblationNames.of(row.group()).values().stream().skip(1).map(String::valueOf),
            row.metrics().values().stream().map(AblationCsv::number),
            Stream.of(number(row.loss().value()), correct),
            fields(row.main()),
            fields(row.loss()))
        .flatMap(fields -> fields)
        .collect(Collectors.joining(","));
  }

  private static Stream<String> fields(PairedDifference difference) {
    Optional<Interval> ends = difference.interval();
    return Stream.of(
        number(difference.difference()),
        ends.map(interval -> number(interval.low())).orElse(""),
        ends.map(interval -> number(interval.high())).orElse(""),
        number(difference.pValue()),
        number(difference.correctedPValue()));
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Decimals.of(value).toString() : "";
  }
}
