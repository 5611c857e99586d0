package org.bertology.core.checkpoint;

import java.util.List;

/** The names of BERT's parameters, of which checkpoints have several spellings. */
final class CheckpointNames {
  static final String WORD_EMBEDDINGS = "bert.embeddings.word_embeddings.weight";
  static final String DECODER_WEIGHT = "cls.predictions.decoder.weight";
  static final String DECODER_BIAS = "cls.predictions.decoder.bias";
  static final String PREDICTIONS_BIAS = "cls.predictions.bias";

  private static final String PREFIX = "bert.";
  private static final List<String> ENCODER_PARTS = List.of("embeddings.", "encoder.", "pooler.");

  private CheckpointNames() {}

  /**
   * The name under which a model with a task head saves a parameter, such as {@code
   * bert.encoder.layer.0.attention.self.query.weight}. A bare encoder omits {@code bert.}, and
   * checkpoints converted from TensorFlow call a layer norm's weight and bias gamma and beta. Any
   * other name stays as it is.
   */
  static String canonical(String name) {
    return layerNorm(ENCODER_PARTS.stream().anyMatch(name::startsWith) ? PREFIX + name : name);
  }

  private static String layerNorm(String name) {
    if (name.endsWith("LayerNorm.gamma")) {
      return name.substring(0, name.length() - "gamma".length()) + "weight";
    }
    if (name.endsWith("LayerNorm.beta")) {
      return name.substring(0, name.length() - "beta".length()) + "bias";
    }
    return name;
  }
}
