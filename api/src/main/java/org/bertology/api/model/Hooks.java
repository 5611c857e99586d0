package org.bertology.api.model;

/**
 * The names of values that can be observed, differentiated, replaced and cut: one vocabulary for
 * all families. What is in a layer begins with the name of the layer. Layers count from 0. B batch,
 * T sequence, H heads, D head size, W hidden width, F neurons.
 */
public final class Hooks {
  /** The first layer's input {@code [B, T, W]}. */
  public static final String EMBEDDINGS = "embeddings";

  /** The input of a stack's first layer {@code [B, T, W]}. */
  public static String embeddings(Stack stack) {
    return stack.prefix() + EMBEDDINGS;
  }

  /**
   * The first token's state after the pooler {@code [B, W]}, or after what a classifier has in its
   * place.
   */
  public static final String POOLED = "pooled";

  /** The embeddings of the two texts of a row {@code [B, 2, W]}, see {@link Pooling}. */
  public static final String SENTENCES = "sentences";

  /** The embedding of the first text of a row {@code [B, W]}. */
  public static final String SENTENCE = "sentence";

  /**
   * {@code [B, labels]}, or {@code [B, T, labels]} of tasks per token; {@code [B, T]} of
   * replaced-token detection; the cosine {@code [B, 1]} of sentence embedding.
   */
  public static final String LOGITS = "logits";

  /** The loss of each example {@code [B]}. */
  public static final String LOSS = "loss";

  /**
   * The entropy of what is predicted, in nats {@code [B]}: of classes, or its mean over the tokens
   * that {@link ModelInputs#LABEL_WEIGHTS} has. It needs no labels; a regressor has none.
   */
  public static final String ENTROPY = "entropy";

  /**
   * In tasks per token, which part of an example's labelled tokens has the label's logit as its
   * largest {@code [B]}.
   */
  public static final String ACCURACY = "accuracy";

  private Hooks() {}

  /**
   * What the last layer norm makes of the last layer's output {@code [B, T, W]}; only in families
   * that have such a norm after all layers.
   */
  public static String normed(Stack stack) {
    return stack.prefix() + "normed";
  }

  /**
   * The output of a layer {@code [B, T, W]} of a model that is one stack: its name, which those of
   * the values in it begin with. See {@link TransformerConfig#layerName} for all models.
   */
  public static String layer(int layer) {
    return layer(Stack.SINGLE, layer);
  }

  /** The name of a layer, counted from 0 in its stack, such as {@code decoder.layer.2}. */
  public static String layer(Stack stack, int layer) {
    return stack.prefix() + "layer." + layer;
  }

  /** {@code [B, H, T, D]}. */
  public static String query(String layer) {
    return attention(layer, "query");
  }

  /** {@code [B, H, T, D]}. */
  public static String key(String layer) {
    return attention(layer, "key");
  }

  /** {@code [B, H, T, D]}. */
  public static String value(String layer) {
    return attention(layer, "value");
  }

  /** Scaled products with the attention bias added {@code [B, H, T (query), T (key)]}. */
  public static String scores(String layer) {
    return attention(layer, "scores");
  }

  /** Softmax of the scores {@code [B, H, T (query), T (key)]}; rows sum to one. */
  public static String probabilities(String layer) {
    return attention(layer, "probabilities");
  }

  /** What each head found, before its mask and the output projection {@code [B, H, T, D]}. */
  public static String context(String layer) {
    return attention(layer, "context");
  }

  /**
   * A mask as it multiplies what it masks, one number per token: {@code [B, H, T, 1]} for heads,
   * {@code [B, T, F]} for neurons, {@code [B, T, 1]} for layers; only in models built with that
   * kind of mask. Its gradient is the derivative of the loss with respect to the mask at one token.
   */
  public static String gate(Mask kind, String layer) {
    return switch (kind) {
      case HEADS -> attention(layer, "gate");
      case NEURONS -> feedforward(layer, "gate");
      case LAYERS -> layer + ".gate";
    };
  }

  /** The output projection of all heads {@code [B, T, W]}. */
  public static String attentionOutput(String layer) {
    return attention(layer, "output");
  }

  /** Before the activation {@code [B, T, F]}. */
  public static String feedforwardPre(String layer) {
    return feedforward(layer, "pre");
  }

  /** After the activation, before its mask {@code [B, T, F]}. */
  public static String feedforwardActivation(String layer) {
    return feedforward(layer, "activation");
  }

  /** The second linear map of the feed-forward network {@code [B, T, W]}. */
  public static String feedforwardOutput(String layer) {
    return feedforward(layer, "output");
  }

  private static String attention(String layer, String what) {
    return layer + ".attention." + what;
  }

  private static String feedforward(String layer, String what) {
    return layer + ".feedforward." + what;
  }
}
