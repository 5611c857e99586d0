package org.bertology.api.model;

/**
 * What a family calls the parts of a layer, after the name of the layer.
 *
 * @param query projection of the queries
 * @param key projection of the keys
 * @param value projection of the values
 * @param attentionOutput projection of what the heads found
 * @param attentionNorm normalisation after the attention
 * @param intermediate the feed-forward network's first map
 * @param output its second map
 * @param outputNorm normalisation after the feed-forward network
 */
record LayerNames(
    String query,
    String key,
    String value,
    String attentionOutput,
    String attentionNorm,
    String intermediate,
    String output,
    String outputNorm) {

  /** BERT's, which most families took over. */
  static final LayerNames BERT =
      new LayerNames(
          "attention.self.query",
          "attention.self.key",
          "attention.self.value",
          "attention.output.dense",
          "attention.output.LayerNorm",
          "intermediate.dense",
          "output.dense",
          "output.LayerNorm");
}
