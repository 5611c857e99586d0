package org.bertology.api.model;

/**
 * The size of one layer. A pruned model is the same function with smaller numbers here.
 *
 * @param stack what the layer is part of
 * @param heads attention heads; 0 leaves of the attention its output bias alone, if it has one
 * @param headSize the width of one head
 * @param intermediateSize neurons of the feed-forward network; 0 leaves its output bias alone, if
 *     it has one
 */
public record LayerGeometry(Stack stack, int heads, int headSize, int intermediateSize) {
  public LayerGeometry {
    if (heads < 0 || headSize < 1 || intermediateSize < 0) {
      throw new IllegalArgumentException(
          "a layer has 0 or more heads of size 1 or more and 0 or more neurons, got "
              + "%d heads of size %d and %d neurons".formatted(heads, headSize, intermediateSize));
    }
  }

  /** A layer of a model that is one stack. */
  public LayerGeometry(int heads, int headSize, int intermediateSize) {
    this(Stack.SINGLE, heads, headSize, intermediateSize);
  }

  /** The same with other numbers of heads and neurons. */
  public LayerGeometry with(int otherHeads, int otherIntermediateSize) {
    return new LayerGeometry(stack, otherHeads, headSize, otherIntermediateSize);
  }
}
