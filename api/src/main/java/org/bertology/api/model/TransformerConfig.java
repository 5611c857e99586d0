package org.bertology.api.model;

import java.util.List;

/**
 * The geometry of a transformer encoder.
 *
 * @param vocabularySize rows of the word embeddings
 * @param hiddenSize width of the residual stream
 * @param layers the layers from bottom to top, each with its own number of heads and neurons
 * @param maxPositions rows of the position embeddings, the longest sequence
 * @param tokenTypes rows of the token type embeddings
 * @param layerNormEpsilon added to variances
 * @param activation of the feed-forward networks
 * @param labels outputs of the task's head; 1 for regression
 */
public record TransformerConfig(
    int vocabularySize,
    int hiddenSize,
    List<LayerGeometry> layers,
    int maxPositions,
    int tokenTypes,
    double layerNormEpsilon,
    Activation activation,
    int labels) {

  public TransformerConfig {
    layers = List.copyOf(layers);
    requirePositive("vocabularySize", vocabularySize);
    requirePositive("hiddenSize", hiddenSize);
    requirePositive("maxPositions", maxPositions);
    requirePositive("tokenTypes", tokenTypes);
    requirePositive("labels", labels);
  }

  private static void requirePositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s must be at least 1, got %d".formatted(what, value));
    }
  }

  /** The same with other layers. */
  public TransformerConfig withLayers(List<LayerGeometry> changed) {
    return new TransformerConfig(
        vocabularySize,
        hiddenSize,
        changed,
        maxPositions,
        tokenTypes,
        layerNormEpsilon,
        activation,
        labels);
  }

  /** Heads of all layers together. */
  public int totalHeads() {
    return layers.stream().mapToInt(LayerGeometry::heads).sum();
  }

  /** The largest number of heads in a layer: the width of a layers × heads table. */
  public int maxHeads() {
    return layers.stream().mapToInt(LayerGeometry::heads).max().orElse(0);
  }
}
