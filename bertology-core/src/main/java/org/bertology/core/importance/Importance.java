package org.bertology.core.importance;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.Graph;
import org.bertology.api.model.Hooks;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.model.Task;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.evaluate.Evaluation;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.model.HeadMask;
import org.bertology.core.model.Model;
import org.bertology.core.run.BatchRun;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.EncodedExample;

/**
 * How much each head, neuron or layer matters on a data set, by every {@link Criterion}, from one
 * forward and backward pass over it.
 *
 * <p>For a mask ξ let s be the derivative of one example's loss with respect to ξ at one token; for
 * a head that is Σ_d c·∂loss/∂c with the head's context c. One backward pass of the summed loss of a
 * batch gives s for every example at once, and each criterion is a reduction of it. Scores do not
 * depend on how examples are batched or padded.
 */
public final class Importance {
  private final ImportanceOptions options;
  private final int[] widths;
  private final int firstTokenUnits;
  private final ExampleScores scores;
  private final Predictions predictions;
  private final Optional<Attention> attention;

  private Importance(
      ImportanceOptions options,
      int[] widths,
      int firstTokenUnits,
      ExampleScores scores,
      Predictions predictions,
      Optional<Attention> attention) {
    this.options = options;
    this.widths = widths;
    this.firstTokenUnits = firstTokenUnits;
    this.scores = scores;
    this.predictions = predictions;
    this.attention = attention;
  }

  /** The importance of a model's heads, neurons or layers on a data set. */
  public static Importance of(Model model, EncodedData data, ImportanceOptions options) {
    return of(model, data, Optional.empty(), options);
  }

  /**
   * The same at a given head mask; masked heads keep their gradient.
   *
   * @throws IllegalArgumentException if the model has no loss per sequence, or the data no labels
   */
  public static Importance of(
      Model model, EncodedData data, Optional<HeadMask> mask, ImportanceOptions options) {
    Evaluation.requireSequenceTask(model);
    requireLabels(data);
    Target target = options.target();
    int[] widths = target.widths(model.config());
    int[] heads = options.attention() ? Target.HEADS.widths(model.config()) : new int[0];
    Set<Mask> masks = EnumSet.of(target.mask());
    mask.ifPresent(present -> masks.add(Mask.HEADS));
    Graph graph = ImportanceGraph.of(model.graph(masks), target, widths, heads);
    ExampleScores scores = new ExampleScores(data.size(), widths);
    Predictions predictions = new Predictions(model.task(), model.config().labels(), data);
    Attention attention = Attention.of(data.size(), heads);
    HeadMask headMask = mask.orElseGet(() -> HeadMask.ones(model.config()));
    try (CompiledGraph compiled = model.compile(graph, outputs(widths, heads))) {
      new BatchRun(compiled, batch -> inputs(model, target, headMask, batch), options.run())
          .run(
              data.examples(),
              (batch, results) -> {
                scores.add(batch, results);
                predictions.add(batch, results);
                attention.add(batch, results);
              });
    }
    boolean readsFirstToken = model.task() != Task.TOKEN_CLASSIFICATION;
    return new Importance(
        options,
        widths,
        readsFirstToken ? widths[widths.length - 1] : 0,
        scores,
        predictions,
        options.attention() ? Optional.of(attention) : Optional.empty());
  }

  private static void requireLabels(EncodedData data) {
    if (data.size() == 0 || data.examples().stream().anyMatch(e -> e.label().isEmpty())) {
      throw new IllegalArgumentException(
          "importance is a derivative of the loss: every example needs a label; name the column");
    }
  }

  private static List<String> outputs(int[] widths, int[] heads) {
    List<String> outputs = new ArrayList<>(List.of(Hooks.LOGITS, Hooks.LOSS));
    for (int layer = 0; layer < widths.length; layer++) {
      if (widths[layer] > 0) {
        outputs.add(ImportanceGraph.signed(layer));
        outputs.add(ImportanceGraph.magnitude(layer));
      }
    }
    for (int layer = 0; layer < heads.length; layer++) {
      if (heads[layer] > 0) {
        outputs.add(ImportanceGraph.entropy(layer));
        outputs.add(ImportanceGraph.confidence(layer));
      }
    }
    return outputs;
  }

  private static ModelInputs inputs(
      Model model, Target target, HeadMask mask, List<EncodedExample> batch) {
    ModelInputs inputs = model.inputs(batch);
    mask.addTo(inputs);
    return target == Target.HEADS ? inputs : inputs.ones(target.mask(), model.config());
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

  /** Tokens of all examples, padding not counted. */
  public long tokens() {
    return scores.tokens();
  }

  /** The scores by a criterion, not normalised. */
  public LayerScores scores(Criterion criterion) {
    double[] flat =
        switch (criterion) {
          case GRADIENT, TOKEN_GRADIENT, FISHER, SIGNED ->
              scores.score(criterion, everyExampleOnce(), firstTokenUnits);
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
   * the order of the data, or if no resamples were asked for.
   */
  public Optional<Intervals> intervals(Criterion criterion, Normalization normalization) {
    if (!criterion.isOrderFree() || options.resamples() == 0) {
      return Optional.empty();
    }
    Bootstrap bootstrap = new Bootstrap(options.resamples(), options.seed());
    return Optional.of(
        bootstrap.intervals(
            scores.examples(),
            counts -> {
              double[] flat = scores.score(criterion, counts, firstTokenUnits);
              return normalization.of(LayerScores.of(flat, widths)).flat();
            }));
  }

  /**
   * The mean entropy of each head's attention rows over tokens, in nats; if it was asked for.
   */
  public Optional<LayerScores> entropy() {
    return attention.map(sums -> sums.entropy().sumOver(tokens()));
  }

  /** The mean of the largest probability of each attention row; if it was asked for. */
  public Optional<LayerScores> confidence() {
    return attention.map(sums -> sums.confidence().sumOver(tokens()));
  }

  /** {@code Σ_i s} of every example, float32 {@code [examples, units]}, layer after layer. */
  public Tensor perExample() {
    return scores.signed().toTensor();
  }

  /** Entropy and confidence of every example and head, summed over tokens. */
  private record Attention(ExampleMatrix entropy, ExampleMatrix confidence) {
    static Attention of(int examples, int[] heads) {
      return new Attention(
          new ExampleMatrix(examples, heads, ImportanceGraph::entropy),
          new ExampleMatrix(examples, heads, ImportanceGraph::confidence));
    }

    void add(List<EncodedExample> batch, Map<String, Tensor> results) {
      entropy.add(batch, results);
      confidence.add(batch, results);
    }
  }
}
