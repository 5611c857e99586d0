package org.bertology.core.importance;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedData;
import org.bertology.core.statistics.Bootstrap;
import org.bertology.core.statistics.Intervals;

/**
 * How much each head, neuron or layer matters on a data set, by every {@link Criterion}, from one
 * forward and backward pass over it.
 *
 * <p>For a mask ξ let s be the derivative of one example's {@link Objective} with respect to ξ at
 * one token; for a head that is Σ_d c·∂objective/∂c with the head's context c. One backward pass of
 * the summed objective of a batch gives s for every example at once, and each criterion is a
 * reduction of it. Scores do not depend on how examples are batched or padded.
 */
public final class Importance {
  private final ImportanceOptions options;
  private final int[] widths;
  private final int oneTokenUnits;
  private final ExampleScores scores;
  private final Predictions predictions;
  private final Optional<AttentionSums> attention;
  private final Map<Definition, Intervals> intervals = new ConcurrentHashMap<>();

  Importance(
      ImportanceOptions options,
      int[] widths,
      int oneTokenUnits,
      ExampleScores scores,
      Predictions predictions,
      Optional<AttentionSums> attention) {
    this.options = options;
    this.widths = widths;
    this.oneTokenUnits = oneTokenUnits;
    this.scores = scores;
    this.predictions = predictions;
    this.attention = attention;
  }

  /** The importance of a model's heads, neurons or layers on a data set. */
  public static Importance of(Model model, EncodedData data, ImportanceOptions options) {
    try (ImportancePass pass = ImportancePass.open(model, data, options)) {
      return pass.run(data);
    }
  }

  /** The same at a given mask; masked units keep their gradient. */
  public static Importance of(
      Model model, EncodedData data, ModelMask mask, ImportanceOptions options) {
    try (ImportancePass pass = ImportancePass.open(model, data, options)) {
      return pass.run(data, mask);
    }
  }

  public ImportanceOptions options() {
    return options;
  }

  public Target target() {
    return options.target();
  }

  /** Logits and losses of the same pass. */
  public Predictions predictions() {
    return predictions;
  }

  public int examples() {
    return scores.examples();
  }

  /** Tokens of all examples, padding and target texts not counted. */
  public long tokens() {
    return scores.tokens().ofTexts();
  }

  /** The scores by a criterion, not normalised. */
  public LayerScores scores(Criterion criterion) {
    double[] flat =
        switch (criterion) {
          case GRADIENT, TOKEN_GRADIENT, FISHER, SIGNED ->
              scores.score(criterion, everyExampleOnce(), oneTokenUnits);
          case BATCH_GRADIENT -> scores.batchScore(options.batchSize(), false);
          case HF_SCRIPT -> scores.batchScore(options.batchSize(), true);
        };
    return LayerScores.of(flat, widths);
  }

  /** The scores by a criterion, normalised. */
  public LayerScores scores(Criterion criterion, Normalization normalization) {
    return normalization.of(scores(criterion));
  }

  private int[] everyExampleOnce() {
    return IntStream.generate(() -> 1).limit(scores.examples()).toArray();
  }

  /**
   * Bootstrap intervals over examples for the normalised scores; none for criteria that depend on
   * the order of the data, or if no resamples were asked for. Computed once and kept.
   */
  public Optional<Intervals> intervals(Criterion criterion, Normalization normalization) {
    if (!criterion.isOrderFree() || options.resamples() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        intervals.computeIfAbsent(
            new Definition(criterion, normalization),
            definition -> bootstrap(criterion, normalization)));
  }

  private Intervals bootstrap(Criterion criterion, Normalization normalization) {
    return new Bootstrap(options.resamples(), options.seed())
        .intervals(
            scores.examples(),
            counts -> {
              double[] flat = scores.score(criterion, counts, oneTokenUnits);
              return normalization.of(LayerScores.of(flat, widths)).flat();
            });
  }

  private record Definition(Criterion criterion, Normalization normalization) {}

  /** The mean entropy of each head's attention rows over tokens, in nats; if it was asked for. */
  public Optional<LayerScores> entropy() {
    return attention.map(sums -> sums.entropy().sumOver(scores.tokens().byLayer()));
  }

  /** The mean of the largest probability of each attention row; if it was asked for. */
  public Optional<LayerScores> confidence() {
    return attention.map(sums -> sums.confidence().sumOver(scores.tokens().byLayer()));
  }

  /** {@code Σ_i s} of every example, float32 {@code [examples, units]}, layer after layer. */
  public Tensor perExample() {
    return scores.signed().toTensor();
  }
}
