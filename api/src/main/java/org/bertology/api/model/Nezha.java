package org.bertology.api.model;

import java.util.Set;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Tensor;

/**
 * NEZHA (Wei et al., 2019): BERT whose positions are distances, added to keys and values in every
 * attention.
 *
 * @param maxDistance the farthest that two tokens are apart; beyond it all are alike
 */
public record Nezha(int maxDistance) implements Family {
  /** What the base of the slowest wave's period is in Vaswani et al. (2017). */
  private static final double BASE = 10_000;

  @Override
  public String title() {
    return "NEZHA";
  }

  @Override
  public Set<Task> tasks() {
    return EncoderTasks.ALL;
  }

  @Override
  public void append(ModelBuilder model, Task task) {
    Scope embeddings = model.scope(Component.EMBEDDINGS, "nezha.embeddings.");
    Value words = new Embeddings(model).typedWords(embeddings, model.config().hiddenSize());
    Value embedded = embeddings.in("LayerNorm").layerNorm(words).named(Hooks.EMBEDDINGS);
    Scope encoder = model.scope(Component.ATTENTION, "nezha.encoder.layer.");
    Value states = new DistantLayers(model, maxDistance).encoder(encoder, embedded);
    new BertTasks(model, "nezha").append(task, states);
  }

  /** For each query and key the row of the table of distances. */
  @Override
  public void addInputs(TransformerConfig config, ModelInputs inputs) {
    int length = inputs.length();
    long[] rows = new long[length * length];
    for (int query = 0; query < length; query++) {
      for (int key = 0; key < length; key++) {
        int distance = Math.max(-maxDistance, Math.min(maxDistance, key - query));
        rows[query * length + key] = (long) distance + maxDistance;
      }
    }
    inputs.with(ModelInputs.DISTANCES, Tensor.of(rows, length, length));
  }

  /**
   * Sines and cosines of distances {@code [2 · farthest + 1, size]}, in float arithmetic as in the
   * original code.
   */
  static Tensor waves(int farthest, int size) {
    int rows = 2 * farthest + 1;
    float[] table = new float[rows * size];
    float exponent = (float) (-Math.log(BASE) / size);
    for (int i = 0; i < table.length; i++) {
      int row = i / size;
      int column = i % size;
      int even = column - column % 2;
      float angle = row * (float) Math.exp(even * exponent);
      table[i] = (float) (column == even ? Math.sin(angle) : Math.cos(angle));
    }
    return Tensor.of(table, rows, size);
  }

  /** Layers whose keys and values depend on how far they are from the query. */
  private static final class DistantLayers extends BertLayers {
    private final ModelBuilder model;
    private final int maxDistance;

    DistantLayers(ModelBuilder model, int maxDistance) {
      super(model);
      this.model = model;
      this.maxDistance = maxDistance;
    }

    @Override
    Value attended(int layer, Value query, Value key, Value value) {
      Layers layers = layers();
      String name = layers.name(layer);
      Value queries = layers.split(layer, query).named(Hooks.query(name));
      Value keys = layers.split(layer, key).named(Hooks.key(name));
      Value values = layers.split(layer, value).named(Hooks.value(name));
      Value distances = distances(layers.geometry(layer).headSize());
      Value products = queries.matmul(keys, false, true).add(perQuery(queries, distances, true));
      Value probabilities =
          layers.probabilities(
              layer, products.mul(layers.scale(layer)), model.inputs().attentionBias());
      Value context = probabilities.matmul(values).add(perQuery(probabilities, distances, false));
      return layers.merged(layer, context);
    }

    /** What is added to the keys and values that a query sees {@code [T (query), T (key), D]}. */
    private Value distances(int size) {
      Value table = model.constant("bertology.distances", waves(maxDistance, size));
      return table.gather(model.inputs().distances(maxDistance));
    }

    /** x {@code [B, H, T (query), …]} times a matrix for each query. */
    private static Value perQuery(Value x, Value matrices, boolean transposed) {
      Value first = x.transpose(2, 0, 1, 3);
      Shape rows = Shape.of(x.dim(2), x.dim(0).times(x.dim(1)), x.dim(3));
      Value product = first.reshape(rows).matmul(matrices, false, transposed);
      Shape all = first.shape().with(3, product.dim(2));
      return product.reshape(all).transpose(1, 2, 0, 3);
    }
  }
}
