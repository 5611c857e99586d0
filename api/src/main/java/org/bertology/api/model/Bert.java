package org.bertology.api.model;

import java.util.Set;
import org.bertology.api.graph.Value;

/** BERT (Devlin et al., 2019), and UniLM (Dong et al., 2019), which is BERT seen another way. */
public record Bert() implements Family {
  @Override
  public String title() {
    return "BERT";
  }

  @Override
  public Set<Task> tasks() {
    return EncoderTasks.ALL;
  }

  @Override
  public void append(ModelBuilder model, Task task) {
    Scope embeddings = model.scope(Component.EMBEDDINGS, "bert.embeddings.");
    Value embedded = new Embeddings(model).summed(embeddings).named(Hooks.EMBEDDINGS);
    Scope encoder = model.scope(Component.ATTENTION, "bert.encoder.layer.");
    Value states = new BertLayers(model).encoder(encoder, embedded);
    new BertTasks(model, "bert").append(task, states);
  }
}
