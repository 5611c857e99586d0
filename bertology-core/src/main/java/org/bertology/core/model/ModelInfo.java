package org.bertology.core.model;

import java.util.List;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Mask;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;

/**
 * What there is to know of a model without running it.
 *
 * @param family such as {@code bert}
 * @param layers heads, head size and neurons of every layer
 * @param hiddenSize width of the residual stream
 * @param vocabularySize rows of the word embeddings
 * @param positions the longest sequence, in tokens
 * @param labels names of the labels, in the order of the logits
 * @param parameters what the task uses
 * @param stored what the checkpoint holds
 * @param flops what a batch costs
 */
public record ModelInfo(
    String family,
    Task task,
    List<LayerGeometry> layers,
    int hiddenSize,
    int vocabularySize,
    int positions,
    List<String> labels,
    ParameterCounts parameters,
    StoredSize stored,
    ModelFlops flops) {

  public ModelInfo {
    layers = List.copyOf(layers);
    labels = List.copyOf(labels);
  }

  /**
   * Describes a model.
   *
   * @param batch examples of the batch whose cost is counted
   * @param length tokens of each of them
   * @throws IllegalArgumentException if the model cannot run such a batch
   */
  public static ModelInfo of(Model model, int batch, int length) {
    TransformerConfig config = model.config();
    return new ModelInfo(
        model.checkpoint().config().modelType(),
        model.task(),
        config.layers(),
        config.hiddenSize(),
        config.vocabularySize(),
        config.maxPositions(),
        model.labels(),
        ParameterCounts.of(config, model.used()),
        StoredSize.of(model.checkpoint()),
        ModelFlops.of(model, batch, length));
  }

  /** Layers that may be taken away; cross attention goes with a decoder's. */
  public int totalLayers() {
    return layers.stream().mapToInt(Mask.LAYERS::width).sum();
  }

  /** Heads of all layers together. */
  public int totalHeads() {
    return layers.stream().mapToInt(LayerGeometry::heads).sum();
  }

  /** Feed-forward neurons of all layers together. */
  public int totalNeurons() {
    return layers.stream().mapToInt(LayerGeometry::intermediateSize).sum();
  }
}
