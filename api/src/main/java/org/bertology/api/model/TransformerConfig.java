package org.bertology.api.model;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The geometry of a transformer.
 *
 * @param family how it is put together
 * @param vocabularySize rows of the word embeddings
 * @param hiddenSize width of the residual stream
 * @param layers the layers from bottom to top, each with its own number of heads and neurons; see
 *     {@link Stack} for their order in an encoder-decoder model
 * @param maxPositions the longest sequence
 * @param tokenTypes rows of the token type embeddings; 0 if the family has none
 * @param layerNormEpsilon added to variances
 * @param activation of the feed-forward networks
 * @param labels outputs of the task's head; 1 for regression
 * @param tiedEmbeddings whether a language-model head uses the word embeddings as its weight
 * @param attention which tokens are seen, padding apart
 * @param pooling of a model for sentence embedding, where two texts in a row do not see each other
 */
public record TransformerConfig(
    Family family,
    int vocabularySize,
    int hiddenSize,
    List<LayerGeometry> layers,
    int maxPositions,
    int tokenTypes,
    double layerNormEpsilon,
    Activation activation,
    int labels,
    boolean tiedEmbeddings,
    AttentionPattern attention,
    Optional<Pooling> pooling) {

  public TransformerConfig {
    layers = List.copyOf(layers);
    requirePositive("vocabularySize", vocabularySize);
    requirePositive("hiddenSize", hiddenSize);
    requirePositive("maxPositions", maxPositions);
    requirePositive("labels", labels);
    if (tokenTypes < 0) {
      throw new IllegalArgumentException("tokenTypes must be at least 0, got " + tokenTypes);
    }
    if (attention.isPerQuery() && layers.stream().anyMatch(l -> l.stack() != Stack.SINGLE)) {
      throw new IllegalArgumentException(
          "%s attention is for models of one stack; this one has an encoder, which sees all of the text, and a decoder"
              .formatted(attention.text()));
    }
    if (attention.equals(AttentionPattern.SEQUENCE_TO_SEQUENCE) && tokenTypes < 2) {
      throw new IllegalArgumentException(
          "%s attention tells segments apart by their token types; this model has %d types of tokens, it needs 2"
              .formatted(attention.text(), tokenTypes));
    }
  }

  /** A model whose attention sees everything, with tied embeddings and no pooling. */
  public TransformerConfig(
      Family family,
      int vocabularySize,
      int hiddenSize,
      List<LayerGeometry> layers,
      int maxPositions,
      int tokenTypes,
      double layerNormEpsilon,
      Activation activation,
      int labels) {
    this(
        family,
        vocabularySize,
        hiddenSize,
        layers,
        maxPositions,
        tokenTypes,
        layerNormEpsilon,
        activation,
        labels,
        true,
        AttentionPattern.FULL,
        Optional.empty());
  }

  private static void requirePositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s must be at least 1, got %d".formatted(what, value));
    }
  }

  /** The same with other layers. */
  public TransformerConfig withLayers(List<LayerGeometry> changed) {
    return with(family, changed, attention, pooling);
  }

  /**
   * The same after layers were taken away.
   *
   * @param kept the numbers of those that are left, ascending
   * @param left what each of them has
   */
  public TransformerConfig keeping(List<Integer> kept, List<LayerGeometry> left) {
    if (left.equals(layers)) {
      return this;
    }
    Family changed = kept.size() == layers.size() ? family : family.keeping(kept);
    return with(
        heads(left).equals(heads(layers)) ? changed : changed.cut(), left, attention, pooling);
  }

  private static List<Integer> heads(List<LayerGeometry> layers) {
    return layers.stream().map(LayerGeometry::heads).toList();
  }

  /** The same where no layers share their parameters. */
  public TransformerConfig unshared() {
    return withFamily(family.unshared());
  }

  /** The layers that use each set of parameters, ascending: lists of one unless layers share. */
  public List<List<Integer>> sharing() {
    return List.copyOf(
        IntStream.range(0, layers.size())
            .boxed()
            .collect(Collectors.groupingBy(family::parameterSet, TreeMap::new, Collectors.toList()))
            .values());
  }

  /** Whether several layers use the same parameters. */
  public boolean sharesParameters() {
    return sharing().size() < layers.size();
  }

  /** The same put together in another way. */
  public TransformerConfig withFamily(Family changed) {
    return with(changed, layers, attention, pooling);
  }

  /** The same where other tokens are seen. */
  public TransformerConfig withAttention(AttentionPattern changed) {
    return with(family, layers, changed, pooling);
  }

  /** The same for sentence embedding. */
  public TransformerConfig withPooling(Pooling changed) {
    return with(family, layers, attention, Optional.of(changed));
  }

  /** Whether what is seen depends on who looks. */
  boolean isAttentionPerQuery() {
    return attention.isPerQuery() || pooling.isPresent();
  }

  private TransformerConfig with(
      Family changedFamily,
      List<LayerGeometry> changedLayers,
      AttentionPattern changedAttention,
      Optional<Pooling> changedPooling) {
    return new TransformerConfig(
        changedFamily,
        vocabularySize,
        hiddenSize,
        changedLayers,
        maxPositions,
        tokenTypes,
        layerNormEpsilon,
        activation,
        labels,
        tiedEmbeddings,
        changedAttention,
        changedPooling);
  }

  /** The name of a layer, such as {@code layer.2} or {@code cross.layer.0}; see {@link Hooks}. */
  public String layerName(int layer) {
    return Hooks.layer(layers.get(layer).stack(), layer - first(layers.get(layer).stack()));
  }

  /** The index of a stack's first layer; how many layers there are if it has none. */
  public int first(Stack stack) {
    return IntStream.range(0, layers.size())
        .filter(layer -> layers.get(layer).stack() == stack)
        .findFirst()
        .orElse(layers.size());
  }

  /** How many layers a stack has. */
  public int count(Stack stack) {
    return (int) layers.stream().filter(layer -> layer.stack() == stack).count();
  }

  /** The layer whose mask takes a layer away: that of the decoder for a cross attention. */
  public int maskedWith(int layer) {
    return layers.get(layer).stack() == Stack.CROSS
        ? layer - first(Stack.CROSS) + first(Stack.DECODER)
        : layer;
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
