package org.bertology.core.family;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.bertology.api.model.Activation;
import org.bertology.api.model.Family;
import org.bertology.api.model.Stack;
import org.bertology.api.model.T5;
import org.bertology.api.model.Task;
import org.bertology.core.json.JsonFields;

/** T5 1.0 and 1.1. */
final class T5Format implements FamilyFormat {
  private static final String BIAS = "relative_attention_bias";
  private static final String PER_LAYER = "per-layer";
  private static final String BUCKETS = "relative_attention_num_buckets";
  private static final String DECODER_LAYERS = "num_decoder_layers";
  private static final int ANY = Integer.MAX_VALUE;

  @Override
  public String modelType() {
    return "t5";
  }

  @Override
  public ConfigKeys keys() {
    return new ConfigKeys(
        "d_model",
        "num_layers",
        "num_heads",
        "d_kv",
        "d_ff",
        false,
        "n_positions",
        "layer_norm_epsilon",
        1e-6,
        "feed_forward_proj",
        "relu",
        0,
        true);
  }

  @Override
  public Family family(JsonFields config) {
    int buckets = config.integer(BUCKETS, 4, ANY, 32);
    if (buckets % 2 != 0) {
      throw config.wrong(BUCKETS, "an even number", String.valueOf(buckets));
    }
    int words = config.integer("vocab_size", 1, ANY);
    return new T5(
        buckets,
        config.integer("relative_attention_max_distance", buckets / 2 + 1, ANY, 128),
        config.text(keys().activation(), "relu").startsWith("gated-"),
        biasPerLayer(config),
        config.integer("decoder_start_token_id", 0, words - 1, 0));
  }

  private static boolean biasPerLayer(JsonFields config) {
    if (!config.has("bertology") || !config.fields("bertology").has(BIAS)) {
      return false;
    }
    JsonFields ours = config.fields("bertology");
    if (!ours.text(BIAS).equals(PER_LAYER)) {
      throw ours.wrong(BIAS, "'%s'".formatted(PER_LAYER), ours.text(BIAS));
    }
    return true;
  }

  @Override
  public Map<String, String> settings(Family family) {
    return ((T5) family).biasPerLayer() ? Map.of(BIAS, PER_LAYER) : Map.of();
  }

  @Override
  public Map<String, Activation> activations() {
    return Map.of(
        "relu", Activation.RELU,
        "gelu", Activation.GELU,
        "gated-relu", Activation.RELU,
        // What the library calls gated-gelu is the approximation.
        "gated-gelu", Activation.GELU_TANH);
  }

  @Override
  public Map<Stack, String> layerKeys() {
    return Map.of(Stack.ENCODER, keys().layers(), Stack.DECODER, DECODER_LAYERS);
  }

  @Override
  public Map<Stack, Integer> stacks(JsonFields config) {
    Map<Stack, Integer> stacks = new EnumMap<>(Stack.class);
    int encoder = config.integer(keys().layers(), 1, ConfigKeys.MAXIMUM_LAYERS);
    int decoder = config.integer(DECODER_LAYERS, 1, ConfigKeys.MAXIMUM_LAYERS, encoder);
    stacks.put(Stack.ENCODER, encoder);
    stacks.put(Stack.DECODER, decoder);
    stacks.put(Stack.CROSS, decoder);
    return stacks;
  }

  @Override
  public int tokenTypes(JsonFields config) {
    return 0;
  }

  /** Positions are relative, so this is a matter of training; files of new models do not say it. */
  @Override
  public int maxPositions(JsonFields config) {
    return config.integer(keys().positions(), 1, ANY, 512);
  }

  @Override
  public Map<String, Task> architectures() {
    return Map.of(
        "T5ForConditionalGeneration", Task.SEQ2SEQ_LM, "T5WithLMHeadModel", Task.SEQ2SEQ_LM);
  }

  @Override
  public ParameterNames names() {
    return new ParameterNames(
        "",
        List.of(),
        Map.of(
            "encoder.embed_tokens.weight", "shared.weight",
            "decoder.embed_tokens.weight", "shared.weight",
            "lm_head.weight", "shared.weight"),
        // Cross attention has no positions; files of the first models have a table nobody reads.
        List.of(
            Pattern.compile("decoder\\.block\\.0\\.layer\\.1\\.EncDecAttention\\." + BIAS + ".*")));
  }
}
