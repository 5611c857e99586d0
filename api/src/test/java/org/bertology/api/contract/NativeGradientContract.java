package org.bertology.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bertology.api.contract.TensorComparison.assertBitEqual;
import static org.bertology.api.contract.TensorComparison.assertClose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.bertology.api.autodiff.Differentiation;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.backend.Capability;
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
import org.bertology.api.model.ModelDefinition;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.model.Task;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gradients that an engine computes by its own means, in double precision: of every operation
 * against central differences, of a model against the symbolic ones, and where they are easily
 * wrong without anybody noticing. For engines with {@link Capability#NATIVE_GRADIENTS}.
 */
public abstract class NativeGradientContract extends EngineContract {
  /** Double arithmetic in another order of summation, through two layers. */
  private static final double ROUNDING = 1e-12;

  private static final Differentiation BY_X = new Differentiation("loss", List.of("x"));

  private GraphBuilder builder = new GraphBuilder();
  private Value x = builder.scalar(0);

  protected NativeGradientContract(BackendFactory factory) {
    super(factory, BackendConfig.defaults().withPrecision(Precision.FLOAT64));
  }

  @BeforeEach
  void startAnotherGraph() {
    builder = new GraphBuilder();
    x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 3));
  }

  private static Tensor rows(double... values) {
    return Tensor.of(values, values.length / 3, 3);
  }

  private Map<String, Tensor> natively(
      Weights weights, List<String> targets, Map<String, Tensor> inputs) {
    return natively(builder.build(), weights, targets, inputs);
  }

  private Map<String, Tensor> natively(
      Graph graph, Weights weights, List<String> targets, Map<String, Tensor> inputs) {
    Differentiation differentiation = new Differentiation("loss", targets);
    Graph deferred = Gradients.deferred(graph, differentiation);
    try (CompiledGraph compiled =
        backend.compile(deferred, weights, differentiation.gradients(), differentiation)) {
      return compiled.run(needed(compiled, inputs));
    }
  }

  private Map<String, Tensor> symbolically(
      Weights weights, List<String> targets, Map<String, Tensor> inputs) {
    return symbolically(builder.build(), weights, targets, inputs);
  }

  private Map<String, Tensor> symbolically(
      Graph graph, Weights weights, List<String> targets, Map<String, Tensor> inputs) {
    Graph differentiated = Gradients.differentiate(graph, "loss", targets);
    List<String> outputs = targets.stream().map(Gradients::nameOf).toList();
    try (CompiledGraph compiled = backend.compile(differentiated, weights, outputs)) {
      return compiled.run(needed(compiled, inputs));
    }
  }

  private static Map<String, Tensor> needed(CompiledGraph graph, Map<String, Tensor> inputs) {
    Map<String, Tensor> needed = new HashMap<>(inputs);
    needed.keySet().retainAll(graph.inputs().keySet());
    return needed;
  }

  private Map<String, double[]> gradients(Map<String, Tensor> inputs, String... targets) {
    Map<String, double[]> gradients = new LinkedHashMap<>();
    natively(NO_WEIGHTS, List.of(targets), inputs)
        .forEach((name, tensor) -> gradients.put(name, tensor.toDoubles()));
    return gradients;
  }

  private double[] gradient(Map<String, Tensor> inputs, String target) {
    return output(natively(NO_WEIGHTS, List.of(target), inputs), Gradients.nameOf(target))
        .toDoubles();
  }

  @Test
  void theEngineSaysThatItDifferentiates() {
    assertThat(backend.capabilities()).contains(Capability.NATIVE_GRADIENTS);
  }

  // --- every operation

  static Stream<OpCase> differentiableCases() {
    return CentralDifferences.cases();
  }

  @ParameterizedTest
  @MethodSource("differentiableCases")
  void theEnginesOwnGradientEqualsCentralDifferences(OpCase c) {
    Differentiation differentiation = Differentiation.of("loss", CentralDifferences.leaves(c));
    Graph deferred = Gradients.deferred(CentralDifferences.loss(c), differentiation);

    try (CompiledGraph compiled =
        backend.compile(
            deferred, c.weights(c.graph()), differentiation.gradients(), differentiation)) {
      CentralDifferences.assertEqual(c, compiled, GradientContract.DIFFERENCE_ERROR);
    }
  }

  // --- a whole model

  @Test
  void theEnginesGradientsOfATinyBertEqualTheSymbolicOnes() {
    TransformerConfig config =
        new TransformerConfig(
            new Bert(),
            23,
            12,
            List.of(new LayerGeometry(3, 4, 20), new LayerGeometry(2, 4, 10)),
            9,
            2,
            1e-12,
            Activation.GELU,
            3);
    Set<Mask> masks = Set.of(Mask.HEADS, Mask.NEURONS, Mask.LAYERS);
    Graph graph = ModelDefinition.of(config, Task.SEQUENCE_CLASSIFICATION, masks).graph();
    Weights weights = randomWeights(graph);
    ModelInputs inputs =
        new ModelInputs(
                List.of(new int[] {1, 7, 22, 3, 9}, new int[] {4, 4, 2}),
                List.of(new int[5], new int[] {0, 1, 1}),
                0)
            .labels(new int[] {2, 0}, 3);
    masks.forEach(mask -> inputs.ones(mask, config));
    List<String> targets = new ArrayList<>(weights.names());
    targets.addAll(List.of(Hooks.EMBEDDINGS, Hooks.POOLED, Hooks.LOGITS));
    for (int layer = 0; layer < 2; layer++) {
      targets.addAll(
          List.of(
              Hooks.layer(layer),
              Hooks.query(Hooks.layer(layer)),
              Hooks.scores(Hooks.layer(layer)),
              Hooks.probabilities(Hooks.layer(layer)),
              Hooks.context(Hooks.layer(layer)),
              Hooks.attentionOutput(Hooks.layer(layer)),
              Hooks.feedforwardPre(Hooks.layer(layer)),
              Hooks.feedforwardActivation(Hooks.layer(layer))));
      for (Mask mask : masks) {
        targets.add(mask.input(layer));
        targets.add(Hooks.gate(mask, Hooks.layer(layer)));
      }
    }

    Map<String, Tensor> symbolic = symbolically(graph, weights, targets, inputs.tensors());
    Map<String, Tensor> engine = natively(graph, weights, targets, inputs.tensors());

    assertThat(engine.keySet()).containsExactlyElementsOf(symbolic.keySet()).hasSizeGreaterThan(60);
    double largest =
        symbolic.values().stream()
            .flatMapToDouble(tensor -> Arrays.stream(tensor.toDoubles()))
            .map(Math::abs)
            .max()
            .orElseThrow();
    symbolic.forEach(
        (name, expected) -> {
          double[] actual = engine.get(name).toDoubles();
          double[] wanted = expected.toDoubles();
          assertThat(engine.get(name).shape()).as(name).isEqualTo(expected.shape());
          for (int i = 0; i < wanted.length; i++) {
            assertThat(Math.abs(actual[i] - wanted[i]))
                .as("%s at %d: got %s, expected %s", name, i, actual[i], wanted[i])
                .isLessThanOrEqualTo(ROUNDING * largest);
          }
        });
  }

  private static Weights randomWeights(Graph graph) {
    Random random = new Random(11);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (Value node : graph.nodes(List.of(Hooks.LOSS))) {
      if (node.op() instanceof Op.Parameter parameter) {
        long[] shape = parameter.shape().bind(Map.of());
        int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        double[] values = random.doubles(size, -0.5, 0.5).toArray();
        weights.put(parameter.name(), Tensor.of(values, shape));
      }
    }
    return Weights.of(weights);
  }

  // --- where engines decide differently

  @Test
  void tiesShareTheGradientOfTheLargerAndTheLess() {
    Value y = builder.input("y", ElementType.FLOAT, Shape.of("batch", 3));
    x.maximum(y).add(x.minimum(y).mul(10)).named("loss");
    Map<String, Tensor> inputs = Map.of("x", rows(1, 2, 3), "y", rows(2, 2, 1));

    Map<String, double[]> gradients = gradients(inputs, "x", "y");

    assertThat(gradients.get("x.gradient")).containsExactly(10, 5.5, 1);
    assertThat(gradients.get("y.gradient")).containsExactly(1, 5.5, 10);
  }

  @Test
  void tiedEntriesShareTheGradientOfTheLargest() {
    x.max(1).mul(6).named("loss");

    double[] gradient = gradients(Map.of("x", rows(4, 4, 1, 2, 2, 2)), "x").get("x.gradient");

    assertThat(gradient).containsExactly(3, 3, 0, 2, 2, 2);
  }

  @Test
  void whatIsNotANumberStaysThatInTheLargerAndTheLess() {
    x.maximum(builder.scalar(0)).add(x.minimum(builder.scalar(0))).named("loss");
    Differentiation differentiation = new Differentiation("loss", List.of("x"));
    Graph deferred = Gradients.deferred(builder.build(), differentiation);

    try (CompiledGraph graph =
        backend.compile(deferred, NO_WEIGHTS, List.of("loss"), differentiation)) {
      double[] loss = graph.run(Map.of("x", rows(Double.NaN, 1, -1))).get("loss").toDoubles();

      assertThat(loss).containsExactly(Double.NaN, 1, -1);
    }
  }

  @Test
  void rectifiedZerosGetHalf() {
    x.relu().named("loss");

    double[] gradient = gradient(Map.of("x", rows(-1, 0, 2)), "x");

    assertThat(gradient).containsExactly(0, 0.5, 1);
  }

  @Test
  void theMagnitudeOfZeroHasNoSlope() {
    x.abs().named("loss");

    double[] gradient = gradient(Map.of("x", rows(-3, 0, 2)), "x");

    assertThat(gradient).containsExactly(-1, 0, 1);
  }

  /** Of rank 3: some engines sum over the wrong axis there. */
  @Test
  void theGradientOfLogSoftmaxIsTheSymbolicOne() {
    Value z = builder.input("z", ElementType.FLOAT, Shape.of("batch", 2, 3));
    Value f = builder.input("f", ElementType.FLOAT, Shape.of("batch", 2, 3));
    z.logSoftmax().mul(f).named("loss");
    Map<String, Tensor> inputs =
        Map.of("z", wave(0.9, 2, 2, 3).toFloat64(), "f", wave(0.4, 2, 2, 3).toFloat64());

    Tensor actual = output(natively(NO_WEIGHTS, List.of("z"), inputs), "z.gradient");

    Tensor expected = output(symbolically(NO_WEIGHTS, List.of("z"), inputs), "z.gradient");
    assertClose("z.gradient", actual, expected, ROUNDING);
  }

  // --- targets

  @Test
  void aTargetThatTheLossDoesNotDependOnHasZeros() {
    x.exp().named("beside");
    x.stopGradient().named("stopped").mul(x.sign()).add(x.mul(2)).named("loss");
    Differentiation differentiation = new Differentiation("loss", List.of("beside", "stopped"));
    Graph deferred = Gradients.deferred(builder.build(), differentiation);

    try (CompiledGraph graph =
        backend.compile(deferred, NO_WEIGHTS, differentiation.gradients(), differentiation)) {
      Map<String, Tensor> gradients = graph.run(Map.of("x", rows(-1, 2, 3)));

      assertThat(gradients.get("beside.gradient").toDoubles()).containsExactly(0, 0, 0);
      assertThat(gradients.get("stopped.gradient").toDoubles()).containsExactly(-1, 1, 1);
    }
  }

  @Test
  void aTargetThatIsReachedOnlyThroughAStopHasZeros() {
    Value y = builder.input("y", ElementType.FLOAT, Shape.of("batch", 3));
    x.stopGradient().mul(y).named("loss");

    Map<String, double[]> gradients =
        gradients(Map.of("x", rows(1, 2, 3), "y", rows(4, 5, 6)), "x", "y");

    assertThat(gradients.get("x.gradient")).containsExactly(0, 0, 0);
    assertThat(gradients.get("y.gradient")).containsExactly(1, 2, 3);
  }

  @Test
  void targetsWithOneAndTheSameGradientBothGetIt() {
    Value y = builder.input("y", ElementType.FLOAT, Shape.of("batch", 3));
    x.add(y).exp().named("loss");

    Map<String, double[]> gradients =
        gradients(Map.of("x", rows(0, 0, 0), "y", rows(0, 0, 0)), "x", "y");

    assertThat(gradients.get("x.gradient")).containsExactly(1, 1, 1);
    assertThat(gradients.get("y.gradient")).containsExactly(1, 1, 1);
  }

  @Test
  void theLossIsATargetItself() {
    x.exp().named("loss");

    double[] gradient = gradients(Map.of("x", rows(0, 1, 2)), "loss").get("loss.gradient");

    assertThat(gradient).containsExactly(1, 1, 1);
  }

  @Test
  void oneTargetMayDependOnAnother() {
    x.mul(x).named("square").mul(x).named("loss");

    Map<String, double[]> gradients = gradients(Map.of("x", rows(1, 2, 3)), "x", "square");

    assertThat(gradients.get("x.gradient")).containsExactly(3, 12, 27);
    assertThat(gradients.get("square.gradient")).containsExactly(1, 2, 3);
  }

  @Test
  void aViewOfAValueGetsTheGradientOfTheViewAlone() {
    Value alone = builder.append(new Op.Concat(1), x).named("alone");
    alone.mul(5).add(x.mul(7)).named("loss");

    Map<String, double[]> gradients = gradients(Map.of("x", rows(1, 2, 3)), "alone", "x");

    assertThat(gradients.get("alone.gradient")).containsExactly(5, 5, 5);
    assertThat(gradients.get("x.gradient")).containsExactly(12, 12, 12);
  }

  @Test
  void aBroadcastThatIsATargetHasItsFullGradient() {
    Value row = builder.input("row", ElementType.FLOAT, Shape.of(3));
    builder.name("wide", row.broadcast(Shape.of("batch", 3)));
    x.mul(row).named("loss");

    Map<String, double[]> gradients =
        gradients(
            Map.of("x", rows(1, 2, 3, 4, 5, 6), "row", Tensor.of(new double[] {1, 1, 1}, 3)),
            "wide",
            "row");

    assertThat(gradients.get("wide.gradient")).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(gradients.get("row.gradient")).containsExactly(5, 7, 9);
  }

  @Test
  void aTargetThatANormComputesTooHasItsOwnGradientAlone() {
    Value scale = builder.parameter("scale", Shape.of(3));
    Value mean = x.mean(-1).named("mean");
    x.layerNorm(scale, scale, 1e-5).add(mean.mul(2)).named("loss");
    Weights weights = Weights.of(Map.of("scale", Tensor.of(new double[] {1, 2, 4}, 3)));

    Tensor gradient =
        natively(builder.build(), weights, List.of("mean"), Map.of("x", rows(1, 2, 4)))
            .get("mean.gradient");

    assertThat(gradient.toDoubles()).containsExactly(6);
  }

  @Test
  void valuesMayBeComputedFromGradients() {
    x.mul(x).named("loss");
    Differentiation differentiation = new Differentiation("loss", List.of("x"));
    Graph deferred = Gradients.deferred(builder.build(), differentiation);
    Graph graph =
        deferred.with(
            "magnitude", deferred.value("x.gradient").abs().sum(1).add(deferred.value("loss")));

    try (CompiledGraph compiled =
        backend.compile(graph, NO_WEIGHTS, List.of("magnitude", "x"), differentiation)) {
      Map<String, Tensor> results = compiled.run(Map.of("x", rows(-1, 2, -3)));

      assertThat(compiled.inputs()).containsOnlyKeys("x");
      assertThat(results.get("magnitude").toDoubles()).containsExactly(13, 16, 21);
    }
  }

  @Test
  void aLossThatDependsOnItsOwnGradientIsRefused() {
    Value gradient = builder.input("x.gradient", ElementType.FLOAT, Shape.of("batch", 3));
    x.named("x");
    x.mul(gradient).named("loss");
    builder.name("x.gradient", gradient);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                backend.compile(
                    builder.build(),
                    NO_WEIGHTS,
                    List.of("x.gradient"),
                    new Differentiation("loss", List.of("x"))))
        .withMessageContaining("'x.gradient'")
        .withMessageContaining("; use Gradients.differentiate for ");
  }

  @Test
  void theEnginesGradientsAreTheSameInSinglePrecision() {
    Value w = builder.parameter("w", Shape.of(4, 3));
    x.linear(w).gelu().softmax().max(-1).named("loss");
    Weights weights = Weights.of(Map.of("w", ramp(4, 3)));
    Map<String, Tensor> inputs = Map.of("x", rows(1, -2, 0.5, 0.25, 3, -1));
    Tensor expected =
        symbolically(builder.build(), weights, List.of("w"), inputs).get("w.gradient");
    try (Backend single = factory.create(BackendConfig.defaults())) {
      Differentiation differentiation = new Differentiation("loss", List.of("w"));
      Graph deferred = Gradients.deferred(builder.build(), differentiation);
      try (CompiledGraph graph =
          single.compile(deferred, weights, List.of("w.gradient"), differentiation)) {
        Tensor actual = graph.run(inputs).get("w.gradient");

        assertThat(actual.type()).isEqualTo(DType.F32);
        assertClose("w.gradient", actual, expected, 1e-5);
      }
    }
  }

  // --- several runs

  @Test
  void gradientsOfSeveralRunsDoNotAddUp() {
    x.square().named("loss");
    Graph deferred = Gradients.deferred(builder.build(), BY_X);
    try (CompiledGraph graph = backend.compile(deferred, NO_WEIGHTS, List.of("x.gradient"), BY_X)) {
      Tensor first = output(graph.run(Map.of("x", rows(1, 2, 3))), "x.gradient");

      Tensor second = output(graph.run(Map.of("x", rows(1, 2, 3))), "x.gradient");

      assertBitEqual("x.gradient", second, first);
      assertThat(first.toDoubles()).containsExactly(2, 4, 6);
    }
  }

  @Test
  void gradientsDoNotReadFreedMemory() throws Exception {
    x.mul(3).div(builder.scalar(4)).maximum(builder.scalar(1)).named("loss");
    Graph deferred = Gradients.deferred(builder.build(), BY_X);
    AtomicBoolean done = new AtomicBoolean();
    Thread churn =
        new Thread(
            () -> {
              while (!done.get()) {
                churnDirectMemory();
              }
            });
    churn.start();
    try (CompiledGraph graph = backend.compile(deferred, NO_WEIGHTS, List.of("x.gradient"), BY_X)) {
      Tensor expected = rows(0, 0.75, 0.75);
      for (int run = 0; run < 500; run++) {
        // A new direct buffer each time, which nobody holds after the call.
        Tensor gradient = output(graph.run(Map.of("x", rows(1, 2, 3))), "x.gradient");

        assertBitEqual("x.gradient", gradient, expected);
      }
    } finally {
      done.set(true);
      churn.join();
    }
  }

  @Test
  void concurrentGradientsEqualSequentialOnesBitForBit() throws Exception {
    Value w = builder.parameter("w", Shape.of(8, 3));
    x.linear(w).gelu().softmax().max(-1).named("loss");
    Weights weights = Weights.of(Map.of("w", wave(0.7, 8, 3)));
    Differentiation byW = new Differentiation("loss", List.of("w"));
    Graph deferred = Gradients.deferred(builder.build(), byW);
    try (CompiledGraph graph = backend.compile(deferred, weights, List.of("w.gradient"), byW)) {
      List<Callable<Tensor>> tasks = new ArrayList<>();
      List<Tensor> expected = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        Map<String, Tensor> inputs = Map.of("x", wave(0.1 * (thread + 1), thread + 1, 3));
        expected.add(output(graph.run(inputs), "w.gradient"));
        tasks.add(
            () -> {
              Tensor last = output(graph.run(inputs), "w.gradient");
              for (int run = 0; run < 25; run++) {
                Tensor next = output(graph.run(inputs), "w.gradient");
                assertBitEqual("run " + run, next, last);
                last = next;
              }
              return last;
            });
      }

      List<Tensor> actual = Threads.run(tasks);

      for (int thread = 0; thread < 8; thread++) {
        assertBitEqual("thread " + thread, actual.get(thread), expected.get(thread));
      }
    }
  }
}
