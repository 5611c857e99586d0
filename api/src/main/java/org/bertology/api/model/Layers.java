package org.bertology.api.model;

import java.util.Set;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;

/**
 * What families share. B batch, T sequence, H heads, D head size, W hidden width, F neurons; a post
 * norm layer is that of Vaswani et al. (2017) and Devlin et al. (2019).
 */
final class Layers {
  private final TransformerConfig config;
  private final EncoderInputs inputs;
  private final Set<Mask> masks;

  Layers(TransformerConfig config, EncoderInputs inputs, Set<Mask> masks) {
    this.config = config;
    this.inputs = inputs;
    this.masks = masks;
  }

  /** All layers over x {@code [B, T, W]}, with parameters named as in BERT. */
  Value encoder(Scope layers, Value x, Value bias) {
    Value state = x;
    for (int i = 0; i < config.layers().size(); i++) {
      state = masked(i, state, layer(layers.in("" + i), i, state, bias)).named(Hooks.layer(i));
    }
    return state;
  }

  private Value masked(int layer, Value before, Value after) {
    if (!masks.contains(Mask.LAYERS)) {
      return after;
    }
    Dim batch = before.dim(0);
    Value gate =
        inputs
            .mask(Mask.LAYERS, layer, Shape.of(batch), Shape.of(batch, 1, 1))
            .broadcast(before.shape().with(2, Dim.ONE))
            .named(Hooks.gate(Mask.LAYERS, layer));
    return before.add(gate.mul(after.sub(before)));
  }

  private Value layer(Scope s, int layer, Value x, Value bias) {
    Value attended =
        attention(s.in("attention"), layer, x, bias).named(Hooks.attentionOutput(layer));
    Value middle = norm(s.in("attention.output"), x.add(attended));
    Value fed = feedforward(s, layer, middle).named(Hooks.feedforwardOutput(layer));
    return norm(s.in("output"), middle.add(fed));
  }

  private Value norm(Scope s, Value x) {
    return s.in("LayerNorm").layerNorm(x, config.layerNormEpsilon());
  }

  private Value attention(Scope s, int layer, Value x, Value bias) {
    LayerGeometry geometry = config.layers().get(layer);
    Scope output = s.in("output.dense");
    if (geometry.heads() == 0) {
      return output.parameter("bias", x.shape().last()).broadcast(x.shape());
    }
    Scope self = s.in("self");
    Value query = heads(self.in("query"), x, geometry).named(Hooks.query(layer));
    Value key = heads(self.in("key"), x, geometry).named(Hooks.key(layer));
    Value value = heads(self.in("value"), x, geometry).named(Hooks.value(layer));
    double scale = 1 / Math.sqrt(geometry.headSize());
    Value products = query.matmul(key, false, true).mul(scale); // [B, H, T, T]
    Value scores = products.add(bias).named(Hooks.scores(layer));
    Value probabilities = scores.softmax().named(Hooks.probabilities(layer));
    Value context = probabilities.matmul(value).named(Hooks.context(layer)); // [B, H, T, D]
    return output.linear(merge(gated(layer, context)), config.hiddenSize());
  }

  /** x {@code [B, T, W]} as {@code [B, H, T, D]}. */
  private static Value heads(Scope s, Value x, LayerGeometry geometry) {
    Value projected = s.linear(x, (long) geometry.heads() * geometry.headSize());
    Shape split = Shape.of(x.dim(0), x.dim(1), geometry.heads(), geometry.headSize());
    return projected.reshape(split).transpose(0, 2, 1, 3);
  }

  /** Context {@code [B, H, T, D]} as {@code [B, T, H·D]}. */
  private static Value merge(Value context) {
    Dim width = context.dim(1).times(context.dim(3));
    return context.transpose(0, 2, 1, 3).reshape(Shape.of(context.dim(0), context.dim(2), width));
  }

  /**
   * The mask multiplies the context and not the probabilities: the product with the values is
   * linear, so the result and the mask's gradient are the same, and the probabilities stay clean.
   */
  private Value gated(int layer, Value context) {
    if (!masks.contains(Mask.HEADS)) {
      return context;
    }
    Shape heads = context.shape().slice(0, 2);
    Value gate =
        inputs
            .mask(Mask.HEADS, layer, heads, heads.append(1, 1))
            .broadcast(context.shape().with(3, Dim.ONE))
            .named(Hooks.gate(Mask.HEADS, layer));
    return context.mul(gate);
  }

  private Value feedforward(Scope s, int layer, Value x) {
    int neurons = config.layers().get(layer).intermediateSize();
    Scope output = s.in("output.dense");
    if (neurons == 0) {
      return output.parameter("bias", x.shape().last()).broadcast(x.shape());
    }
    Value pre = s.in("intermediate.dense").linear(x, neurons).named(Hooks.feedforwardPre(layer));
    Value activation =
        config.activation().of(pre).named(Hooks.feedforwardActivation(layer)); // [B, T, F]
    return output.linear(neuronMasked(layer, activation), config.hiddenSize());
  }

  private Value neuronMasked(int layer, Value activation) {
    if (!masks.contains(Mask.NEURONS)) {
      return activation;
    }
    Shape shape = activation.shape();
    Shape neurons = Shape.of(shape.dim(0), shape.dim(2));
    Value gate =
        inputs
            .mask(Mask.NEURONS, layer, neurons, shape.with(1, Dim.ONE))
            .broadcast(shape)
            .named(Hooks.gate(Mask.NEURONS, layer));
    return activation.mul(gate);
  }

  /** Cross entropy of logits {@code [B, C]} with one label per example, {@code [B]}. */
  static Value crossEntropy(Value logits) {
    Value labels =
        logits.graph().input(ModelInputs.LABELS, ElementType.INT, Shape.of(logits.dim(0)));
    return entries(logits.logSoftmax(), labels).neg();
  }

  /** Weighted sum of the cross entropy of logits {@code [B, T, C]} over tokens, {@code [B]}. */
  static Value tokenCrossEntropy(Value logits) {
    GraphBuilder graph = logits.graph();
    Shape tokens = logits.shape().slice(0, 2);
    Value labels = graph.input(ModelInputs.LABELS, ElementType.INT, tokens);
    Value weights = graph.input(ModelInputs.LABEL_WEIGHTS, ElementType.FLOAT, tokens);
    Value losses = entries(logits.logSoftmax(), labels).neg();
    return losses.mul(weights).sum(1).squeeze(1);
  }

  private static Value entries(Value table, Value indices) {
    return table.reshape(Shape.of(table.shape().size())).gather(indices);
  }

  /** (prediction − target)² of predictions {@code [B, 1]}, {@code [B]}. */
  static Value squaredError(Value predictions) {
    Value targets =
        predictions
            .graph()
            .input(ModelInputs.TARGETS, ElementType.FLOAT, Shape.of(predictions.dim(0)));
    return predictions.squeeze(1).sub(targets).square();
  }
}
