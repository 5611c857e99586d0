package org.bertology.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bertology.core.experiment.Transfer;
import org.bertology.core.model.Model;
import org.bertology.core.prune.Performance;
import org.bertology.core.result.AblationReport;
import org.bertology.core.result.MichelReport;
import org.bertology.core.statistics.Histogram;
import org.bertology.core.statistics.Interval;

/** A study as a reader of Michel et al. (2019) knows it: its figures and tables in their order. */
final class MichelView {
  private static final int MOST_CELLS = 40;

  private final Console console;
  private final PrintWriter out;
  private final MichelReport report;
  private final Model model;

  MichelView(Console console, MichelReport report, Model model) {
    this.console = console;
    this.out = console.out();
    this.report = report;
    this.model = model;
  }

  void print(List<Path> files) {
    new SummaryView(console, model, report.data().evaluation())
        .printData(report.leaveOneOut().summary());
    printBase();
    printLeaveOneOut();
    printKeepOne();
    if (!report.transfer().isEmpty()) {
      printTransfer();
    }
    title("fewer and fewer heads (section 4)");
    new MichelCurvesView(console, report).print();
    report
        .speed()
        .ifPresent(
            speed -> {
              title("speed without half of the heads (section 4.3)");
              new BenchmarkView(console, speed).print();
            });
    if (!files.isEmpty()) {
      printFiles(files);
    }
  }

  private void title(String text) {
    out.println();
    out.println("== " + text);
    out.println();
  }

  private void printBase() {
    Performance base = report.result().curves().original();
    String metric = report.curves().options().metric().key();
    line(
        "all heads: %s %.4f%s, loss %.4f",
        metric, base.metric(metric), interval(base.interval(), "%.4f"), base.loss());
  }

  private static String interval(Optional<Interval> interval, String number) {
    return interval
        .map(
            ends ->
                format(
                    " (95%% interval " + number + " .. " + number + ")", ends.low(), ends.high()))
        .orElse("");
  }

  private void printLeaveOneOut() {
    title("one head less (section 3.2)");
    AblationView view = ablation(report.leaveOneOut());
    view.printDifferences();
    out.println();
    printHistogram(report.histogram());
    out.println();
    view.printSignificance();
  }

  private AblationView ablation(AblationReport ablation) {
    return new AblationView(console, Verbosity.NORMAL, ablation, model, report.data().evaluation());
  }

  private void printHistogram(Histogram histogram) {
    int most = histogram.counts().stream().mapToInt(Integer::intValue).max().orElse(0);
    double scale = Math.min(1, (double) MOST_CELLS / Math.max(1, most));
    for (int bin = 0; bin < histogram.counts().size(); bin++) {
      int count = histogram.counts().get(bin);
      String bar = "#".repeat((int) Math.ceil(count * scale));
      String line =
          format(
              "%+.4f .. %+.4f  %4d  %s", histogram.edge(bin), histogram.edge(bin + 1), count, bar);
      out.println(line.stripTrailing());
    }
  }

  private void printKeepOne() {
    title("a single head in a layer (section 3.3)");
    AblationView view = ablation(report.keepOne());
    view.printRows();
    out.println();
    view.printSignificance();
  }

  private void printTransfer() {
    title("the same heads on other data (section 3.4)");
    line(
        "Pearson's r over %d heads without each, %s and %s",
        report.leaveOneOut().rows().size(),
        report.data().evaluation().file().getFileName(),
        report.data().other().orElseThrow().file().getFileName());
    for (Transfer transfer : report.transfer()) {
      String r = Double.isFinite(transfer.pearson()) ? format("%.2f", transfer.pearson()) : "-";
      line("%-10s  %s%s", transfer.measure().key(), r, interval(transfer.interval(), "%.2f"));
    }
  }

  private void printFiles(List<Path> files) {
    String names =
        files.stream().map(file -> "" + file.getFileName()).collect(Collectors.joining(", "));
    out.println();
    out.println("in %s: %s".formatted(files.get(0).toAbsolutePath().getParent(), names));
  }

  private void line(String format, Object... values) {
    out.println(format(format, values));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
