package org.bertology.api.contract;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/** One encoder layer of width 64 with two heads, gates for them, and a loss. */
final class EncoderLayer {
  private final GraphBuilder builder = new GraphBuilder();

  private EncoderLayer() {}

  /** The layer with the hooks {@code probabilities}, {@code layer} and {@code loss}. */
  static Graph graph() {
    return new EncoderLayer().build();
  }

  /** Random weights, reproducible. */
  static Weights weights(Graph graph) {
    Random random = new Random(7);
    Map<String, Tensor> weights = new HashMap<>();
    for (Value node : graph.nodes(List.of("loss"))) {
      if (node.op() instanceof Op.Parameter parameter) {
        weights.put(parameter.name(), random(random, 0.1, parameter.shape().bind(Map.of())));
      }
    }
    return Weights.of(weights);
  }

  /** Random states, nothing masked, all gates open. */
  static Map<String, Tensor> inputs(int batch, int length) {
    return Map.of(
        "x", random(new Random(length), 1, batch, length, 64),
        "mask", Tensor.filled(0, batch, 1, 1, length),
        "heads", Tensor.filled(1, batch, 2, 1, 1));
  }

  private static Tensor random(Random random, double scale, long... shape) {
    int size = 1;
    for (long extent : shape) {
      size *= (int) extent;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return Tensor.of(values, shape);
  }

  private Graph build() {
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", "sequence", 64));
    Value mask = builder.input("mask", ElementType.FLOAT, Shape.of("batch", 1, 1, "sequence"));
    Value heads = builder.input("heads", ElementType.FLOAT, Shape.of("batch", 2, 1, 1));
    Value query = split(linear(x, "query", 64, 64));
    Value key = split(linear(x, "key", 64, 64));
    Value value = split(linear(x, "value", 64, 64));
    Value scores = query.matmul(key, false, true).mul(1 / Math.sqrt(32)).add(mask);
    Value probabilities = scores.softmax().named("probabilities");
    Value context = probabilities.matmul(value).mul(heads).transpose(0, 2, 1, 3);
    Value merged = context.reshape(Shape.of("batch", "sequence", 64));
    Value attention = norm(x.add(linear(merged, "output", 64, 64)), "attention");
    Value inner = linear(attention, "up", 128, 64).gelu();
    Value layer = norm(attention.add(linear(inner, "down", 64, 128)), "layer").named("layer");
    layer.mul(x).sumAll().named("loss");
    return builder.build();
  }

  private Value linear(Value x, String name, long out, long in) {
    return x.linear(
        builder.parameter(name + ".weight", Shape.of(out, in)),
        builder.parameter(name + ".bias", Shape.of(out)));
  }

  private static Value split(Value x) {
    return x.reshape(Shape.of("batch", "sequence", 2, 32)).transpose(0, 2, 1, 3);
  }

  private Value norm(Value x, String name) {
    return x.layerNorm(
        builder.parameter(name + ".scale", Shape.of(64)),
        builder.parameter(name + ".shift", Shape.of(64)),
        1e-12);
  }
}
