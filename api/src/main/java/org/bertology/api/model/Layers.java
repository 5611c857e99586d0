package org.bertology.api.model;

import org.bertology.api.graph.Dim;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;

/**
 * What layers of all families share: attention by heads, activations, and their masks and hooks. B
 * batch, T sequence, H heads, D head size, W hidden width, F neurons.
 */
record Layers(ModelBuilder model) {

  private TransformerConfig config() {
    return model.config();
  }

  LayerGeometry geometry(int layer) {
    return config().layers().get(layer);
  }

  String name(int layer) {
    return config().layerName(layer);
  }

  /** x {@code [B, T, H·D]} as {@code [B, H, T, D]}. */
  Value split(int layer, Value x) {
    LayerGeometry geometry = geometry(layer);
    Shape heads = Shape.of(x.dim(0), x.dim(1), geometry.heads(), geometry.headSize());
    return x.reshape(heads).transpose(0, 2, 1, 3);
  }

  /**
   * Attention of Vaswani et al. (2017) up to its output projection, {@code [B, T, H·D]}.
   *
   * @param query projected, {@code [B, T (query), H·D]}
   * @param key projected, {@code [B, T (key), H·D]}
   * @param value projected, {@code [B, T (key), H·D]}
   * @param scale what products are multiplied by
   * @param bias added to scores
   */
  Value attended(int layer, Value query, Value key, Value value, double scale, Value bias) {
    String name = name(layer);
    Value queries = split(layer, query).named(Hooks.query(name));
    Value keys = split(layer, key).named(Hooks.key(name));
    Value values = split(layer, value).named(Hooks.value(name));
    Value products = queries.matmul(keys, false, true).mul(scale); // [B, H, T, T]
    return merged(layer, probabilities(layer, products, bias).matmul(values));
  }

  /** One over the root of the head size. */
  double scale(int layer) {
    return 1 / Math.sqrt(geometry(layer).headSize());
  }

  /** Softmax of products {@code [B, H, T (query), T (key)]} with the bias added. */
  Value probabilities(int layer, Value products, Value bias) {
    Value scores = products.add(bias).named(Hooks.scores(name(layer)));
    return scores.softmax().named(Hooks.probabilities(name(layer)));
  }

  /** Contexts {@code [B, H, T, D]} under their mask, as {@code [B, T, H·D]}. */
  Value merged(int layer, Value context) {
    Value masked = headMasked(layer, context.named(Hooks.context(name(layer))));
    Dim width = context.dim(1).times(context.dim(3));
    return masked.transpose(0, 2, 1, 3).reshape(Shape.of(context.dim(0), context.dim(2), width));
  }

  /**
   * The mask multiplies the context and not the probabilities: the product with the values is
   * linear, so the result and the mask's gradient are the same, and the probabilities stay clean.
   */
  private Value headMasked(int layer, Value context) {
    Shape heads = context.shape().slice(0, 2);
    return masked(Mask.HEADS, layer, context, heads, heads.append(1, 1), 3);
  }

  /** The activation of a feed-forward network, {@code [B, T, F]}, under its mask. */
  Value activated(int layer, Value pre) {
    return neuronMasked(
        layer, config().activation().of(pre.named(Hooks.feedforwardPre(name(layer)))));
  }

  /** An activation {@code [B, T, F]} under its mask. */
  Value neuronMasked(int layer, Value activation) {
    Shape shape = activation.shape();
    Shape neurons = Shape.of(shape.dim(0), shape.dim(2));
    Value named = activation.named(Hooks.feedforwardActivation(name(layer)));
    return masked(Mask.NEURONS, layer, named, neurons, shape.with(1, Dim.ONE), -1);
  }

  /** x times its mask, which has one number along the axis {@code single}, if there is such. */
  private Value masked(Mask kind, int layer, Value x, Shape factors, Shape expanded, int single) {
    if (!model.has(kind)) {
      return x;
    }
    Shape shape = single < 0 ? x.shape() : x.shape().with(single, Dim.ONE);
    return x.mul(gate(kind, layer, factors, expanded, shape));
  }

  /** A layer's output {@code [B, T, W]} under its mask. */
  Value layerMasked(int layer, Value before, Value after) {
    if (!model.has(Mask.LAYERS)) {
      return after.named(name(layer));
    }
    Shape batch = Shape.of(before.dim(0));
    Shape shape = before.shape().with(2, Dim.ONE);
    Value gate = gate(Mask.LAYERS, layer, batch, batch.append(1, 1), shape);
    return before.add(gate.mul(after.sub(before))).named(name(layer));
  }

  private Value gate(Mask kind, int layer, Shape factors, Shape expanded, Shape shape) {
    return model
        .inputs()
        .mask(kind, layer, factors, expanded)
        .broadcast(shape)
        .named(Hooks.gate(kind, name(layer)));
  }
}
