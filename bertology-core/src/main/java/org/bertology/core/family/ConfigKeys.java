package org.bertology.core.family;

/**
 * What a family calls the numbers that all models have, and what they are if the file is silent.
 *
 * @param hiddenSize the key of the width of the residual stream
 * @param layers of the number of layers
 * @param heads of the heads per layer
 * @param headSize of the width of a head, by default hidden size / heads
 * @param intermediateSize of the neurons per layer, by default four times the hidden size where
 *     {@code intermediateIsOptional}
 * @param positions of the longest sequence
 * @param epsilon of what is added to variances
 * @param usualEpsilon its default
 * @param activation of the nonlinearity
 * @param usualActivation its default
 * @param usualPaddingId what {@code pad_token_id} is by default
 * @param usuallyTied what {@code tie_word_embeddings} is by default
 */
public record ConfigKeys(
    String hiddenSize,
    String layers,
    String heads,
    String headSize,
    String intermediateSize,
    boolean intermediateIsOptional,
    String positions,
    String epsilon,
    double usualEpsilon,
    String activation,
    String usualActivation,
    int usualPaddingId,
    boolean usuallyTied) {

  /** Far beyond every model; protects memory from a number that is only a mistake. */
  public static final int MAXIMUM_LAYERS = 10_000;

  /** The same for how far tokens are apart; a table has a row for each distance. */
  public static final int MAXIMUM_DISTANCE = 100_000;

  /** Those of BERT and of the families that took them over. */
  public static ConfigKeys bert() {
    return new ConfigKeys(
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        "head_dim",
        "intermediate_size",
        false,
        "max_position_embeddings",
        "layer_norm_eps",
        1e-12,
        "hidden_act",
        "gelu",
        0,
        true);
  }

  /**
   * Those of GPT and GPT-2.
   *
   * @param activation the key of the nonlinearity
   * @param usualActivation its default
   */
  public static ConfigKeys gpt(String activation, String usualActivation) {
    return new ConfigKeys(
        "n_embd",
        "n_layer",
        "n_head",
        "head_dim",
        "n_inner",
        true,
        "n_positions",
        "layer_norm_epsilon",
        1e-5,
        activation,
        usualActivation,
        0,
        true);
  }

  /** The same with another nonlinearity by default. */
  public ConfigKeys withActivation(String usual) {
    return new ConfigKeys(
        hiddenSize,
        layers,
        heads,
        headSize,
        intermediateSize,
        intermediateIsOptional,
        positions,
        epsilon,
        usualEpsilon,
        activation,
        usual,
        usualPaddingId,
        usuallyTied);
  }

  /** The same with another padding by default. */
  public ConfigKeys withPaddingId(int usual) {
    return new ConfigKeys(
        hiddenSize,
        layers,
        heads,
        headSize,
        intermediateSize,
        intermediateIsOptional,
        positions,
        epsilon,
        usualEpsilon,
        activation,
        usualActivation,
        usual,
        usuallyTied);
  }
}
