package org.bertology.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bertology.core.ablation.AblationMode;
import org.bertology.core.ablation.UnitGroup;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.model.LayerTitles;
import org.bertology.core.model.Model;
import org.bertology.core.result.AblationReport;
import org.bertology.core.result.AblationRow;
import org.bertology.core.statistics.Correction;
import org.bertology.core.statistics.PairedDifference;
import org.bertology.core.task.TaskData;

/** An ablation as a person reads it: differences, ranking, the base's performance, files. */
final class AblationView {
  private static final int SHOWN_AT_EACH_END = 10;

  private final Console console;
  private final Verbosity verbosity;
  private final AblationReport report;
  private final LayerTitles layers;
  private final SummaryView summary;
  private final Target target;

  AblationView(
      Console console, Verbosity verbosity, AblationReport report, Model model, TaskData data) {
    this.console = console;
    this.verbosity = verbosity;
    this.report = report;
    this.layers = LayerTitles.of(model.config().layers());
    this.summary = new SummaryView(console, model, data);
    this.target = report.ablation().options().target();
  }

  void print(List<Path> files) {
    PrintWriter out = console.out();
    summary.printData(report.summary());
    printDifferences();
    out.println();
    printSignificance();
    out.println();
    printRows();
    out.println();
    summary.printPerformance(report.summary(), report.ablation().base());
    if (!files.isEmpty()) {
      String names =
          files.stream()
              .map(Path::getFileName)
              .map(Path::toString)
              .collect(Collectors.joining(", "));
      out.println();
      out.println("in %s: %s".formatted(files.get(0).toAbsolutePath().getParent(), names));
    }
  }

  /** The main measure's, as a table of layers by units. */
  void printDifferences() {
    LayerScores differences = report.matrix(row -> row.main().difference());
    LayerScores stars = report.matrix(row -> isSignificant(row.main()) ? 1 : 0);
    ScoreFormat format = ScoreFormat.of(differences.flat());
    console.out().println(title() + format.unit());
    console.out().println();
    ScoreTable table = new ScoreTable(differences, layers, format, console.terminal());
    console.out().print(table.marked(stars).text());
  }

  private String title() {
    String runs =
        switch (target) {
          case HEADS ->
              mode() == AblationMode.KEEP_ONE
                  ? "with a single head in a layer"
                  : "without each head";
          case NEURONS -> "without each group of neurons";
          case LAYERS -> "without each layer";
        };
    return "change of %s %s".formatted(report.main().key(), runs);
  }

  private AblationMode mode() {
    return report.ablation().options().mode();
  }

  private static boolean isSignificant(PairedDifference difference) {
    return difference.isSignificant(AblationReport.LEVEL);
  }

  /** How many of them are significant, and what that means. */
  void printSignificance() {
    long count = report.rows().stream().filter(row -> isSignificant(row.main())).count();
    Correction correction = report.comparison().correction();
    String corrected =
        correction == Correction.NONE ? "not corrected" : "corrected by " + correction.key();
    console
        .out()
        .println(
            row(
                "* significant: p, %s, at most %.2f; %d of %d",
                corrected, AblationReport.LEVEL, count, report.rows().size()));
  }

  /** The best of each layer where one is kept; otherwise all, the worst to be without first. */
  void printRows() {
    List<AblationRow> best = report.bestOfLayers();
    List<AblationRow> rows = best.isEmpty() ? report.worstFirst() : best;
    console.out().println(best.isEmpty() ? "changes, worst first" : "the best head of each layer");
    console.out().println();
    console.out().println(header());
    boolean all = verbosity == Verbosity.VERBOSE || !best.isEmpty();
    int hidden = all ? 0 : Math.max(0, rows.size() - 2 * SHOWN_AT_EACH_END);
    if (hidden == 0) {
      printLines(rows);
    } else {
      printLines(rows.subList(0, SHOWN_AT_EACH_END));
      console.out().println("  ...  (%d more; all of them with --verbose)".formatted(hidden));
      printLines(rows.subList(SHOWN_AT_EACH_END + hidden, rows.size()));
    }
  }

  private void printLines(List<AblationRow> rows) {
    rows.forEach(row -> console.out().println(line(row)));
  }

  private String header() {
    String unit =
        switch (target) {
          case HEADS -> "%8s".formatted("head");
          case NEURONS -> "%13s".formatted("neurons");
          case LAYERS -> "";
        };
    String ends = report.comparison().resamples() > 0 ? "   %-20s".formatted("95% interval") : "";
    return "%s%s  %10s%s  %8s  %8s"
        .formatted(layer("layer"), unit, report.main().key(), ends, "p", "loss");
  }

  /** A cell of the column of layers. */
  private String layer(String text) {
    return row("%" + layers.width() + "s", text);
  }

  private String line(AblationRow row) {
    UnitGroup group = row.group();
    String unit =
        switch (target) {
          case HEADS -> row("%8d", group.first() + 1);
          case NEURONS -> row("%13s", (group.first() + 1) + "-" + (group.last() + 1));
          case LAYERS -> "";
        };
    PairedDifference main = row.main();
    String ends =
        main.interval()
            .map(interval -> row("   %8s .. %-8s", change(interval.low()), change(interval.high())))
            .orElse("");
    return row(
        "%s%s  %10s%s  %8s  %8s%s",
        layer(layers.of(group.layer())),
        unit,
        change(main.difference()),
        ends,
        Double.isNaN(main.correctedPValue()) ? "-" : row("%.4f", main.correctedPValue()),
        change(row.loss().difference()),
        isSignificant(main) ? " *" : "");
  }

  private static String change(double difference) {
    return Double.isNaN(difference) ? "-" : row("%+.4f", difference);
  }

  private static String row(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
