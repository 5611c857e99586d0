package org.bertology.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bertology.api.autodiff.Differentiation;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.Capability;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Value;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The symbolic gradient of every operation, computed by the backend under test, against central
 * differences of the reference in double arithmetic.
 */
public abstract class GradientContract {
  private static final double STEP = 1e-5;
  private static final Map<String, Long> SYMBOLS = Map.of("batch", 2L, "sequence", 3L);

  /** Results without a derivative, or without an operand to derive by. */
  private static final Set<String> NOT_DIFFERENTIABLE = Set.of("EQUAL", "LESS");

  private final Backend backend;
  private final double tolerance;

  /**
   * A contract for one backend.
   *
   * @param tolerance largest deviation, relative to the largest entry of the gradient or to 1 if
   *     that is smaller
   */
  protected GradientContract(Backend backend, double tolerance) {
    this.backend = backend;
    this.tolerance = tolerance;
  }

  static Stream<OpCase> differentiableCases() {
    return OpCases.all().stream()
        .filter(c -> c.graph().value(OpCase.RESULT).type().isFloat())
        .filter(c -> !floatLeaves(c.graph()).isEmpty());
  }

  private static List<String> floatLeaves(Graph graph) {
    List<String> names = new ArrayList<>();
    for (Value node : graph.nodes(List.of(OpCase.RESULT))) {
      if (node.op() instanceof Op.Input input && node.type().isFloat()) {
        names.add(input.name());
      } else if (node.op() instanceof Op.Parameter parameter) {
        names.add(parameter.name());
      }
    }
    return names;
  }

  @Test
  void everyDifferentiableOperationHasACase() {
    Set<String> missing = new HashSet<>(Op.titles());
    differentiableCases().map(OpCase::op).forEach(missing::remove);

    assertThat(missing).isEqualTo(NOT_DIFFERENTIABLE);
  }

  @ParameterizedTest
  @MethodSource("differentiableCases")
  void theGradientEqualsCentralDifferences(OpCase c) {
    Graph graph = weighted(c.graph());
    List<String> leaves = floatLeaves(c.graph());
    List<String> outputs = leaves.stream().map(Gradients::nameOf).toList();
    Weights weights = c.weights(c.graph());
    Graph differentiated = Gradients.differentiate(graph, "loss", leaves);

    try (CompiledGraph compiled = backend.compile(differentiated, weights, outputs)) {
      assertEqualsDifferences(c, graph, compiled);
    }
  }

  @ParameterizedTest
  @MethodSource("differentiableCases")
  void theEnginesOwnGradientEqualsCentralDifferences(OpCase c) {
    assumeTrue(
        backend.capabilities().contains(Capability.NATIVE_GRADIENTS),
        backend.name() + " does not differentiate graphs by itself");
    Graph graph = weighted(c.graph());
    Differentiation differentiation = Differentiation.of("loss", floatLeaves(c.graph()));
    Weights weights = c.weights(c.graph());
    Graph deferred = Gradients.deferred(graph, differentiation);

    try (CompiledGraph compiled =
        backend.compile(deferred, weights, differentiation.gradients(), differentiation)) {
      assertEqualsDifferences(c, graph, compiled);
    }
  }

  @Test
  void whereTheEngineDoesNotDifferentiateItSaysSo() {
    assumeFalse(
        backend.capabilities().contains(Capability.NATIVE_GRADIENTS),
        backend.name() + " differentiates graphs by itself");
    OpCase c = OpCases.all().get(0);
    Differentiation differentiation = Differentiation.of("loss", floatLeaves(c.graph()));
    Graph deferred = Gradients.deferred(weighted(c.graph()), differentiation);

    assertThatThrownBy(
            () ->
                backend.compile(
                    deferred, c.weights(c.graph()), differentiation.gradients(), differentiation))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessage(
            backend.name()
                + " does not differentiate graphs by itself; use Gradients.differentiate");
  }

  private void assertEqualsDifferences(OpCase c, Graph graph, CompiledGraph compiled) {
    Map<String, Tensor> inputs = inputs(c, graph);
    Map<String, Tensor> needed = new HashMap<>(inputs);
    needed.keySet().retainAll(compiled.inputs().keySet());
    Map<String, Tensor> gradients = compiled.run(needed);
    for (String leaf : floatLeaves(c.graph())) {
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
  private static Graph weighted(Graph graph) {
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
      double above = loss(graph, weights, inputs, leaf, moved(tensor, i, step));
      double below = loss(graph, weights, inputs, leaf, moved(tensor, i, -step));
      gradient[i] = (above - below) / (2 * step);
    }
    return gradient;
  }

  private static Tensor moved(Tensor tensor, int index, double step) {
    double[] values = tensor.toDoubles();
    values[index] += step;
    return Tensor.of(values, tensor.shape());
  }

  private static double loss(
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
