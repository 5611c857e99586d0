package org.bertology.api.model;

import java.util.List;
import java.util.Set;
import org.bertology.api.graph.Value;

/**
 * ALBERT (Lan et al., 2020): narrow embeddings, and groups of layers that share one set of
 * parameters. What a layer does still depends on what it is given, so each has masks and scores of
 * its own.
 *
 * @param embeddingSize the width of the embeddings, which are mapped to the hidden width
 * @param layers how many there are
 * @param groups how many sets of parameters there are for them; as many as layers if none is shared
 */
public record Albert(int embeddingSize, int layers, int groups) implements Family {
  private static final LayerNames NAMES =
      new LayerNames(
          "attention.query",
          "attention.key",
          "attention.value",
          "attention.dense",
          "attention.LayerNorm",
          "ffn",
          "ffn_output",
          "full_layer_layer_norm");

  public Albert {
    if (groups < 1 || groups > layers) {
      throw new IllegalArgumentException(
          "%d layers share 1 to %d sets of parameters, got %d".formatted(layers, layers, groups));
    }
  }

  @Override
  public String title() {
    return "ALBERT";
  }

  @Override
  public Set<Task> tasks() {
    return EncoderTasks.ALL;
  }

  /** Divided as the original code does. */
  @Override
  public int parameterSet(int layer) {
    return (int) (layer / ((double) layers / groups));
  }

  @Override
  public Family unshared() {
    return new Albert(embeddingSize, layers, layers);
  }

  /**
   * The same after layers were taken away.
   *
   * @throws IllegalArgumentException if those that are left do not share as groups of them would
   */
  @Override
  public Family keeping(List<Integer> kept) {
    if (kept.size() == layers || kept.isEmpty()) {
      return this;
    }
    List<Integer> sets = kept.stream().map(this::parameterSet).distinct().toList();
    Albert left = new Albert(embeddingSize, kept.size(), sets.size());
    for (int layer = 0; layer < kept.size(); layer++) {
      if (sets.indexOf(parameterSet(kept.get(layer))) != left.parameterSet(layer)) {
        throw new IllegalArgumentException(
            "the %d layers that are left would share %d sets of parameters unevenly, which ALBERT cannot; take others away, or give each layer its own parameters with --unshare"
                .formatted(kept.size(), sets.size()));
      }
    }
    return left;
  }

  @Override
  public void append(ModelBuilder model, Task task) {
    Scope base = model.scope(Component.EMBEDDINGS, "albert.");
    Value narrow = new Embeddings(model).summed(base.in("embeddings"), embeddingSize);
    Scope mapping = base.in("encoder.embedding_hidden_mapping_in");
    Value embedded = mapping.linear(narrow, model.config().hiddenSize()).named(Hooks.EMBEDDINGS);
    Value states = new BertLayers(model, NAMES).encoder(layer -> layer(model, layer), embedded);
    new Heads(model).append(task, states);
  }

  private Scope layer(ModelBuilder model, int layer) {
    String group = "albert.encoder.albert_layer_groups.%d.albert_layers.0.";
    return model.scope(Component.ATTENTION, group.formatted(parameterSet(layer)));
  }

  private final class Heads extends EncoderTasks {
    Heads(ModelBuilder model) {
      super(model);
    }

    @Override
    Value classes(Value states) {
      return heads().classifier(pooled(states));
    }

    private Value pooled(Value states) {
      return heads().pooled("albert.pooler", states);
    }

    @Override
    Value words(Value states) {
      Scope predictions = heads().scope("predictions");
      Value dense = predictions.in("dense").linear(states, embeddingSize);
      Value normed = predictions.in("LayerNorm").layerNorm(config().activation().of(dense));
      Scope embeddings = heads().scope("albert.embeddings.word_embeddings");
      return heads().words(normed, embeddings, predictions.in("decoder"), predictions);
    }

    @Override
    void encoder(Value states) {
      pooled(states);
    }
  }
}
