package org.bertology.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.model.LayerTitles;
import org.bertology.core.model.Model;
import org.bertology.core.result.ImportanceReport;
import org.bertology.core.task.TaskData;

/** Importance as a person reads it: scores, ranking, the model's performance, where files are. */
final class ImportanceView {
  private static final int SHOWN_AT_EACH_END = 10;

  private final Console console;
  private final Verbosity verbosity;
  private final ImportanceReport report;
  private final LayerTitles layers;
  private final SummaryView summary;
  private final ScoreFormat format;

  ImportanceView(
      Console console, Verbosity verbosity, ImportanceReport report, Model model, TaskData data) {
    this.console = console;
    this.verbosity = verbosity;
    this.report = report;
    this.layers = LayerTitles.of(model.config().layers());
    this.summary = new SummaryView(console, model, data);
    this.format = ScoreFormat.of(report.scores().flat());
  }

  void print(List<Path> files) {
    PrintWriter out = console.out();
    summary.printData(report.summary());
    out.println(title());
    out.println();
    out.print(scores());
    report
        .importance()
        .entropy()
        .ifPresent(entropy -> printTable("attention entropy, in nats", entropy));
    report
        .importance()
        .confidence()
        .ifPresent(
            confidence -> printTable("attention confidence, the mean largest weight", confidence));
    out.println();
    printRanking();
    out.println();
    summary.printPerformance(report.summary(), report.importance().predictions());
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

  private String title() {
    return "importance of %s by %s%s, %s%s"
        .formatted(
            report.target().key(),
            report.criterion().key(),
            report.importance().options().objective().inTitle(),
            switch (report.normalization()) {
              case NONE -> "not normalised";
              case LAYER -> "normalised by layer";
              case LAYER_GLOBAL -> "normalised by layer, then over all";
            },
            format.unit());
  }

  private String scores() {
    return switch (report.target()) {
      case HEADS -> new ScoreTable(report.scores(), layers, format, console.terminal()).text();
      case NEURONS -> layerSummaries();
      case LAYERS -> layerScores();
    };
  }

  private String layerScores() {
    StringBuilder text = new StringBuilder(layer("layer") + "       score\n");
    for (int layer = 0; layer < report.scores().layers(); layer++) {
      if (report.scores().width(layer) > 0) {
        text.append(
            row("%s  %10s%n", layer(layers.of(layer)), format.of(report.scores().get(layer, 0))));
      }
    }
    return text.toString();
  }

  /** A cell of the column of layers. */
  private String layer(String text) {
    return row("%" + layers.width() + "s", text);
  }

  private String layerSummaries() {
    StringBuilder text =
        new StringBuilder(layer("layer") + "  neurons        mean      median     largest\n");
    for (int layer = 0; layer < report.scores().layers(); layer++) {
      double[] sorted = report.scores().layer(layer);
      if (layers.haveStacks() && sorted.length == 0) {
        continue;
      }
      Arrays.sort(sorted);
      double mean = Arrays.stream(sorted).average().orElse(Double.NaN);
      double median = sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
      double largest = sorted.length == 0 ? Double.NaN : sorted[sorted.length - 1];
      text.append(
          row(
              "%s  %7d  %10s  %10s  %10s%n",
              layer(layers.of(layer)),
              sorted.length,
              format.of(mean),
              format.of(median),
              format.of(largest)));
    }
    return text.toString();
  }

  private void printTable(String title, LayerScores scores) {
    ScoreFormat own = ScoreFormat.of(scores.flat());
    console.out().println();
    console.out().println(title + own.unit());
    console.out().println();
    console.out().print(new ScoreTable(scores, layers, own, console.terminal()).text());
  }

  private void printRanking() {
    List<LayerScores.Unit> ranking = report.ranking();
    boolean all = verbosity == Verbosity.VERBOSE || ranking.size() <= 2 * SHOWN_AT_EACH_END;
    String unit = report.target() == Target.LAYERS ? "" : "%8s".formatted(report.target().unit());
    String ends = report.intervals().isPresent() ? "   95% interval" : "";
    console
        .out()
        .println("%5s  %s%s  %10s%s".formatted("rank", layer("layer"), unit, "score", ends));
    for (int place = 0; place < ranking.size(); place++) {
      boolean shown =
          all || place < SHOWN_AT_EACH_END || place >= ranking.size() - SHOWN_AT_EACH_END;
      if (shown) {
        console.out().print(rankingRow(place + 1, ranking.get(place)));
      } else if (place == SHOWN_AT_EACH_END) {
        int hidden = ranking.size() - 2 * SHOWN_AT_EACH_END;
        console.out().println("  ...  (%d more; all of them with --verbose)".formatted(hidden));
      }
    }
  }

  private String rankingRow(int rank, LayerScores.Unit unit) {
    String index = report.target() == Target.LAYERS ? "" : "%8d".formatted(unit.index() + 1);
    String ends =
        report
            .intervals()
            .map(
                interval ->
                    "   %s .. %s"
                        .formatted(
                            ranked(interval.low(unit.flatIndex())),
                            ranked(interval.high(unit.flatIndex()))))
            .orElse("");
    String layer = layer(layers.of(unit.layer()));
    return row("%5d  %s%s  %10s%s%n", rank, layer, index, ranked(unit.score()), ends);
  }

  /** The least of thousands of neurons would all be 0.0000 in the format of the largest. */
  private String ranked(double score) {
    return report.target() == Target.NEURONS ? ScoreFormat.scientific(score) : format.of(score);
  }

  private static String row(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
