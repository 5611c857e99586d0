package org.bertology.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Value;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/** Gradients of operations as central differences of the reference in double arithmetic. */
final class CentralDifferences {
  private static final double STEP = 1e-5;
  private static final Map<String, Long> SYMBOLS = Map.of("batch", 2L, "sequence", 3L);

  private CentralDifferences() {}

  /** The cases whose result is FLOAT and depends on something FLOAT. */
  static Stream<OpCase> cases() {
    return OpCases.all().stream()
        .filter(c -> c.graph().value(OpCase.RESULT).type().isFloat())
        .filter(c -> !leaves(c).isEmpty());
  }

  /** The FLOAT inputs and parameters that a result depends on. */
  static List<String> leaves(OpCase c) {
    List<String> names = new ArrayList<>();
    for (Value node : c.graph().nodes(List.of(OpCase.RESULT))) {
      if (node.op() instanceof Op.Input input && node.type().isFloat()) {
        names.add(input.name());
      } else if (node.op() instanceof Op.Parameter parameter) {
        names.add(parameter.name());
      }
    }
    return names;
  }

  /**
   * Fails unless the gradients of {@link #loss} are close to central differences of the reference.
   *
   * @param compiled computes the gradients by {@link #leaves}
   * @param tolerance largest deviation, relative to the largest entry of the gradient or to 1 if
   *     that is smaller
   */
  static void assertEqual(OpCase c, CompiledGraph compiled, double tolerance) {
    Graph graph = loss(c);
    Map<String, Tensor> inputs = inputs(c, graph);
    Map<String, Tensor> needed = new HashMap<>(inputs);
    needed.keySet().retainAll(compiled.inputs().keySet());
    Map<String, Tensor> gradients = compiled.run(needed);
    for (String leaf : leaves(c)) {
      double[] expected = differences(graph, c.weights(c.graph()), inputs, leaf);
      double[] actual = tensor(gradients, Gradients.nameOf(leaf)).toDoubles();
      double scale = Math.max(1, Arrays.stream(expected).map(Math::abs).max().orElse(0));
      assertThat(actual).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        assertThat(Math.abs(actual[i] - expected[i]))
            .as("%s at %d: got %s, differences give %s", leaf, i, actual[i], expected[i])
            .isLessThanOrEqualTo(tolerance * scale);
      }
    }
  }

  /** The loss Σ result · factor, so that no derivative is hidden by symmetry. */
  static Graph loss(OpCase c) {
    Graph graph = c.graph();
    Value result = graph.value(OpCase.RESULT);
    Value factor = result.graph().input("factor", ElementType.FLOAT, result.shape());
    return graph.with("loss", result.mul(factor));
  }

  private static Map<String, Tensor> inputs(OpCase c, Graph graph) {
    Map<String, Tensor> inputs = new LinkedHashMap<>(c.inputs(c.graph(), SYMBOLS));
    long[] shape = graph.value(OpCase.RESULT).shape().bind(SYMBOLS);
    double[] factors = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    Arrays.setAll(factors, i -> 1 + (i * 7 % 5) / 4.0);
    inputs.put("factor", Tensor.of(factors, shape));
    return inputs;
  }

  private static Tensor tensor(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    assertThat(tensor).as(name).isNotNull();
    return tensor;
  }

  private static double[] differences(
      Graph graph, Weights weights, Map<String, Tensor> inputs, String leaf) {
    boolean isInput = inputs.containsKey(leaf);
    Tensor tensor = isInput ? tensor(inputs, leaf) : weights.get(leaf);
    double[] gradient = new double[tensor.size()];
    for (int i = 0; i < gradient.length; i++) {
      double step = STEP * Math.max(1, Math.abs(tensor.toDoubles()[i]));
      double above = sum(graph, weights, inputs, leaf, moved(tensor, i, step));
      double below = sum(graph, weights, inputs, leaf, moved(tensor, i, -step));
      gradient[i] = (above - below) / (2 * step);
    }
    return gradient;
  }

  private static Tensor moved(Tensor tensor, int index, double step) {
    double[] values = tensor.toDoubles();
    values[index] += step;
    return Tensor.of(values, tensor.shape());
  }

  private static double sum(
      Graph graph, Weights weights, Map<String, Tensor> inputs, String leaf, Tensor value) {
    Map<String, Tensor> changedInputs = new HashMap<>(inputs);
    changedInputs.computeIfPresent(leaf, (name, before) -> value);
    Map<String, Tensor> parameters = new HashMap<>();
    weights.names().forEach(name -> parameters.put(name, weights.get(name)));
    parameters.computeIfPresent(leaf, (name, before) -> value);
    try (Backend reference = new ReferenceBackend();
        CompiledGraph compiled =
            reference.compile(graph, Weights.of(parameters), List.of("loss"))) {
      return Arrays.stream(tensor(compiled.run(changedInputs), "loss").toDoubles()).sum();
    }
  }
}
