package org.bertology.api.model;

import java.util.OptionalInt;
import java.util.Set;
import org.bertology.api.graph.Value;

/**
 * RoBERTa (Liu et al., 2019), and XLM-R and CamemBERT, which differ from it in words alone:
 * positions count from after that of padding, and classifiers come without a pooler.
 *
 * @param paddingPosition the position of all padding
 */
public record Roberta(int paddingPosition) implements Family {
  @Override
  public String title() {
    return "RoBERTa";
  }

  @Override
  public Set<Task> tasks() {
    return EncoderTasks.ALL;
  }

  @Override
  public int firstPosition() {
    return paddingPosition + 1;
  }

  @Override
  public OptionalInt positionOfPadding() {
    return OptionalInt.of(paddingPosition);
  }

  @Override
  public void append(ModelBuilder model, Task task) {
    Scope embeddings = model.scope(Component.EMBEDDINGS, "roberta.embeddings.");
    Value embedded = new Embeddings(model).summed(embeddings).named(Hooks.EMBEDDINGS);
    Scope encoder = model.scope(Component.ATTENTION, "roberta.encoder.layer.");
    Value states = new BertLayers(model).encoder(encoder, embedded);
    new Heads(model).append(task, states);
  }

  private static final class Heads extends EncoderTasks {
    Heads(ModelBuilder model) {
      super(model);
    }

    @Override
    Value classes(Value states) {
      Value pooled = heads().pooled("classifier.dense", states);
      return heads().scope("classifier.out_proj").linear(pooled, config().labels());
    }

    @Override
    Value words(Value states) {
      Scope head = heads().scope("lm_head");
      Value dense = head.in("dense").linear(states, config().hiddenSize());
      Value normed = head.in("layer_norm").layerNorm(dense.gelu());
      Scope embeddings = heads().scope("roberta.embeddings.word_embeddings");
      return heads().words(normed, embeddings, head.in("decoder"), head);
    }

    @Override
    void encoder(Value states) {
      heads().pooled("roberta.pooler.dense", states);
    }
  }
}
