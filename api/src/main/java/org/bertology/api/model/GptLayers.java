package org.bertology.api.model;

import org.bertology.api.graph.Dim;
import org.bertology.api.graph.Value;

/**
 * What GPT and GPT-2 share: the parts of layers, with weights as {@code [in, out]} and query, key
 * and value as one map. B batch, T sequence, W hidden width.
 */
final class GptLayers {
  static final String PREFIX = "transformer.";

  private final ModelBuilder model;
  private final Layers layers;

  GptLayers(ModelBuilder model) {
    this.model = model;
    this.layers = new Layers(model);
  }

  /** A layer of states {@code [B, T, W]}. */
  @FunctionalInterface
  interface Layer {
    Value of(Scope scope, int layer, Value x);
  }

  /** Words and positions, added {@code [B, T, W]}. */
  Value embedded(String words, String positions) {
    TransformerConfig config = model.config();
    Scope scope = model.scope(Component.EMBEDDINGS, PREFIX);
    int width = config.hiddenSize();
    Value sum =
        new Embeddings(model)
            .table(scope.in(words), ModelInputs.INPUT_IDS, config.vocabularySize(), width)
            .add(model.inputs().positions(scope.in(positions), width));
    return sum.named(Hooks.EMBEDDINGS);
  }

  /** All layers over x {@code [B, T, W]}. */
  Value decoder(Value x, Layer layer) {
    Scope all = model.scope(Component.ATTENTION, PREFIX + "h.");
    Value state = x;
    for (int i = 0; i < model.config().layers().size(); i++) {
      Scope scope = all.in("" + i).ofLayer(i, Component.ATTENTION);
      state = layers.layerMasked(i, state, layer.of(scope, i, state));
    }
    return state;
  }

  /** One over the root of the head size. */
  double scale(int layer) {
    return layers.scale(layer);
  }

  /** What an attention adds to the states, from x {@code [B, T, W]}. */
  Value attention(Scope layerScope, int layer, Value x, double scale) {
    LayerGeometry geometry = layers.geometry(layer);
    Scope s = layerScope.in("attn");
    return (geometry.heads() == 0
            ? s.in("c_proj").biasLike(x)
            : attention(s, layer, Units.heads(geometry), x, scale))
        .named(Hooks.attentionOutput(layers.name(layer)));
  }

  private Value attention(Scope s, int layer, Units heads, Value x, double scale) {
    Value fused = s.in("c_attn").transposedTo(heads, 3, x);
    Dim width = Dim.of(heads.width());
    Value query = fused.slice(2, 0, width);
    Value key = fused.slice(2, heads.width(), width);
    Value value = fused.slice(2, 2 * heads.width(), width);
    Value bias = model.inputs().attentionBias();
    Value attended = layers.attended(layer, query, key, value, scale, bias);
    return s.in("c_proj").transposedFrom(heads, attended, model.config().hiddenSize());
  }

  /** What a feed-forward network adds to the states, from x {@code [B, T, W]}. */
  Value feedforward(Scope layerScope, int layer, Value x) {
    LayerGeometry geometry = layers.geometry(layer);
    Scope s = layerScope.of(Component.FEEDFORWARD).in("mlp");
    return (geometry.intermediateSize() == 0
            ? s.in("c_proj").biasLike(x)
            : feedforward(s, layer, Units.neurons(geometry), x))
        .named(Hooks.feedforwardOutput(layers.name(layer)));
  }

  private Value feedforward(Scope s, int layer, Units neurons, Value x) {
    Value activation = layers.activated(layer, s.in("c_fc").transposedTo(neurons, 1, x));
    return s.in("c_proj").transposedFrom(neurons, activation, model.config().hiddenSize());
  }

  /** What a task makes of the last states. */
  void head(Task task, Value states, String words) {
    TaskHeads heads = new TaskHeads(model);
    switch (task) {
      case CAUSAL_LM -> {
        Scope embeddings = model.scope(Component.HEAD, PREFIX).in(words);
        heads.tokenClasses(heads.words(states, embeddings, heads.scope("lm_head")));
      }
      case SEQUENCE_CLASSIFICATION -> heads.classes(score(heads, states));
      case REGRESSION -> heads.number(score(heads, states));
      case TOKEN_CLASSIFICATION -> heads.tokenClasses(heads.classifier(states));
      default -> {}
    }
  }

  /** Outputs from the last token, which alone has seen all others, {@code [B, labels]}. */
  private Value score(TaskHeads heads, Value states) {
    Value last = heads.last(states);
    int labels = model.config().labels();
    return last.linear(heads.scope("score").parameter("weight", labels, last.shape().last()));
  }
}
