package org.bertology.api.model;

import org.bertology.api.graph.Dim;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;

/**
 * The parts of T5's layers. A part without heads or neurons adds nothing; its norm is idle. B
 * batch, T sequence, H heads, W hidden width.
 */
final class T5Layers {
  private static final String TABLE = "relative_attention_bias";

  private final ModelBuilder model;
  private final T5 family;
  private final Layers layers;

  T5Layers(ModelBuilder model, T5 family) {
    this.model = model;
    this.family = family;
    this.layers = new Layers(model);
  }

  /** A layer's output {@code [B, T, W]} under its mask. */
  Value masked(int layer, Value before, Value after) {
    return layers.layerMasked(layer, before, after);
  }

  /** States {@code [B, T, W]} after the last layer of a stack, normalised. */
  Value normed(Stack stack, Value states) {
    return model
        .scope(Component.HEAD, stack.prefix() + "final_layer_norm.")
        .rmsNorm(states)
        .named(Hooks.normed(stack));
  }

  /**
   * States with what a layer's attention to its own stack adds.
   *
   * @param block the names of the block that the layer is
   * @param buckets of relative positions, {@code [T (query), T (key)]}
   * @param bias what hides tokens
   */
  Value selfAttention(Scope block, int layer, Value x, Value buckets, Value bias) {
    Scope s = block.ofLayer(layer, Component.ATTENTION).in("layer.0");
    Value normed = s.in("layer_norm").rmsNorm(x);
    if (layers.geometry(layer).heads() == 0) {
      return x;
    }
    Value positions = positions(s.in("SelfAttention." + TABLE), layer, buckets);
    return x.add(attention(s.in("SelfAttention"), layer, normed, normed, positions.add(bias)));
  }

  /** States with what a decoder's layer finds in the encoder's states. */
  Value crossAttention(Scope block, int layer, Value x, Value encoded) {
    Scope s = block.ofLayer(layer, Component.ATTENTION).in("layer.1");
    Value normed = s.in("layer_norm").rmsNorm(x);
    if (layers.geometry(layer).heads() == 0) {
      return x;
    }
    Value bias = model.inputs().attentionBias();
    return x.add(attention(s.in("EncDecAttention"), layer, normed, encoded, bias));
  }

  /** Scores are not scaled: the initial weights are. */
  private Value attention(Scope s, int layer, Value x, Value seen, Value bias) {
    Units heads = Units.heads(layers.geometry(layer));
    Value query = s.in("q").projectionTo(heads, x);
    Value key = s.in("k").projectionTo(heads, seen);
    Value value = s.in("v").projectionTo(heads, seen);
    Value attended = layers.attended(layer, query, key, value, 1, bias);
    return s.in("o")
        .projectionFrom(heads, attended, model.config().hiddenSize())
        .named(Hooks.attentionOutput(layers.name(layer)));
  }

  /** What relative positions add to scores, {@code [1, H, T (query), T (key)]}. */
  private Value positions(Scope own, int layer, Value buckets) {
    Units heads = new Units(Mask.HEADS, layers.geometry(layer).heads(), 1);
    Scope s = family.biasPerLayer() ? own : ofFirst(own, layer);
    Value table = s.sliced("weight", heads.along(1), family.buckets(), heads.width());
    Value bias = table.gather(buckets).transpose(2, 0, 1); // [H, T, T]
    return bias.reshape(Shape.of(Dim.ONE, bias.dim(0), bias.dim(1), bias.dim(2)));
  }

  /** The first layer's table, as a parameter of this layer. */
  private Scope ofFirst(Scope own, int layer) {
    int number = layer - model.config().first(layers.geometry(layer).stack());
    return own.called(own.prefix().replaceFirst("block\\." + number + "\\.", "block.0."));
  }

  /** States with what a feed-forward network adds, which is part {@code part} of its block. */
  Value feedforward(Scope block, String part, int layer, Value x) {
    LayerGeometry geometry = layers.geometry(layer);
    Scope s = block.ofLayer(layer, Component.FEEDFORWARD).in(part);
    Value normed = s.in("layer_norm").rmsNorm(x);
    if (geometry.intermediateSize() == 0) {
      return x;
    }
    return x.add(feedforward(s.in("DenseReluDense"), layer, Units.neurons(geometry), normed));
  }

  private Value feedforward(Scope s, int layer, Units neurons, Value x) {
    return s.in("wo")
        .projectionFrom(neurons, activation(s, layer, neurons, x), model.config().hiddenSize())
        .named(Hooks.feedforwardOutput(layers.name(layer)));
  }

  /** What enters the second linear map, under its mask. */
  private Value activation(Scope s, int layer, Units neurons, Value x) {
    if (!family.gated()) {
      return layers.activated(layer, s.in("wi").projectionTo(neurons, x));
    }
    Value pre = s.in("wi_0").projectionTo(neurons, x);
    Value active =
        model.config().activation().of(pre.named(Hooks.feedforwardPre(layers.name(layer))));
    return layers.neuronMasked(layer, active.mul(s.in("wi_1").projectionTo(neurons, x)));
  }
}
