package org.bertology.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bertology.api.autodiff.Differentiation;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.backend.Capability;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.Precision;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The symbolic gradient of every operation, computed by the backend under test in double precision,
 * against central differences of the reference.
 */
public abstract class GradientContract extends EngineContract {
  /** Results without a derivative, or without an operand to derive by. */
  private static final Set<String> NOT_DIFFERENTIABLE = Set.of("EQUAL", "LESS");

  /** Central differences of step 1e-5 are themselves off by about 1e-9 of the curvature. */
  static final double DIFFERENCE_ERROR = 1e-7;

  protected GradientContract(BackendFactory factory) {
    super(factory, BackendConfig.defaults().withPrecision(Precision.FLOAT64));
  }

  static Stream<OpCase> differentiableCases() {
    return CentralDifferences.cases();
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
    List<String> leaves = CentralDifferences.leaves(c);
    Graph differentiated = Gradients.differentiate(CentralDifferences.loss(c), "loss", leaves);
    List<String> outputs = leaves.stream().map(Gradients::nameOf).toList();

    try (CompiledGraph compiled = backend.compile(differentiated, c.weights(c.graph()), outputs)) {
      CentralDifferences.assertEqual(c, compiled, DIFFERENCE_ERROR);
    }
  }

  @Test
  void anEngineDifferentiatesByItselfOrSaysThatItDoesNot() {
    GraphBuilder builder = new GraphBuilder();
    builder.input("x", ElementType.FLOAT, Shape.of("batch")).square().named("loss");
    Differentiation byX = new Differentiation("loss", List.of("x"));
    Graph deferred = Gradients.deferred(builder.build(), byX);

    if (backend.capabilities().contains(Capability.NATIVE_GRADIENTS)) {
      try (CompiledGraph compiled = backend.compile(deferred, NO_WEIGHTS, byX.gradients(), byX)) {
        assertThat(output(compiled.run(floats("x", 1, 2)), "x.gradient").toDoubles())
            .containsExactly(2, 4);
      }
    } else {
      assertThatExceptionOfType(UnsupportedCapabilityException.class)
          .isThrownBy(() -> backend.compile(deferred, NO_WEIGHTS, byX.gradients(), byX))
          .withMessage(
              "%s does not differentiate graphs by itself; use Gradients.differentiate",
              backend.name());
    }
  }
}
