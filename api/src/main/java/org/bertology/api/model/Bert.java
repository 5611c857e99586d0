package org.bertology.api.model;

import java.util.EnumSet;
import java.util.Set;
import org.bertology.api.graph.Value;

/** BERT (Devlin et al., 2019), and UniLM (Dong et al., 2019), which is BERT seen another way. */
public record Bert() implements Family {
  private static final Set<Task> TASKS =
      EnumSet.of(
          Task.SEQUENCE_CLASSIFICATION,
          Task.REGRESSION,
          Task.TOKEN_CLASSIFICATION,
          Task.MASKED_LM,
          Task.ENCODER);

  @Override
  public String title() {
    return "BERT";
  }

  @Override
  public Set<Task> tasks() {
    return TASKS;
  }

  @Override
  public void append(ModelBuilder model, Task task) {
    Scope embeddings = model.scope(Component.EMBEDDINGS, "bert.embeddings.");
    Value embedded = new Embeddings(model).summed(embeddings).named(Hooks.EMBEDDINGS);
    Scope encoder = model.scope(Component.ATTENTION, "bert.encoder.layer.");
    Value states = new BertLayers(model).encoder(encoder, embedded);
    TaskHeads heads = new TaskHeads(model);
    switch (task) {
      case SEQUENCE_CLASSIFICATION -> heads.classes(heads.classifier(pooled(heads, states)));
      case REGRESSION -> heads.number(heads.classifier(pooled(heads, states)));
      case TOKEN_CLASSIFICATION -> heads.tokenClasses(heads.classifier(states));
      case MASKED_LM -> heads.tokenClasses(words(heads, embeddings, states));
      default -> pooled(heads, states);
    }
  }

  /** The first token's state, mapped and squashed {@code [B, W]}. */
  private static Value pooled(TaskHeads heads, Value states) {
    int width = heads.model().config().hiddenSize();
    Scope dense = heads.scope("bert.pooler.dense");
    return dense.linear(TaskHeads.first(states), width).tanh().named(Hooks.POOLED);
  }

  private static Value words(TaskHeads heads, Scope embeddings, Value states) {
    TransformerConfig config = heads.model().config();
    Scope predictions = heads.scope("cls.predictions");
    Value dense = predictions.in("transform.dense").linear(states, config.hiddenSize());
    Value normed = predictions.in("transform.LayerNorm").layerNorm(config.activation().of(dense));
    return heads.words(
        normed, embeddings.in("word_embeddings"), predictions.in("decoder"), predictions);
  }
}
