package org.bertology.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bertology.core.importance.Target;
import org.bertology.core.model.MaskText;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.prune.Curve;
import org.bertology.core.prune.CurvePoint;
import org.bertology.core.prune.DataRole;
import org.bertology.core.prune.ModelSize;
import org.bertology.core.prune.Performance;
import org.bertology.core.prune.PruningOptions;
import org.bertology.core.prune.Schedule;
import org.bertology.core.prune.Threshold;
import org.bertology.core.result.PruningFiles;
import org.bertology.core.result.PruningReport;
import org.bertology.core.result.Summary;
import org.bertology.core.task.TaskData;

/** A pruning as a person reads it: the curve, what was chosen and why, the proof. */
final class PruneView {
  /** Longer lists of units are in the files alone. */
  private static final int LISTED = 400;

  private final Console console;
  private final PruningReport report;
  private final PruningOptions options;
  private final Model model;
  private final int all;

  PruneView(Console console, PruningReport report, Model model) {
    this.console = console;
    this.report = report;
    this.options = report.options();
    this.model = model;
    this.all = report.mask().units(options.target().mask()).size();
  }

  void print() {
    printData();
    console.out().println(title());
    console.out().println();
    printCurve();
    console.out().println();
    printAreas();
    printChosen();
    printSizes();
    report.test().ifPresent(this::printTest);
    report
        .proof()
        .ifPresent(
            proof ->
                new ProofView(console, proof)
                    .print(
                        Path.of(PruningFiles.MODEL),
                        report.mask().cut(),
                        report.data().decisions().ids()));
  }

  private void printData() {
    TaskData data = report.data().importance();
    Summary summary =
        new Summary(
            Map.of(),
            Double.NaN,
            data.encoded().size(),
            data.encoded().tokens(),
            data.encoded().truncated(),
            Optional.empty());
    new SummaryView(console, model, data).printData(summary);
    for (Map.Entry<DataRole, TaskData> role : report.data().byRole().entrySet()) {
      line(
          role.getKey().key(),
          "%s, %,d examples",
          role.getValue().file().getFileName(),
          role.getValue().encoded().size());
    }
    for (List<DataRole> roles : report.data().shared()) {
      line(
          "note",
          "%s use the same file; %s",
          roles.stream().map(DataRole::key).collect(Collectors.joining(" and ")),
          roles.contains(DataRole.TEST)
              ? "the test is of data that was decided on"
              : "metrics may be better than on new data");
    }
    console.out().println();
  }

  private String title() {
    if (options.schedule() instanceof Schedule.Given) {
      return "taking away what the mask says";
    }
    return "pruning %s by %s%s, %s"
        .formatted(
            options.target().key(),
            report.criterion(),
            options.objective().inTitle(),
            switch (options.normalization()) {
              case NONE -> "not normalised";
              case LAYER -> "normalised by layer";
              case LAYER_GLOBAL -> "normalised by layer, then over all";
            });
  }

  private void printCurve() {
    String metric = options.metric().key();
    int width = Math.max(8, metric.length());
    console
        .out()
        .println(
            format(
                "  step  %12s  %" + width + "s  %16s  %8s  %14s  %16s",
                options.target().key() + " left",
                metric,
                "95% interval",
                "loss",
                "parameters",
                "FLOPs"));
    List<CurvePoint> points = report.result().curve().points();
    for (int step = 0; step < points.size(); step++) {
      console.out().println(row(step, points.get(step), width));
    }
  }

  private String row(int step, CurvePoint point, int width) {
    Performance performance = point.performance();
    Optional<ModelSize> size = report.sizes().get(step);
    return format(
        "%s %4d  %,12d  %" + width + "s  %16s  %8s  %14s  %16s",
        step == report.result().chosen() ? ">" : " ",
        step,
        all - PruningReport.removed(options, point),
        number(performance.metric(options.metric().key())),
        performance
            .interval()
            .map(ends -> number(ends.low()) + " .. " + number(ends.high()))
            .orElse(""),
        number(performance.loss()),
        size.map(s -> format("%,d", s.parameters())).orElse("-"),
        size.map(s -> format("%,d", s.flops())).orElse("-"));
  }

  private void printAreas() {
    if (report.result().baselines().isEmpty()) {
      return;
    }
    List<String> areas = new ArrayList<>(List.of(area(report.result().curve())));
    double[] random =
        report.result().baselines().stream()
            .filter(curve -> curve.order().startsWith("random-"))
            .mapToDouble(curve -> curve.area(options.metric().key(), options.target().mask()))
            .sorted()
            .toArray();
    report.result().baselines().stream()
        .filter(curve -> !curve.order().startsWith("random-"))
        .map(this::area)
        .forEach(areas::add);
    if (random.length > 0) {
      areas.add(
          "random %s to %s (%d draws)"
              .formatted(number(random[0]), number(random[random.length - 1]), random.length));
    }
    line("area", "mean %s on the way: %s", options.metric().key(), String.join(", ", areas));
  }

  private String area(Curve curve) {
    return "%s %s"
        .formatted(
            curve.order(), number(curve.area(options.metric().key(), options.target().mask())));
  }

  private void printChosen() {
    line("chosen", "step %d, %s", report.result().chosen(), reason());
    ModelMask mask = report.mask();
    for (Target target : Target.values()) {
      int gone = mask.maskedCount(target.mask());
      if (gone > 0) {
        String text = MaskText.of(target.mask(), mask);
        String where =
            text.length() <= LISTED
                ? ": " + text
                : "; which, says %s_mask.npy".formatted(target.unit());
        line(
            report.dryRun() ? "would go" : "gone",
            "%,d of %,d %s%s",
            gone,
            mask.units(target.mask()).size(),
            target.key(),
            where);
      }
    }
  }

  private String reason() {
    return switch (report.result().reason()) {
      case LAST_AMOUNT -> "the last amount that was asked for";
      case KEEPS_THRESHOLD ->
          "the last step up to which %s is at %s %s"
              .formatted(options.metric().key(), higher() ? "least" : "most", bound());
      case NOTHING_KEEPS_THRESHOLD ->
          "the whole model: the first step takes %s %s %s; nothing is cut"
              .formatted(options.metric().key(), higher() ? "below" : "above", bound());
      case MEETS_BUDGET -> "as little as meets the budget, %s".formatted(budget());
      case GIVEN -> "as given";
    };
  }

  private boolean higher() {
    return options.metric().isHigherBetter();
  }

  private String bound() {
    double bound = report.result().bound().orElseThrow();
    double original = report.result().original().metric(options.metric().key());
    return Threshold.isDistance(original)
        ? "%s (a distance, since the whole model has %s)".formatted(number(bound), number(original))
        : number(bound);
  }

  private String budget() {
    double bound = report.result().bound().orElseThrow();
    Schedule.ToBudget schedule = (Schedule.ToBudget) options.schedule();
    return switch (schedule.budget().quantity()) {
      case LATENCY -> format("at most %.3f ms", bound * 1e3);
      case PARAMETERS, FLOPS, BYTES ->
          format("at most %,.0f %s", bound, schedule.budget().quantity().key());
    };
  }

  private void printSizes() {
    ModelSize before = report.originalSize();
    ModelSize after = report.prunedSize();
    change("parameters", before.parameters(), after.parameters());
    change("FLOPs", before.flops(), after.flops());
    change("bytes", before.bytes(), after.bytes());
  }

  private void change(String what, long before, long after) {
    line(what, "%,d -> %,d (%.1f%%)", before, after, 100.0 * after / before);
  }

  private void printTest(PruningReport.OnTest test) {
    line(
        "test",
        "%s %s -> %s%s",
        options.metric().key(),
        number(test.original().metric(options.metric().key())),
        number(test.pruned().metric(options.metric().key())),
        test.pruned()
            .interval()
            .map(
                ends ->
                    " (95%% interval %s .. %s)".formatted(number(ends.low()), number(ends.high())))
            .orElse(""));
  }

  void printFiles(Path directory, List<String> files) {
    console.out().println();
    console
        .out()
        .println("in %s: %s".formatted(directory.toAbsolutePath(), String.join(", ", files)));
  }

  private static String number(double value) {
    return Double.isFinite(value) ? format("%.4f", value) : "-";
  }

  private void line(String name, String format, Object... values) {
    console.out().println(format("%-10s  %s", name, format(format, values)));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
