package org.bertology.cli;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bertology.api.model.Mask;
import org.bertology.core.prune.Curve;
import org.bertology.core.prune.CurvePoint;
import org.bertology.core.result.MichelReport;
import org.bertology.core.task.TaskData;

/** A metric against the number of heads that have gone, one column per order: Figure 3. */
final class MichelCurvesView {
  private static final String RANDOM = "random-";

  private final Console console;
  private final MichelReport report;
  private final String metric;
  private final Curve importance;
  private final List<Curve> named;
  private final List<Curve> random;

  MichelCurvesView(Console console, MichelReport report) {
    this.console = console;
    this.report = report;
    this.metric = report.curves().options().metric().key();
    this.importance = report.result().curves().curve();
    List<Curve> others = report.result().curves().baselines();
    this.named = others.stream().filter(curve -> !isRandom(curve)).toList();
    this.random = others.stream().filter(MichelCurvesView::isRandom).toList();
  }

  private static boolean isRandom(Curve curve) {
    return curve.order().startsWith(RANDOM);
  }

  void print() {
    console.out().println("%s by order%s".formatted(metric, scoredOn()));
    console.out().println();
    console.out().println(header());
    for (int step = 0; step < importance.points().size(); step++) {
      console.out().println(row(step));
    }
  }

  private String scoredOn() {
    TaskData scored = report.data().importance();
    return scored == report.data().evaluation()
        ? ", heads scored on the same examples"
        : ", heads scored on %s".formatted(scored.file().getFileName());
  }

  private String header() {
    String orders =
        named.stream().map(curve -> format("  %13s", curve.order())).collect(Collectors.joining());
    String draws = random.isEmpty() ? "" : "random: mean (range)";
    return format("%10s  %10s%s  %s", "heads gone", importance.order(), orders, draws)
        .stripTrailing();
  }

  private String row(int step) {
    CurvePoint point = importance.points().get(step);
    int gone = point.mask().maskedCount(Mask.HEADS);
    int all = point.mask().units(Mask.HEADS).size();
    String orders =
        named.stream()
            .map(curve -> format("  %13.4f", value(curve, step)))
            .collect(Collectors.joining());
    return format(
            "%4d %4.0f%%  %10.4f%s  %s",
            gone, 100.0 * gone / all, value(importance, step), orders, ofRandom(step))
        .stripTrailing();
  }

  private String ofRandom(int step) {
    if (random.isEmpty()) {
      return "";
    }
    DoubleSummaryStatistics values =
        random.stream().mapToDouble(curve -> value(curve, step)).summaryStatistics();
    return format("%.4f (%.4f to %.4f)", values.getAverage(), values.getMin(), values.getMax());
  }

  private double value(Curve curve, int step) {
    return curve.points().get(step).performance().metric(metric);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
