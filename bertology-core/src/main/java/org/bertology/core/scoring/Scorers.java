package org.bertology.core.scoring;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bertology.api.graph.NearMisses;
import org.bertology.core.importance.Criterion;
import org.bertology.core.journal.StepLog;
import org.bertology.core.metric.Metric;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedData;
import org.bertology.core.statistics.Measure;

/**
 * All scorers by key.
 *
 * @param model whose units are scored
 * @param data examples, labelled
 * @param metric that {@code leave-one-out-metric} looks at
 * @param options of all of them
 * @param log of a computation with one mask, of which scorings are steps
 */
public record Scorers(
    Model model, EncodedData data, Metric metric, ScorerOptions options, StepLog log) {

  /** The keys of all scorers, those by gradients first. */
  public static List<String> keys() {
    return Stream.concat(
            Arrays.stream(Criterion.values()).map(Criterion::key),
            Stream.of(
                LeaveOneOutScorer.KEY,
                LeaveOneOutScorer.METRIC_KEY,
                ShapleyScorer.KEY,
                MagnitudeScorer.KEY,
                RandomScorer.KEY))
        .toList();
  }

  /**
   * Checks a key.
   *
   * @throws IllegalArgumentException if there is no such scorer; it names those that resemble it
   */
  public static String requireKnown(String key) {
    if (!keys().contains(key)) {
      throw new IllegalArgumentException(
          "no criterion is named '%s'%s".formatted(key, NearMisses.hint(key, keys())));
    }
    return key;
  }

  /** Opens a scorer; the caller closes it. */
  public Scorer open(String key) {
    requireKnown(key);
    return switch (key) {
      case LeaveOneOutScorer.KEY -> LeaveOneOutScorer.open(model, data, Measure.loss(), options);
      case LeaveOneOutScorer.METRIC_KEY ->
          LeaveOneOutScorer.open(model, data, Measure.of(metric), options);
      case ShapleyScorer.KEY -> ShapleyScorer.open(model, data, Measure.loss(), options, log);
      case MagnitudeScorer.KEY -> MagnitudeScorer.open(model, options);
      case RandomScorer.KEY -> RandomScorer.of(model.config(), options);
      default -> GradientScorer.open(model, data, criterion(key).orElseThrow(), options);
    };
  }

  /** What a scorer makes of a mask; a step of the log. */
  public Scoring scoring(String key, ModelMask mask) {
    return LoggedScoring.of(requireKnown(key), () -> open(key), options, mask, log);
  }

  private static Optional<Criterion> criterion(String key) {
    return Arrays.stream(Criterion.values()).filter(c -> c.key().equals(key)).findFirst();
  }
}
