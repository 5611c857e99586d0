package org.bertology.api.model;

import org.bertology.api.graph.Dim;
import org.bertology.api.graph.Value;

/** What comes after the states, as far as families agree. B batch, T sequence, W hidden width. */
record TaskHeads(ModelBuilder model) {
  /** What a squared length is at least, so that there is a cosine of nothing, and a gradient. */
  private static final double LEAST_SQUARE = 1e-16;

  /** Logits of one label per example {@code [B, C]}, their loss and entropy. */
  void classes(Value logits) {
    Losses.crossEntropy(logits.named(Hooks.LOGITS)).named(Hooks.LOSS);
    Losses.entropy(logits).named(Hooks.ENTROPY);
  }

  /**
   * A number per example {@code [B, 1]} and its loss.
   *
   * @throws IllegalArgumentException if there is not exactly one label
   */
  void number(Value prediction) {
    if (model.config().labels() != 1) {
      throw new IllegalArgumentException(
          "regression has 1 output, this model has %d labels".formatted(model.config().labels()));
    }
    Losses.squaredError(prediction.named(Hooks.LOGITS)).named(Hooks.LOSS);
  }

  /**
   * The embeddings of the texts in states {@code [B, T, W]}; of two texts in a row, the cosine
   * {@code [B, 1]} and its loss.
   *
   * @throws IllegalArgumentException if the configuration does not say how states are pooled
   */
  void sentences(Value states) {
    Pooling pooling =
        model
            .config()
            .pooling()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "sentence embedding needs a pooling: mean, cls or max"));
    Value sentences = pooling.of(states, model.inputs().sentences(pooling)).named(Hooks.SENTENCES);
    sentences.slice(1, 0).squeeze(1).named(Hooks.SENTENCE);
    if (!sentences.dim(1).equals(Dim.ONE)) {
      Value cosine = cosine(sentences.slice(1, 0).squeeze(1), sentences.slice(1, 1).squeeze(1));
      Losses.squaredError(cosine.named(Hooks.LOGITS)).named(Hooks.LOSS);
    }
  }

  /** Of rows {@code [B, W]}, {@code [B, 1]}; 0 where one has no length. */
  private static Value cosine(Value a, Value b) {
    return a.mul(b).sum(1).div(length(a).mul(length(b)));
  }

  private static Value length(Value rows) {
    return rows.square().sum(1).maximum(rows.graph().scalar(LEAST_SQUARE)).sqrt();
  }

  /** Logits of one label or word per token {@code [B, T, C]}, their loss, accuracy, entropy. */
  void tokenClasses(Value logits) {
    Losses.tokenCrossEntropy(logits.named(Hooks.LOGITS)).named(Hooks.LOSS);
    Losses.tokenAccuracy(logits).named(Hooks.ACCURACY);
    Losses.tokenEntropy(logits).named(Hooks.ENTROPY);
  }

  /** Logits of one number per token {@code [B, T, 1]}, as {@code [B, T]}, their loss, entropy. */
  void replacedTokens(Value numbers) {
    Value logits = numbers.squeeze(2).named(Hooks.LOGITS);
    Losses.tokenBinaryCrossEntropy(logits).named(Hooks.LOSS);
    Losses.tokenBinaryEntropy(logits).named(Hooks.ENTROPY);
  }

  /** The linear map {@code classifier} to as many outputs as there are labels. */
  Value classifier(Value x) {
    return scope("classifier").linear(x, model.config().labels());
  }

  /** Names that belong to a task. */
  Scope scope(String prefix) {
    return model.scope(Component.HEAD, prefix + ".");
  }

  /** The first token's state, mapped by {@code dense} and squashed {@code [B, W]}. */
  Value pooled(String dense, Value states) {
    int width = model.config().hiddenSize();
    return scope(dense).linear(first(states), width).tanh().named(Hooks.POOLED);
  }

  /** The state of the first token, {@code [B, W]}. */
  static Value first(Value states) {
    return states.slice(1, 0).squeeze(1);
  }

  /** The state of each example's last token, {@code [B, W]}. */
  Value last(Value states) {
    Value last = model.inputs().lastTokens();
    return states.mul(last.reshape(last.shape().append(1))).sum(1).squeeze(1);
  }

  /**
   * Words from states in the width of the embeddings, by a weight that is shared with the word
   * embeddings unless the model has its own, {@code [B, T, words]}.
   *
   * @param embeddings the names of the word embeddings
   * @param own the names of a weight of its own
   * @param bias the names of the bias
   */
  Value words(Value states, Scope embeddings, Scope own, Scope bias) {
    int words = model.config().vocabularySize();
    return states.linear(wordWeight(states, embeddings, own), bias.parameter("bias", words));
  }

  /** The same without a bias. */
  Value words(Value states, Scope embeddings, Scope own) {
    return states.linear(wordWeight(states, embeddings, own));
  }

  private Value wordWeight(Value states, Scope embeddings, Scope own) {
    Scope weights = model.config().tiedEmbeddings() ? embeddings : own;
    int words = model.config().vocabularySize();
    return weights.of(Component.HEAD).parameter("weight", words, states.shape().last());
  }
}
