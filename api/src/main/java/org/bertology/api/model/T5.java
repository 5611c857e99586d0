package org.bertology.api.model;

import java.util.EnumSet;
import java.util.Set;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;

/**
 * T5 (Raffel et al., 2020): an encoder and a decoder of layers that are normalised before each
 * part, by their root mean square; positions are relative and added to scores; linear maps have no
 * biases. Version 1.0 has a plain feed-forward network and shares the word embeddings with the
 * output, 1.1 has a gated one and does not.
 *
 * @param buckets rows of the tables of relative positions
 * @param maxDistance from which on all positions are in one bucket
 * @param gated whether the activation is multiplied by a second linear map
 * @param biasPerLayer whether each layer has a table of relative positions of its own, with its own
 *     heads, as is the case after heads or layers were taken away; otherwise a stack shares one
 * @param startId the token that the decoder begins with
 */
public record T5(int buckets, int maxDistance, boolean gated, boolean biasPerLayer, int startId)
    implements Family {
  private static final Set<Task> TASKS = EnumSet.of(Task.SEQ2SEQ_LM);

  public T5 {
    if (buckets < 4 || buckets % 2 != 0 || maxDistance <= buckets / 2) {
      throw new IllegalArgumentException(
          "relative positions need an even number of 4 or more buckets and a distance of more than half as many, got %d buckets and a distance of %d"
              .formatted(buckets, maxDistance));
    }
    if (startId < 0) {
      throw new IllegalArgumentException("token ids start at 0, got " + startId);
    }
  }

  @Override
  public String title() {
    return "T5";
  }

  @Override
  public Set<Task> tasks() {
    return TASKS;
  }

  @Override
  public String lastState(TransformerConfig config, Stack stack) {
    return Hooks.normed(stack);
  }

  @Override
  public Family cut() {
    return new T5(buckets, maxDistance, gated, true, startId);
  }

  @Override
  public void addInputs(TransformerConfig config, ModelInputs inputs) {
    inputs.pairs(ModelInputs.RELATIVE_BUCKETS, inputs.length(), this::encoderBucket);
    if (inputs.targetLength() > 0) {
      inputs.pairs(ModelInputs.DECODER_BUCKETS, inputs.targetLength(), this::decoderBucket);
    }
  }

  /** The bucket of what lies on both sides. */
  int encoderBucket(int query, int key) {
    int half = buckets / 2;
    return (key > query ? half : 0) + bucket(Math.abs(key - query), half);
  }

  /** The bucket of what lies to the left. */
  int decoderBucket(int query, int key) {
    return bucket(Math.max(query - key, 0), buckets);
  }

  // In single precision, as the library computes it: on a bound between buckets the last bit
  // counts.
  private int bucket(int distance, int count) {
    int exact = count / 2;
    if (distance < exact) {
      return distance;
    }
    float position = (float) Math.log((float) distance / exact);
    float scale = (float) Math.log((double) maxDistance / exact);
    return Math.min(count - 1, exact + (int) (position / scale * (count - exact)));
  }

  @Override
  public void append(ModelBuilder model, Task task) {
    Value states = encoder(model);
    TransformerConfig config = model.config();
    Value decoded = decoder(model, states);
    // Tied weights are those of the embeddings, which are larger.
    Value scaled =
        config.tiedEmbeddings() ? decoded.mul(1 / Math.sqrt(config.hiddenSize())) : decoded;
    TaskHeads heads = new TaskHeads(model);
    Scope words = model.scope(Component.HEAD, "shared.");
    heads.tokenClasses(heads.words(scaled, words, heads.scope("lm_head")));
  }

  private static Value embedded(ModelBuilder model, Stack stack, Value ids) {
    TransformerConfig config = model.config();
    return model
        .scope(Component.EMBEDDINGS, "shared.")
        .embedding(ids, config.vocabularySize(), config.hiddenSize())
        .named(Hooks.embeddings(stack));
  }

  private Value encoder(ModelBuilder model) {
    T5Layers layers = new T5Layers(model, this);
    Value ids = model.graph().input(ModelInputs.INPUT_IDS, ElementType.INT, ModelInputs.TOKENS);
    Value state = embedded(model, Stack.ENCODER, ids);
    Value buckets =
        model.inputs().pairs(ModelInputs.RELATIVE_BUCKETS, ids.dim(1), this::encoderBucket);
    for (int i = 0; i < model.config().count(Stack.ENCODER); i++) {
      Scope block = model.scope(Component.ATTENTION, "encoder.block." + i + ".");
      int layer = model.config().first(Stack.ENCODER) + i;
      Value middle =
          layers.selfAttention(block, layer, state, buckets, model.inputs().attentionBias());
      Value after = layers.feedforward(block, "layer.1", layer, middle);
      state = layers.masked(layer, state, after);
    }
    return layers.normed(Stack.ENCODER, state);
  }

  private Value decoder(ModelBuilder model, Value encoded) {
    T5Layers layers = new T5Layers(model, this);
    Shape tokens = ModelInputs.TARGET_TOKENS;
    Value ids = model.graph().input(ModelInputs.DECODER_INPUT_IDS, ElementType.INT, tokens);
    Value state = embedded(model, Stack.DECODER, ids);
    Value buckets =
        model.inputs().pairs(ModelInputs.DECODER_BUCKETS, tokens.dim(1), this::decoderBucket);
    for (int i = 0; i < model.config().count(Stack.DECODER); i++) {
      Scope block = model.scope(Component.ATTENTION, "decoder.block." + i + ".");
      int layer = model.config().first(Stack.DECODER) + i;
      int cross = model.config().first(Stack.CROSS) + i;
      Value seen = layers.selfAttention(block, layer, state, buckets, model.inputs().decoderBias());
      Value crossed = layers.crossAttention(block, cross, seen, encoded);
      Value after = layers.feedforward(block, "layer.2", layer, crossed);
      state = layers.masked(layer, state, after);
    }
    return layers.normed(Stack.DECODER, state);
  }
}
