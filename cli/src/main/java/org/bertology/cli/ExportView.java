package org.bertology.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.bertology.core.export.ExportReport;
import org.bertology.core.export.OutputDifference;
import org.bertology.core.model.Model;
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

  void print(Model model, Optional<TaskData> texts, Path out) {
    Path directory = model.checkpoint().directory().toAbsolutePath().normalize();
    line(
        "model",
        "%s (%d layers, %d heads)",
        directory.getFileName(),
        model.config().layers().size(),
        model.config().totalHeads());
    line("format", "%s", report.format().key());
    line("takes", "%s", String.join(", ", report.inputs()));
    line("gives", "%s", outputs());
    line(
        "checked",
        "by %s on %s",
        model.backend().version(),
        texts.isPresent()
            ? format("%,d examples of %s", report.examples(), texts.get().file().getFileName())
            : format("%,d made-up examples", report.examples()));
    if (verbosity == Verbosity.VERBOSE) {
      report.outputs().forEach(this::printDifference);
    }
    OutputDifference worst = report.worst();
    line(
        "difference",
        "at most %s of the largest entry, in %s",
        ComparisonView.fraction(worst.relative()),
        worst.output());
    if (report.holds()) {
      line("written", "%s, %,d bytes", out, report.bytes());
    }
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
