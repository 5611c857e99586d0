package org.bertology.api.model;

import java.util.Set;
import org.bertology.api.graph.Value;

/** DistilBERT (Sanh et al., 2019): BERT's layers without token types and without a pooler. */
public record DistilBert() implements Family {
  private static final LayerNames NAMES =
      new LayerNames(
          "attention.q_lin",
          "attention.k_lin",
          "attention.v_lin",
          "attention.out_lin",
          "sa_layer_norm",
          "ffn.lin1",
          "ffn.lin2",
          "output_layer_norm");

  @Override
  public String title() {
    return "DistilBERT";
  }

  @Override
  public Set<Task> tasks() {
    return EncoderTasks.ALL;
  }

  @Override
  public void append(ModelBuilder model, Task task) {
    Scope embeddings = model.scope(Component.EMBEDDINGS, "distilbert.embeddings.");
    Value embedded = new Embeddings(model).summed(embeddings).named(Hooks.EMBEDDINGS);
    Scope layers = model.scope(Component.ATTENTION, "distilbert.transformer.layer.");
    Value states = new BertLayers(model, NAMES).encoder(layers, embedded);
    new Heads(model).append(task, states);
  }

  private static final class Heads extends EncoderTasks {
    Heads(ModelBuilder model) {
      super(model);
    }

    @Override
    Value classes(Value states) {
      Scope dense = heads().scope("pre_classifier");
      Value first = dense.linear(TaskHeads.first(states), config().hiddenSize());
      return heads().classifier(first.relu().named(Hooks.POOLED));
    }

    @Override
    Value words(Value states) {
      Value dense = heads().scope("vocab_transform").linear(states, config().hiddenSize());
      Value normed = heads().scope("vocab_layer_norm").layerNorm(config().activation().of(dense));
      Scope embeddings = heads().scope("distilbert.embeddings.word_embeddings");
      Scope projector = heads().scope("vocab_projector");
      return heads().words(normed, embeddings, projector, projector);
    }

    @Override
    void encoder(Value states) {}
  }
}
