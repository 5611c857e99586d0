package org.bertology.api.model;

import org.bertology.api.graph.Value;

/** Heads with BERT's parameter names. B batch, T sequence, W hidden width. */
final class BertTasks extends EncoderTasks {
  private final String base;

  /**
   * The heads of a model.
   *
   * @param base what the names of the model without a task begin with, such as {@code bert}
   */
  BertTasks(ModelBuilder model, String base) {
    super(model);
    this.base = base;
  }

  @Override
  Value classes(Value states) {
    return heads().classifier(pooled(states));
  }

  @Override
  Value words(Value states) {
    Scope predictions = heads().scope("cls.predictions");
    Value dense = predictions.in("transform.dense").linear(states, config().hiddenSize());
    Value normed = predictions.in("transform.LayerNorm").layerNorm(config().activation().of(dense));
    Scope embeddings = heads().scope(base + ".embeddings.word_embeddings");
    return heads().words(normed, embeddings, predictions.in("decoder"), predictions);
  }

  @Override
  void encoder(Value states) {
    pooled(states);
  }

  private Value pooled(Value states) {
    return heads().pooled(base + ".pooler.dense", states);
  }
}
