package org.bertology.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bertology.api.contract.TensorComparison.assertBitEqual;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.data.Offset;
import org.bertology.api.autodiff.Differentiation;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.Precision;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.model.Activation;
import org.bertology.api.model.Bert;
import org.bertology.api.model.Hooks;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Mask;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Gradients by the engine's own means, in double precision. */
final class DjlNativeGradientTest {
  /** Double arithmetic in another order of summation, through two layers. */
  private static final double ROUNDING = 1e-12;

  private static final Weights NO_WEIGHTS = Weights.of(Map.of());
  private static final TransformerConfig TINY =
      new TransformerConfig(
          23,
          12,
          List.of(new LayerGeometry(3, 4, 20), new LayerGeometry(2, 4, 16)),
          16,
          2,
          1e-12,
          Activation.GELU,
          3);

  private static final Backend BACKEND =
      new DjlBackendFactory().create(BackendConfig.defaults().withPrecision(Precision.FLOAT64));

  private final GraphBuilder builder = new GraphBuilder();

  @AfterAll
  static void close() {
    BACKEND.close();
  }

  private static Map<String, Tensor> natively(
      Graph graph, Weights weights, Differentiation differentiation, Map<String, Tensor> inputs) {
    Graph deferred = Gradients.deferred(graph, differentiation);
    try (CompiledGraph compiled =
        BACKEND.compile(deferred, weights, differentiation.gradients(), differentiation)) {
      return compiled.run(needed(compiled, inputs));
    }
  }

  private static Map<String, Tensor> symbolically(
      Graph graph, Weights weights, Differentiation differentiation, Map<String, Tensor> inputs) {
    Graph differentiated =
        Gradients.differentiate(graph, differentiation.loss(), differentiation.withRespectTo());
    try (CompiledGraph compiled =
        BACKEND.compile(differentiated, weights, differentiation.gradients())) {
      return compiled.run(needed(compiled, inputs));
    }
  }

  private static Map<String, Tensor> needed(CompiledGraph graph, Map<String, Tensor> inputs) {
    Map<String, Tensor> needed = new HashMap<>(inputs);
    needed.keySet().retainAll(graph.inputs().keySet());
    return needed;
  }

  private static Tensor get(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    assertThat(tensor).as(name).isNotNull();
    return tensor;
  }

  private double[] gradient(String name, Map<String, Tensor> inputs) {
    Differentiation differentiation = new Differentiation("loss", List.of(name));
    return get(
            natively(builder.build(), NO_WEIGHTS, differentiation, inputs), Gradients.nameOf(name))
        .toDoubles();
  }

  private Value input(String name) {
    return builder.input(name, ElementType.FLOAT, Shape.of(4));
  }

  private static Tensor four(double... values) {
    return Tensor.of(values, 4);
  }

  // --- a whole model

  @Test
  void everyGradientOfAModelEqualsTheSymbolicOne() {
    Graph model =
        Bert.graph(TINY, Task.SEQUENCE_CLASSIFICATION, EnumSet.of(Mask.HEADS, Mask.NEURONS));
    Weights weights = randomWeights(model);
    ModelInputs inputs =
        new ModelInputs(
                List.of(new int[] {2, 5, 22, 3}, new int[] {7, 1}),
                List.of(new int[] {0, 0, 1, 1}, new int[] {0, 0}),
                0)
            .labels(new int[] {2, 0}, 3)
            .ones(Mask.HEADS, TINY)
            .ones(Mask.NEURONS, TINY);
    List<String> targets = new ArrayList<>(weights.names());
    for (int i = 0; i < 2; i++) {
      targets.addAll(
          List.of(
              Mask.HEADS.input(i),
              Mask.NEURONS.input(i),
              Hooks.gate(Mask.HEADS, i),
              Hooks.query(i),
              Hooks.probabilities(i),
              Hooks.context(i),
              Hooks.layer(i)));
    }
    Differentiation differentiation = new Differentiation(Hooks.LOSS, targets);

    Map<String, Tensor> actual = natively(model, weights, differentiation, inputs.tensors());
    Map<String, Tensor> expected = symbolically(model, weights, differentiation, inputs.tensors());

    assertThat(actual.keySet()).containsExactlyElementsOf(differentiation.gradients());
    expected.forEach((name, tensor) -> assertEqualGradients(name, get(actual, name), tensor));
  }

  /** Gradients that are zero by symmetry, such as those of key biases, are rounding errors. */
  private static void assertEqualGradients(String name, Tensor actual, Tensor expected) {
    double[] got = actual.toDoubles();
    double[] wanted = expected.toDoubles();
    double largest = Arrays.stream(wanted).map(Math::abs).max().orElse(0);
    assertThat(actual.shape()).as(name).isEqualTo(expected.shape());
    for (int i = 0; i < wanted.length; i++) {
      assertThat(got[i])
          .as("%s at %d", name, i)
          .isCloseTo(wanted[i], Offset.offset(ROUNDING * Math.max(1, largest)));
    }
  }

  private static Weights randomWeights(Graph graph) {
    Random random = new Random(5);
    Map<String, Tensor> weights = new HashMap<>();
    for (Value node : graph.nodes(List.of(Hooks.LOSS))) {
      if (node.op() instanceof Op.Parameter parameter) {
        long[] shape = parameter.shape().bind(Map.of());
        int size = (int) parameter.shape().size().factor();
        weights.put(parameter.name(), Tensor.of(random.doubles(size, -0.5, 0.5).toArray(), shape));
      }
    }
    return Weights.of(weights);
  }

  // --- what PyTorch decides otherwise if asked otherwise

  @Test
  void tiesShareTheGradient() {
    Value x = input("x");
    x.max(0).mul(6).named("loss");

    assertThat(gradient("x", Map.of("x", four(1, 3, 3, 3)))).containsExactly(0, 2, 2, 2);
  }

  @Test
  void equalOperandsOfMaximumAndMinimumGetHalfEach() {
    Value x = input("x");
    Value y = input("y");
    x.maximum(y).mul(2).add(x.minimum(y).mul(4)).named("loss");
    Map<String, Tensor> inputs = Map.of("x", four(1, 2, 3, 4), "y", four(1, 1, 3, 5));

    assertThat(gradient("x", inputs)).containsExactly(3, 2, 3, 4);
    assertThat(gradient("y", inputs)).containsExactly(3, 4, 3, 2);
  }

  @Test
  void rectifiedZerosGetHalf() {
    input("x").relu().named("loss");

    assertThat(gradient("x", Map.of("x", four(-1, 0, 2, 0)))).containsExactly(0, 0.5, 1, 0.5);
  }

  @Test
  void theMagnitudeOfZeroHasNoSlope() {
    input("x").abs().named("loss");

    assertThat(gradient("x", Map.of("x", four(-3, 0, 2, 0)))).containsExactly(-1, 0, 1, 0);
  }

  @Test
  void whatTheLossDoesNotDependOnHasAGradientOfZero() {
    Value x = input("x");
    Value y = input("y");
    x.square().named("squares");
    y.exp().named("loss");
    Map<String, Tensor> inputs = Map.of("x", four(1, 2, 3, 4), "y", four(0, 0, 0, 0));
    Differentiation both = new Differentiation("loss", List.of("squares", "y"));

    Map<String, Tensor> gradients = natively(builder.build(), NO_WEIGHTS, both, inputs);

    assertThat(get(gradients, "squares.gradient").toDoubles()).containsOnly(0).hasSize(4);
    assertThat(get(gradients, "y.gradient").toDoubles()).containsOnly(1).hasSize(4);
    assertThat(gradient("squares", inputs)).containsOnly(0).hasSize(4);
  }

  @Test
  void gradientsEndWhereTheyAreStopped() {
    Value x = input("x");
    x.stopGradient().mul(x).add(x.sign()).named("loss");

    assertThat(gradient("x", Map.of("x", four(1, -2, 3, 4)))).containsExactly(1, -2, 3, 4);
  }

  @Test
  void theLossItselfMayBeATarget() {
    input("x").exp().named("loss");

    assertThat(gradient("loss", Map.of("x", four(1, 2, 3, 4)))).containsExactly(1, 1, 1, 1);
  }

  @Test
  void gradientsAreValuesThatGraphsGoOnWith() {
    Value x = input("x");
    x.square().named("loss");
    Differentiation differentiation = new Differentiation("loss", List.of("x"));
    Graph deferred = Gradients.deferred(builder.build(), differentiation);
    Graph graph = deferred.with("score", deferred.value("x.gradient").mul(deferred.value("x")));

    try (CompiledGraph compiled =
        BACKEND.compile(graph, NO_WEIGHTS, List.of("score", "loss"), differentiation)) {
      Map<String, Tensor> results = compiled.run(Map.of("x", four(1, 2, 3, 4)));

      assertThat(compiled.inputs()).containsOnlyKeys("x");
      assertThat(get(results, "score").toDoubles()).containsExactly(2, 8, 18, 32);
      assertThat(get(results, "loss").toDoubles()).containsExactly(1, 4, 9, 16);
    }
  }

  // --- memory

  @Test
  void gradientsDoNotReadFreedMemory() throws Exception {
    Value x = input("x");
    x.mul(3).div(builder.scalar(4)).maximum(builder.scalar(1)).named("loss");
    Differentiation differentiation = new Differentiation("loss", List.of("x"));
    Graph deferred = Gradients.deferred(builder.build(), differentiation);
    AtomicBoolean done = new AtomicBoolean();
    Thread churn =
        new Thread(
            () -> {
              while (!done.get()) {
                Churn.ofDirectMemory();
              }
            });
    churn.start();
    try (CompiledGraph compiled =
        BACKEND.compile(deferred, NO_WEIGHTS, List.of("x.gradient"), differentiation)) {
      Tensor expected = four(0, 0.75, 0.75, 0.75);
      for (int run = 0; run < 2_000; run++) {
        // A new direct buffer each time, which nobody holds after the call.
        Tensor gradient = get(compiled.run(Map.of("x", four(1, 2, 3, 4))), "x.gradient");

        assertBitEqual("gradient", gradient, expected);
      }
    } finally {
      done.set(true);
      churn.join();
    }
  }

  @Test
  void gradientsOfSeveralRunsDoNotAddUp() {
    input("x").square().named("loss");
    Differentiation differentiation = new Differentiation("loss", List.of("x"));
    Graph deferred = Gradients.deferred(builder.build(), differentiation);
    try (CompiledGraph compiled =
        BACKEND.compile(deferred, NO_WEIGHTS, List.of("x.gradient"), differentiation)) {
      Tensor first = get(compiled.run(Map.of("x", four(1, 2, 3, 4))), "x.gradient");
      Tensor second = get(compiled.run(Map.of("x", four(1, 2, 3, 4))), "x.gradient");

      assertBitEqual("gradient", second, first);
      assertThat(first.toDoubles()).containsExactly(2, 4, 6, 8);
    }
  }
}
