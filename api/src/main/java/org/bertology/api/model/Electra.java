package org.bertology.api.model;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.bertology.api.graph.Value;

/**
 * ELECTRA (Clark et al., 2020): the discriminator, which tells tokens that were replaced, and the
 * generator, which replaces them.
 *
 * @param embeddingSize the width of the embeddings, which are mapped to the hidden width if that is
 *     another
 */
public record Electra(int embeddingSize) implements Family {
  private static final Set<Task> TASKS = withReplacedTokens();

  private static Set<Task> withReplacedTokens() {
    Set<Task> tasks = EnumSet.copyOf(EncoderTasks.ALL);
    tasks.add(Task.REPLACED_TOKEN_DETECTION);
    return Collections.unmodifiableSet(tasks);
  }

  @Override
  public String title() {
    return "ELECTRA";
  }

  @Override
  public Set<Task> tasks() {
    return TASKS;
  }

  @Override
  public void append(ModelBuilder model, Task task) {
    Value embedded = embedded(model).named(Hooks.EMBEDDINGS);
    Scope encoder = model.scope(Component.ATTENTION, "electra.encoder.layer.");
    Value states = new BertLayers(model).encoder(encoder, embedded);
    Heads heads = new Heads(model);
    if (task == Task.REPLACED_TOKEN_DETECTION) {
      heads.heads().replacedTokens(heads.replaced(states));
    } else {
      heads.append(task, states);
    }
  }

  private Value embedded(ModelBuilder model) {
    int width = model.config().hiddenSize();
    Scope base = model.scope(Component.EMBEDDINGS, "electra.");
    Value sum = new Embeddings(model).summed(base.in("embeddings"), embeddingSize);
    return embeddingSize == width ? sum : base.in("embeddings_project").linear(sum, width);
  }

  private final class Heads extends EncoderTasks {
    Heads(ModelBuilder model) {
      super(model);
    }

    @Override
    Value classes(Value states) {
      Scope classifier = heads().scope("classifier");
      Scope dense = classifier.in("dense");
      Value pooled = dense.linear(TaskHeads.first(states), config().hiddenSize()).gelu();
      return classifier.in("out_proj").linear(pooled.named(Hooks.POOLED), config().labels());
    }

    /** Logits of having been replaced {@code [B, T]}. */
    Value replaced(Value states) {
      Scope predictions = heads().scope("discriminator_predictions");
      Value dense = predictions.in("dense").linear(states, config().hiddenSize());
      return predictions.in("dense_prediction").linear(config().activation().of(dense), 1);
    }

    @Override
    Value words(Value states) {
      Scope predictions = heads().scope("generator_predictions");
      Value dense = predictions.in("dense").linear(states, embeddingSize).gelu();
      Value normed = predictions.in("LayerNorm").layerNorm(dense);
      Scope head = heads().scope("generator_lm_head");
      return heads().words(normed, heads().scope("electra.embeddings.word_embeddings"), head, head);
    }

    @Override
    void encoder(Value states) {}
  }
}
