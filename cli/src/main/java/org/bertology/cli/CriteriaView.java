package org.bertology.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.model.LayerTitles;
import org.bertology.core.result.CriteriaReport;
import org.bertology.core.scoring.RankingAgreement;
import org.bertology.core.scoring.Scoring;
import org.bertology.core.scoring.ShapleyScorer;

/** Several criteria as a person reads them: what each puts first, and how much they agree. */
final class CriteriaView {
  private static final String GAP = "  ";
  private static final int CELL = 6;

  private final Console console;
  private final CriteriaReport report;
  private final LayerTitles layers;
  private final SummaryView summary;

  CriteriaView(Console console, CriteriaReport report, LayerTitles layers, SummaryView summary) {
    this.console = console;
    this.report = report;
    this.layers = layers;
    this.summary = summary;
  }

  void print(Predictions predictions, List<Path> files) {
    PrintWriter out = console.out();
    summary.printData(report.summary());
    out.println(title());
    out.println();
    out.print(firsts());
    printMatrix("Spearman's correlation", RankingAgreement::spearman, "%6.2f");
    printMatrix("Kendall's correlation (tau-b)", RankingAgreement::kendall, "%6.2f");
    printMatrix(
        "shared among the first %d".formatted(report.top()), RankingAgreement::shared, "%6.0f");
    out.println();
    summary.printPerformance(report.summary(), predictions);
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

  private Target target() {
    return report.options().target();
  }

  private String title() {
    boolean shapley =
        report.scorings().stream().anyMatch(scoring -> scoring.key().equals(ShapleyScorer.KEY));
    long orders = (long) report.options().permutations() * report.summary().examples();
    return "the first %d %s by %d criteria%s%s%s"
        .formatted(
            report.top(),
            target().key(),
            report.scorings().size(),
            target() == Target.LAYERS ? "" : ", as layer:" + target().unit() + " and score",
            switch (report.options().normalization()) {
              case NONE -> "";
              case LAYER -> ", normalised by layer";
              case LAYER_GLOBAL -> ", normalised by layer, then over all";
            },
            shapley ? String.format(Locale.ROOT, "; shapley from %,d orders", orders) : "");
  }

  /** A column for each criterion; columns that do not fit the terminal go into tables below. */
  private String firsts() {
    List<List<String>> columns = report.scorings().stream().map(this::column).toList();
    StringBuilder text = new StringBuilder();
    int start = 0;
    while (start < columns.size()) {
      int end = start;
      int width = 4;
      while (end < columns.size()
          && (end == start
              || width + GAP.length() + width(columns.get(end))
                  <= console.terminal().outputColumns())) {
        width += GAP.length() + width(columns.get(end));
        end++;
      }
      text.append(start == 0 ? "" : "\n");
      appendTable(text, columns.subList(start, end));
      start = end;
    }
    return text.toString();
  }

  private static int width(List<String> column) {
    return column.stream().mapToInt(String::length).max().orElse(0);
  }

  private List<String> column(Scoring scoring) {
    ScoreFormat format = ScoreFormat.of(scoring.scores().flat());
    List<String> cells = new ArrayList<>();
    cells.add(scoring.key() + (format.exponent() == 0 ? "" : " /1e" + format.exponent()));
    for (LayerScores.Unit unit : report.ranking(scoring).subList(0, report.top())) {
      cells.add("%s  %s".formatted(name(unit), format.of(unit.score())));
    }
    return cells;
  }

  private String name(LayerScores.Unit unit) {
    return target() == Target.LAYERS
        ? layers.of(unit.layer())
        : "%s:%d".formatted(layers.of(unit.layer()), unit.index() + 1);
  }

  private static void appendTable(StringBuilder text, List<List<String>> columns) {
    for (int line = 0; line < columns.get(0).size(); line++) {
      text.append("%4s".formatted(line == 0 ? "rank" : line));
      for (List<String> column : columns) {
        text.append(GAP).append(("%" + width(column) + "s").formatted(column.get(line)));
      }
      text.append('\n');
    }
  }

  private void printMatrix(String title, ToDoubleFunction<RankingAgreement> value, String format) {
    List<String> keys = report.agreement().keys();
    int width = keys.stream().mapToInt(String::length).max().orElse(0);
    StringBuilder header = new StringBuilder(" ".repeat(width + CELL - 2));
    for (int i = 1; i <= keys.size(); i++) {
      header.append(("%" + CELL + "d").formatted(i));
    }
    console.out().println();
    console.out().println(title);
    console.out().println(header);
    for (int i = 0; i < keys.size(); i++) {
      StringBuilder line =
          new StringBuilder(("%3d %-" + width + "s").formatted(i + 1, keys.get(i)));
      for (RankingAgreement pair : report.agreement().pairs().get(i)) {
        double number = value.applyAsDouble(pair);
        line.append(Double.isNaN(number) ? "     -" : String.format(Locale.ROOT, format, number));
      }
      console.out().println(line);
    }
  }
}
