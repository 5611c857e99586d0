package org.bertology.core.importance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.model.Hooks;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.model.TransformerConfig;

/**
 * A model's graph with the sums over tokens that importance needs, so that neither contexts nor
 * attention maps leave the engine. B batch, T sequence, H heads, F neurons.
 */
final class ImportanceGraph {
  /** Below this a probability counts as it, whose p·log p is 0 in any precision. */
  private static final double LEAST_PROBABILITY = 1e-37;

  private final Graph forward;
  private final TransformerConfig config;
  private final int[] widths;
  private final Map<String, Value> sums = new LinkedHashMap<>();

  private ImportanceGraph(Graph forward, TransformerConfig config, int[] widths) {
    this.forward = forward;
    this.config = config;
    this.widths = widths;
  }

  /** {@code Σ_i s} of a layer, {@code [B, width]}. */
  static String signed(int layer) {
    return "importance.%d.signed".formatted(layer);
  }

  /** {@code Σ_i |s|} of a layer, {@code [B, width]}. */
  static String magnitude(int layer) {
    return "importance.%d.magnitude".formatted(layer);
  }

  /** The entropy of the attention rows of a layer summed over tokens, nats {@code [B, H]}. */
  static String entropy(int layer) {
    return "importance.%d.entropy".formatted(layer);
  }

  /** The largest attention probability summed over tokens {@code [B, H]}. */
  static String confidence(int layer) {
    return "importance.%d.confidence".formatted(layer);
  }

  /**
   * The graph with all sums under the names above.
   *
   * @param forward a model's graph with the target's masks as inputs
   * @param widths units per layer; layers without any have no sums
   */
  static Graph of(
      Graph forward,
      TransformerConfig config,
      Target target,
      Objective objective,
      int[] widths,
      int[] attentionHeads) {
    ImportanceGraph graph = new ImportanceGraph(forward, config, widths);
    return graph.withScores(target, objective).with(graph.attentionSums(attentionHeads));
  }

  private Graph withScores(Target target, Objective objective) {
    List<String> gates = new ArrayList<>();
    for (int layer = 0; layer < widths.length; layer++) {
      if (widths[layer] > 0) {
        gates.add(Hooks.gate(target.mask(), config.layerName(layer)));
      }
    }
    Graph differentiated = Gradients.differentiate(forward, objective.hook(), gates);
    for (int layer = 0; layer < widths.length; layer++) {
      if (widths[layer] > 0) {
        Value s =
            differentiated.value(
                Gradients.nameOf(Hooks.gate(target.mask(), config.layerName(layer))));
        sums.put(signed(layer), overTokens(target, s));
        sums.put(magnitude(layer), overTokens(target, s.abs()));
      }
    }
    return differentiated.with(sums);
  }

  /** {@code [B, H, T, 1]}, {@code [B, T, F]} or {@code [B, T, 1]} without the axis of tokens. */
  private static Value overTokens(Target target, Value s) {
    return switch (target) {
      case HEADS -> s.squeeze(3).sum(2).squeeze(2);
      case NEURONS, LAYERS -> s.sum(1).squeeze(1);
    };
  }

  private Map<String, Value> attentionSums(int[] heads) {
    Map<String, Value> attention = new LinkedHashMap<>();
    for (int layer = 0; layer < heads.length; layer++) {
      if (heads[layer] > 0) {
        Value p = forward.value(Hooks.probabilities(config.layerName(layer))); // [B, H, T, T]
        Value least = p.graph().scalar(LEAST_PROBABILITY);
        Value entropies = p.mul(p.maximum(least).log()).sum(3).neg();
        attention.put(entropy(layer), overQueries(layer, entropies));
        attention.put(confidence(layer), overQueries(layer, p.max(3)));
      }
    }
    return attention;
  }

  /** {@code [B, H, T, 1]} summed over tokens that are not padding. */
  private Value overQueries(int layer, Value rows) {
    GraphBuilder graph = rows.graph();
    Shape tokens = Shape.of(rows.dim(0), rows.dim(2));
    boolean ofTarget = config.layers().get(layer).stack().isOfTarget();
    String name = ofTarget ? ModelInputs.DECODER_TOKEN_MASK : ModelInputs.TOKEN_MASK;
    Value mask =
        graph
            .input(name, ElementType.FLOAT, tokens)
            .reshape(Shape.of(rows.dim(0), 1, rows.dim(2), 1));
    return rows.mul(mask).sum(2).squeeze(3).squeeze(2);
  }
}
