package org.bertology.core.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bertology.core.prune.Curve;
import org.bertology.core.prune.CurvePoint;
import org.bertology.core.prune.ModelSize;
import org.bertology.core.prune.Performance;

/**
 * The curves of a pruning as comma-separated values: one line per order and step, the whole model
 * as step 0. Empty where there is no number.
 */
public final class PruningCsv {
  private final PruningReport report;

  private PruningCsv(PruningReport report) {
    this.report = report;
  }

  /** The text, its header first. */
  public static String of(PruningReport report) {
    return new PruningCsv(report).text();
  }

  private String text() {
    List<String> lines = new ArrayList<>(List.of(header()));
    addLines(lines, report.criterion(), report.result().curve(), OptionalInt.of(chosen()));
    for (Curve curve : report.result().baselines()) {
      addLines(lines, curve.order(), curve, OptionalInt.empty());
    }
    return lines.stream().collect(Collectors.joining("\n", "", "\n"));
  }

  private int chosen() {
    return report.result().chosen();
  }

  private String header() {
    return Stream.of(
            Stream.of("order", "step", "removed", "left"),
            report.result().original().metrics().keySet().stream(),
            Stream.of("low", "high", "loss", "parameters", "flops", "bytes", "chosen"))
        .flatMap(names -> names)
        .collect(Collectors.joining(","));
  }

  private void addLines(List<String> lines, String order, Curve curve, OptionalInt chosen) {
    for (int step = 0; step < curve.points().size(); step++) {
      boolean own = chosen.isPresent();
      Optional<ModelSize> size = own ? report.sizes().get(step) : Optional.empty();
      boolean isChosen = own && chosen.getAsInt() == step;
      lines.add(line(order, step, curve.points().get(step), size, isChosen));
    }
  }

  private String line(
      String order, int step, CurvePoint point, Optional<ModelSize> size, boolean chosen) {
    int removed = PruningReport.removed(report.options(), point);
    int all = point.mask().units(report.options().target().mask()).size();
    return Stream.of(
            Stream.of(order, "" + step, "" + removed, "" + (all - removed)),
            performance(point.performance()),
            size.map(PruningCsv::size).orElseGet(() -> Stream.of("", "", "")),
            Stream.of(chosen ? "1" : ""))
        .flatMap(fields -> fields)
        .collect(Collectors.joining(","));
  }

  private static Stream<String> performance(Performance performance) {
    return Stream.concat(
        performance.metrics().values().stream().map(PruningCsv::number),
        Stream.of(
            performance.interval().map(ends -> number(ends.low())).orElse(""),
            performance.interval().map(ends -> number(ends.high())).orElse(""),
            number(performance.loss())));
  }

  private static Stream<String> size(ModelSize size) {
    return Stream.of(size.parameters(), size.flops(), size.bytes()).map(String::valueOf);
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Decimals.of(value).toString() : "";
  }
}
