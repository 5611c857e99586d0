package org.bertology.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.Test;

class ActivationTest {
  /** Double arithmetic of another formula. */
  private static final double ROUNDING = 1e-14;

  private static final double[] ARGUMENTS = {-800, -20, -3, -0.5, 0, 1e-9, 0.5, 3, 20, 800};

  @Test
  void siluIsTheArgumentTimesItsSigmoid() {
    assertEqual(Activation.SILU, x -> x / (1 + Math.exp(-x)));
  }

  @Test
  void tanhIsThatOfTheMathLibrary() {
    assertEqual(Activation.TANH, Math::tanh);
  }

  private static void assertEqual(Activation activation, DoubleUnaryOperator expected) {
    GraphBuilder graph = new GraphBuilder();
    activation.of(graph.input("x", ElementType.FLOAT, Shape.of("n"))).named("y");
    try (Backend backend = new ReferenceBackend();
        CompiledGraph compiled =
            backend.compile(graph.build(), Weights.of(Map.of()), List.of("y"))) {
      Tensor x = Tensor.of(ARGUMENTS, ARGUMENTS.length);
      double[] y = Objects.requireNonNull(compiled.run(Map.of("x", x)).get("y")).toDoubles();
      for (int i = 0; i < y.length; i++) {
        double wanted = expected.applyAsDouble(ARGUMENTS[i]);
        assertThat(y[i]).isCloseTo(wanted, within(ROUNDING * Math.max(1, Math.abs(wanted))));
      }
    }
  }
}
