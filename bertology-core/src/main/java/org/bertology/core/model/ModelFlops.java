package org.bertology.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.graph.Flops;
import org.bertology.api.graph.Graph;
import org.bertology.api.model.Hooks;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelDefinition;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.rewrite.Narrowing;

/**
 * What a batch costs, in {@linkplain Flops floating-point operations of matrix products}, counted
 * from the graphs that run.
 *
 * @param batch examples
 * @param length tokens of each, padding included; a sequence-to-sequence model has as many again in
 *     its decoder
 * @param full of a forward pass that computes every layer for every token
 * @param narrowed of the forward pass that runs: a classifier that reads the first token alone
 *     needs the last layer for it alone
 * @param headImportance of a forward and backward pass for the importance of all heads, as it runs;
 *     empty for a model without a loss or without heads
 */
public record ModelFlops(
    long batch, long length, long full, long narrowed, OptionalLong headImportance) {

  /**
   * The cost of a batch.
   *
   * @throws IllegalArgumentException if there is no example, or there are no tokens or more than
   *     the model has positions
   */
  public static ModelFlops of(Model model, int batch, int length) {
    return of(model.config(), model.task(), model.output(), batch, length);
  }

  /** The cost of a batch for a geometry, whether or not there is a checkpoint. */
  public static ModelFlops of(TransformerConfig config, Task task, int batch, int length) {
    return of(config, task, task == Task.ENCODER ? Hooks.POOLED : Hooks.LOGITS, batch, length);
  }

  private static ModelFlops of(
      TransformerConfig config, Task task, String output, int batch, int length) {
    if (batch < 1 || length < 1 || length > config.maxPositions()) {
      throw new IllegalArgumentException(
          "a batch has at least 1 example of 1 to %d tokens, got %d of %d"
              .formatted(config.maxPositions(), batch, length));
    }
    Map<String, Long> extents = extents(batch, length);
    Graph forward = ModelDefinition.of(config, task, Set.of()).graph();
    List<String> outputs = List.of(output);
    return new ModelFlops(
        batch,
        length,
        Flops.of(forward, outputs, extents),
        Flops.of(Narrowing.of(forward, outputs), outputs, extents),
        headImportance(config, task, extents));
  }

  /** The extents of the dimensions of a graph; a target text is as long as its source. */
  static Map<String, Long> extents(int batch, int length) {
    long tokens = length;
    return Map.of("batch", (long) batch, "sequence", tokens, "target", tokens);
  }

  private static OptionalLong headImportance(
      TransformerConfig config, Task task, Map<String, Long> extents) {
    if (task == Task.ENCODER || config.totalHeads() == 0) {
      return OptionalLong.empty();
    }
    List<String> gates = new ArrayList<>();
    for (int layer = 0; layer < config.layers().size(); layer++) {
      if (config.layers().get(layer).heads() > 0) {
        gates.add(Hooks.gate(Mask.HEADS, config.layerName(layer)));
      }
    }
    Graph forward = ModelDefinition.of(config, task, Set.of(Mask.HEADS)).graph();
    Graph graph = Gradients.differentiate(forward, Hooks.LOSS, gates);
    List<String> outputs = new ArrayList<>(List.of(Hooks.LOGITS, Hooks.LOSS));
    gates.forEach(gate -> outputs.add(Gradients.nameOf(gate)));
    return OptionalLong.of(Flops.of(Narrowing.of(graph, outputs), outputs, extents));
  }
}
