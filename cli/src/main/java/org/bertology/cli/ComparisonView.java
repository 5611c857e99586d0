package org.bertology.cli;

import java.util.Locale;
import java.util.OptionalLong;
import org.bertology.core.compare.Comparison;
import org.bertology.core.compare.Difference;
import org.bertology.core.compare.EngineDifferences;
import org.bertology.core.compare.EngineOutcome;
import org.bertology.core.compare.Speed;
import org.bertology.core.compare.ValueKind;
import org.bertology.core.model.LayerTitles;
import org.bertology.core.model.Model;
import org.bertology.core.scoring.RankingAgreement;
import org.bertology.core.task.TaskData;

/** A comparison of engines as a person reads it. */
final class ComparisonView {
  private static final int MEBIBYTE = 1 << 20;
  private static final String ROW = "%-36s  %9s  %10s  %s";

  private final Console console;
  private final Verbosity verbosity;
  private final Comparison comparison;
  private final Model model;
  private final LayerTitles layers;

  ComparisonView(Console console, Verbosity verbosity, Comparison comparison, Model model) {
    this.console = console;
    this.verbosity = verbosity;
    this.comparison = comparison;
    this.model = model;
    this.layers = LayerTitles.of(model.config().layers());
  }

  void print(TaskData data) {
    line("model       %s", model.checkpoint().source().toAbsolutePath().normalize().getFileName());
    line(
        "data        %s: %,d examples, %,d tokens",
        data.file().getFileName(), data.encoded().size(), data.encoded().tokens());
    for (EngineOutcome engine : comparison.engines()) {
      line("%-10s  %s", engine.label(), identity(engine));
    }
    int examples = Math.min(comparison.settings().hookExamples(), data.encoded().size());
    for (EngineDifferences engine : comparison.differences()) {
      printDifferences(engine, examples);
    }
    printSpeeds(data.encoded().size());
    comparison.worst().ifPresent(this::printVerdict);
  }

  private static String identity(EngineOutcome engine) {
    return engine
        .measured()
        .map(values -> "%s on %s".formatted(values.version(), values.device()))
        .orElseGet(() -> "not compared: " + engine.failure().orElse(""));
  }

  private void printDifferences(EngineDifferences engine, int examples) {
    line("");
    line(
        "%s against %s, the largest differences on the first %d examples",
        engine.engine(), comparison.reference(), examples);
    line("");
    line(ROW, "", "absolute", "of largest", "at");
    if (verbosity == Verbosity.VERBOSE) {
      engine.values().forEach(value -> row(value.name(), value));
    } else {
      engine.worstByKind().forEach((ValueKind kind, Difference value) -> row(kind.title(), value));
    }
    row("importance, all examples", engine.importance());
    line("");
    line("%s", agreement(engine.ranking()));
  }

  private void row(String title, Difference difference) {
    line(
        ROW,
        title,
        fraction(difference.absolute()),
        fraction(difference.relative()),
        difference.absolute() == 0 ? "-" : place(difference, layers));
  }

  /**
   * A hook by its name, in which layers count from 0, and the head and its layer, counted from 1.
   */
  static String place(Difference difference, LayerTitles layers) {
    return difference
        .head()
        .map(
            head ->
                "%s (layer %s, head %d)"
                    .formatted(difference.name(), layers.of(head.layer()), head.index() + 1))
        .orElse(difference.name());
  }

  static String fraction(double value) {
    return String.format(Locale.ROOT, "%.2e", value);
  }

  private static String agreement(RankingAgreement ranking) {
    return String.format(
        Locale.ROOT,
        "rankings of heads: Spearman %.6f, Kendall %.6f, %d of the first %d the same",
        ranking.spearman(),
        ranking.kendall(),
        ranking.shared(),
        ranking.top());
  }

  private void printSpeeds(int examples) {
    line("");
    line(
        "importance of %,d examples, %d runs of each in turn",
        examples, comparison.settings().repetitions());
    line("");
    line(
        "%-10s  %10s  %9s  %9s  %8s  %11s",
        "engine", "examples/s", "slowest", "fastest", "start", "peak memory");
    for (EngineOutcome engine : comparison.engines()) {
      engine.measured().ifPresent(values -> printSpeed(engine.label(), values.speed()));
    }
  }

  private void printSpeed(String engine, Speed speed) {
    line(
        "%-10s  %10.1f  %9.1f  %9.1f  %6.2f s  %11s",
        engine,
        speed.median(),
        speed.least(),
        speed.most(),
        speed.processSeconds(),
        memory(speed.peakBytes()));
  }

  private static String memory(OptionalLong bytes) {
    return bytes.isPresent()
        ? String.format(Locale.ROOT, "%,d MiB", bytes.getAsLong() / MEBIBYTE)
        : "-";
  }

  private void printVerdict(EngineDifferences worst) {
    line("");
    line(
        "the largest difference is %s of the largest entry, %s the tolerance of %s",
        fraction(worst.worst().relative()),
        comparison.isWithinTolerance() ? "within" : "above",
        fraction(comparison.settings().tolerance()));
  }

  private void line(String format, Object... values) {
    console.out().println(String.format(Locale.ROOT, format, values));
  }
}
