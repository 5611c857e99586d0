package org.bertology.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.bertology.core.export.ExportReport;
import org.bertology.core.export.OutputDifference;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.task.TaskData;

/** What became of an export as a person reads it. */
final class ExportView {
  private final Console console;
  private final Verbosity verbosity;
  private final ExportReport report;

  ExportView(Console console, Verbosity verbosity, ExportReport report) {
    this.console = console;
    this.verbosity = verbosity;
    this.report = report;
  }

  void print(Model model, Optional<ModelMask> mask, Optional<TaskData> texts, Path out) {
    line(
        "model",
        "%s (%s)",
        SummaryView.name(model.checkpoint().source()),
        SummaryView.geometry(model.config()));
    mask.ifPresent(cut -> line("cut out", "%s", SummaryView.masked(cut)));
    line("format", "%s", report.format().key());
    if (!report.inputs().isEmpty()) {
      line("takes", "%s", String.join(", ", report.inputs()));
      line("gives", "%s", outputs());
    }
    line("checked", "by %s on %s", model.backend().version(), examples(texts));
    printDifferences();
    if (report.holds()) {
      line("written", "%s, %,d bytes", out, report.bytes());
    }
  }

  private String examples(Optional<TaskData> texts) {
    return texts
        .map(data -> format("%,d examples of %s", report.examples(), data.file().getFileName()))
        .orElseGet(() -> format("%,d made-up examples", report.examples()));
  }

  private void printDifferences() {
    report
        .proof()
        .ifPresent(
            proof ->
                line(
                    report.outputs().isEmpty() ? "difference" : "proof",
                    "%s of the largest logit between the model %s",
                    ComparisonView.fraction(proof.relative()),
                    report.outputs().isEmpty() ? "and what was written" : "masked and cut"));
    if (verbosity == Verbosity.VERBOSE) {
      report.outputs().forEach(this::printDifference);
    }
    report
        .worst()
        .ifPresent(
            worst ->
                line(
                    "difference",
                    "at most %s of the largest entry, in %s",
                    ComparisonView.fraction(worst.relative()),
                    worst.output()));
  }

  /** One sentence on an export that was not kept. */
  static String failure(ExportReport report) {
    Optional<String> byProof =
        report
            .proof()
            .filter(proof -> !proof.holds())
            .map(
                proof ->
                    "the exported model differs from the given one by %s of the largest logit"
                        .formatted(ComparisonView.fraction(proof.relative())));
    Optional<String> byOutput =
        report
            .worst()
            .map(
                worst ->
                    "the file's '%s' differs from the model's by %s of the largest entry"
                        .formatted(worst.output(), ComparisonView.fraction(worst.relative())));
    return "%s, more than the tolerance %s; nothing was written"
        .formatted(
            byProof.or(() -> byOutput).orElse("the file differs from the model"),
            ComparisonView.fraction(report.tolerance()));
  }

  private String outputs() {
    int count = report.outputs().size();
    String first = report.outputs().get(0).output();
    return verbosity == Verbosity.VERBOSE || count == 1
        ? String.join(", ", report.outputs().stream().map(OutputDifference::output).toList())
        : "%s and %d more, up to %s"
            .formatted(first, count - 1, report.outputs().get(count - 1).output());
  }

  private void printDifference(OutputDifference difference) {
    line("", "%-20s %s", difference.output(), ComparisonView.fraction(difference.relative()));
  }

  private void line(String title, String format, Object... values) {
    console.out().println(format("%-10s  %s", title, format(format, values)));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
