package org.bertology.api.model;

import java.util.function.IntFunction;
import org.bertology.api.graph.Value;

/**
 * Layers put together as BERT's, each normalised after its two parts as in Vaswani et al. (2017)
 * and Devlin et al. (2019).
 */
class BertLayers {
  private final ModelBuilder model;
  private final Layers layers;
  private final LayerNames names;

  BertLayers(ModelBuilder model) {
    this(model, LayerNames.BERT);
  }

  BertLayers(ModelBuilder model, LayerNames names) {
    this.model = model;
    this.layers = new Layers(model);
    this.names = names;
  }

  final Layers layers() {
    return layers;
  }

  /** All layers over x {@code [B, T, W]}. */
  final Value encoder(Scope scope, Value x) {
    return encoder(layer -> scope.in("" + layer), x);
  }

  /** The same where the names of layers are found in another way. */
  final Value encoder(IntFunction<Scope> scopes, Value x) {
    Value state = x;
    for (int i = 0; i < model.config().layers().size(); i++) {
      Scope layer = scopes.apply(i).ofLayer(i, Component.ATTENTION);
      state = layers.layerMasked(i, state, layer(layer, i, state));
    }
    return state;
  }

  private Value layer(Scope s, int layer, Value x) {
    String name = layers.name(layer);
    Value attended = attention(s, layer, x).named(Hooks.attentionOutput(name));
    Value middle = s.in(names.attentionNorm()).layerNorm(x.add(attended));
    Scope feedforward = s.of(Component.FEEDFORWARD);
    Value fed = feedforward(feedforward, layer, middle).named(Hooks.feedforwardOutput(name));
    return feedforward.in(names.outputNorm()).layerNorm(middle.add(fed));
  }

  private Value attention(Scope s, int layer, Value x) {
    LayerGeometry geometry = layers.geometry(layer);
    Scope output = s.in(names.attentionOutput());
    if (geometry.heads() == 0) {
      return output.biasLike(x);
    }
    Units heads = Units.heads(geometry);
    Value query = s.in(names.query()).linearTo(heads, x);
    Value key = s.in(names.key()).linearTo(heads, x);
    Value value = s.in(names.value()).linearTo(heads, x);
    Value attended = attended(layer, query, key, value);
    return output.linearFrom(heads, attended, model.config().hiddenSize());
  }

  /** What the heads found, {@code [B, T, H·D]}, from projections of that shape. */
  Value attended(int layer, Value query, Value key, Value value) {
    Value bias = model.inputs().attentionBias();
    return layers.attended(layer, query, key, value, layers.scale(layer), bias);
  }

  private Value feedforward(Scope s, int layer, Value x) {
    LayerGeometry geometry = layers.geometry(layer);
    Scope output = s.in(names.output());
    if (geometry.intermediateSize() == 0) {
      return output.biasLike(x);
    }
    Units neurons = Units.neurons(geometry);
    Value pre = s.in(names.intermediate()).linearTo(neurons, x);
    return output.linearFrom(neurons, layers.activated(layer, pre), model.config().hiddenSize());
  }
}
