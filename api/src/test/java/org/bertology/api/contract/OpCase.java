package org.bertology.api.contract;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/**
 * One use of an operation with random data: a function that appends it to a graph, and the range of
 * its inputs.
 *
 * @param op the operation's title, see {@link Op#titles()}
 * @param use what is special about this case
 * @param low the least FLOAT input
 * @param high the largest FLOAT input
 * @param rows the exclusive bound of INT inputs
 */
public record OpCase(
    String op, String use, Function<GraphBuilder, Value> body, double low, double high, int rows) {

  /** The name of a case's result. */
  public static final String RESULT = "result";

  OpCase(String op, String use, Function<GraphBuilder, Value> body) {
    this(op, use, body, -2, 2, 5);
  }

  OpCase between(double least, double largest) {
    return new OpCase(op, use, body, least, largest, rows);
  }

  public Graph graph() {
    GraphBuilder builder = new GraphBuilder();
    builder.name(RESULT, body.apply(builder));
    return builder.build();
  }

  /** Random tensors for all inputs, reproducible. */
  public Map<String, Tensor> inputs(Graph graph, Map<String, Long> symbols) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (Value node : graph.nodes(List.of(RESULT))) {
      if (node.op() instanceof Op.Input input) {
        inputs.put(input.name(), random(input.name(), node, symbols));
      }
    }
    return inputs;
  }

  /** Random weights for all parameters, reproducible. */
  public Weights weights(Graph graph) {
    Map<String, Tensor> weights = new HashMap<>();
    for (Value node : graph.nodes(List.of(RESULT))) {
      if (node.op() instanceof Op.Parameter parameter) {
        weights.put(parameter.name(), random(parameter.name(), node, Map.of()));
      }
    }
    return Weights.of(weights);
  }

  private Tensor random(String name, Value value, Map<String, Long> symbols) {
    Random random = new Random(name.hashCode() * 31L + use.hashCode());
    long[] shape = value.shape().bind(symbols);
    int size = 1;
    for (long extent : shape) {
      size *= (int) extent;
    }
    return switch (value.type().element()) {
      case FLOAT ->
          // Numbers that float32 holds exactly, so that engines see the same as the reference.
          Tensor.of(random.doubles(size, low, high).map(x -> (float) x).toArray(), shape);
      case INT -> Tensor.of(random.ints(size, 0, rows).asLongStream().toArray(), shape);
      case BOOL -> {
        boolean[] bits = new boolean[size];
        for (int i = 0; i < size; i++) {
          bits[i] = random.nextBoolean();
        }
        yield Tensor.of(bits, shape);
      }
    };
  }

  @Override
  public String toString() {
    return op + ": " + use;
  }
}
