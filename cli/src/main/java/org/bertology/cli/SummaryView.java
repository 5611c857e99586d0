package org.bertology.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.importance.Target;
import org.bertology.core.model.LayerTitles;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.result.Summary;
import org.bertology.core.task.TaskData;

/** What was run on what, and how well the model did. */
final class SummaryView {
  private static final int WIDTH = 10;

  private final Console console;
  private final Model model;
  private final TaskData data;

  SummaryView(Console console, Model model, TaskData data) {
    this.console = console;
    this.model = model;
    this.data = data;
  }

  /** Model, data, counts, labels, and what is masked. */
  void printData(Summary summary) {
    line("model", "%s (%s)", name(model.checkpoint().source()), geometry(model.config()));
    line("data", "%s: %s", data.file().getFileName(), counts(summary));
    line("labels", "%s", data.haveLabels() ? data.labelMatching() : "none in the file");
    summary.mask().ifPresent(mask -> line("masked", "%s", masked(mask)));
    line(
        "engine",
        "%s (%s) on %s",
        model.backend().name(),
        model.backend().version(),
        model.backend().config().device());
    console.out().println();
  }

  /** The name of a directory without those above it. */
  static String name(Path directory) {
    return String.valueOf(directory.toAbsolutePath().normalize().getFileName());
  }

  static String geometry(TransformerConfig config) {
    return String.format(
        Locale.ROOT, "%s, %d heads", LayerTitles.of(config.layers()).count(), config.totalHeads());
  }

  private String counts(Summary summary) {
    return String.format(
        Locale.ROOT,
        "%,d examples, %,d tokens, %s",
        summary.examples(),
        summary.tokens(),
        summary.truncated() == 0
            ? "none longer than %d tokens".formatted(data.maxLength())
            : "%,d cut off at %d tokens".formatted(summary.truncated(), data.maxLength()));
  }

  static String masked(ModelMask mask) {
    return Arrays.stream(Target.values())
        .filter(target -> mask.kinds().contains(target.mask()))
        .map(target -> masked(mask, target))
        .collect(Collectors.joining(", "));
  }

  private static String masked(ModelMask mask, Target target) {
    int all = mask.units(target.mask()).size();
    return String.format(
        Locale.ROOT, "%,d of %,d %s", mask.maskedCount(target.mask()), all, target.key());
  }

  /** Metrics and loss, where there are labels. */
  void printPerformance(Summary summary, Predictions predictions) {
    if (!data.haveLabels()) {
      console.out().println("no labels, so no metrics and no loss");
      return;
    }
    Map<String, String> values = new LinkedHashMap<>();
    summary.metrics().forEach((name, value) -> values.put(name, decimals(value)));
    values.put("loss", decimals(summary.loss()));
    predictions
        .tally()
        .ifPresent(tally -> values.put("correct", tally.right() + " of " + tally.all()));
    int longest = values.keySet().stream().mapToInt(String::length).max().orElse(0);
    values.forEach((name, value) -> line(Math.max(WIDTH, longest), name, value));
  }

  private static String decimals(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private void line(String name, String format, Object... values) {
    line(WIDTH, name, String.format(Locale.ROOT, format, values));
  }

  private void line(int width, String name, String text) {
    console.out().println(name + " ".repeat(width - name.length()) + "  " + text);
  }
}
