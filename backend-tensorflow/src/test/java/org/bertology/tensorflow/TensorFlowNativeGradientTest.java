package org.bertology.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bertology.api.contract.TensorComparison.assertClose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;

/** Gradients that the engine adds, where they are easily wrong without anybody noticing. */
final class TensorFlowNativeGradientTest {
  /** Two orders of summation in double precision through two layers. */
  private static final double ROUNDING = 1e-12;

  private final Backend backend =
      new TensorFlowBackendFactory()
          .create(BackendConfig.defaults().withPrecision(Precision.FLOAT64));
  private final GraphBuilder builder = new GraphBuilder();
  private final Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 3));

  @AfterEach
  void close() {
    backend.close();
  }

  private static Tensor rows(double... values) {
    return Tensor.of(values, values.length / 3, 3);
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
    natively(builder.build(), Ramp.NO_WEIGHTS, List.of(targets), inputs)
        .forEach((name, tensor) -> gradients.put(name, tensor.toDoubles()));
    return gradients;
  }

  // --- a whole model

  @Test
  void theEnginesGradientsOfATinyBertEqualTheSymbolicOnes() {
    TransformerConfig config =
        new TransformerConfig(
            23,
            12,
            List.of(new LayerGeometry(3, 4, 20), new LayerGeometry(2, 4, 10)),
            9,
            2,
            1e-12,
            Activation.GELU,
            3);
    Set<Mask> masks = Set.of(Mask.HEADS, Mask.NEURONS, Mask.LAYERS);
    Graph graph = Bert.graph(config, Task.SEQUENCE_CLASSIFICATION, masks);
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
              Hooks.query(layer),
              Hooks.scores(layer),
              Hooks.probabilities(layer),
              Hooks.context(layer),
              Hooks.attentionOutput(layer),
              Hooks.feedforwardPre(layer),
              Hooks.feedforwardActivation(layer)));
      for (Mask mask : masks) {
        targets.add(mask.input(layer));
        targets.add(Hooks.gate(mask, layer));
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

  // --- operators whose own gradients are wrong

  /** {@code Σ factor · logsoftmax(x)}, {@code [2, 2, 3]}, by central differences. */
  private static double[] logSoftmaxDifferences(double[] values, double[] factors) {
    double step = 1e-6;
    double[] gradient = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double[] above = values.clone();
      double[] below = values.clone();
      above[i] += step;
      below[i] -= step;
      gradient[i] =
          (weightedLogSoftmax(above, factors) - weightedLogSoftmax(below, factors)) / (2 * step);
    }
    return gradient;
  }

  private static double weightedLogSoftmax(double[] values, double[] factors) {
    double sum = 0;
    for (int row = 0; row < values.length; row += 3) {
      double normalizer = Math.log(Arrays.stream(values, row, row + 3).map(Math::exp).sum());
      for (int i = row; i < row + 3; i++) {
        sum += factors[i] * (values[i] - normalizer);
      }
    }
    return sum;
  }

  @Test
  void theGradientOfLogSoftmaxIsRightWhereTheEnginesOwnIsWrong() {
    double[] values = {0.1, -0.4, 1.2, 0.7, 0.3, -0.9, 1.5, 0.2, -0.6, 0.8, -1.1, 0.4};
    double[] factors = {1, 2, -1, 0.5, 3, 1, -2, 1, 0, 4, 1, -0.5};
    double[] expected = logSoftmaxDifferences(values, factors);
    Tensor logits = Tensor.of(values, 2, 2, 3);
    Tensor weights = Tensor.of(factors, 2, 2, 3);
    Value z = builder.input("z", ElementType.FLOAT, Shape.of("batch", 2, 3));
    Value f = builder.input("f", ElementType.FLOAT, Shape.of("batch", 2, 3));
    z.logSoftmax().mul(f).named("loss");

    double[] ours = gradients(Map.of("z", logits, "f", weights), "z").get("z.gradient");
    double[] engines = engineLogSoftmaxGradient(logits, weights);

    assertThat(distance(ours, expected)).isLessThan(1e-8);
    assertThat(distance(engines, expected)).isGreaterThan(0.1);
  }

  private static double distance(double[] left, double[] right) {
    double largest = 0;
    for (int i = 0; i < right.length; i++) {
      largest = Math.max(largest, Math.abs(left[i] - right[i]));
    }
    return largest;
  }

  private static double[] engineLogSoftmaxGradient(Tensor logits, Tensor factors) {
    Elements elements = new Elements(Precision.FLOAT64);
    try (org.tensorflow.Graph graph = new org.tensorflow.Graph()) {
      NodeWriter writer = new NodeWriter(graph, elements);
      Output<?> z = placeholder(writer, "z", elements);
      Output<?> f = placeholder(writer, "f", elements);
      Output<?> loss = writer.node("Mul", "loss", writer.node("LogSoftmax", "own", z), f);
      Output<?>[] gradient =
          graph.addGradients("gradients", new Output<?>[] {loss}, new Output<?>[] {z}, null);
      try (Session session = new Session(graph);
          org.tensorflow.Tensor given = NativeTensors.copyIn(logits, DType.F64);
          org.tensorflow.Tensor weights = NativeTensors.copyIn(factors, DType.F64);
          Result result =
              session.runner().feed(z, given).feed(f, weights).fetch(gradient[0]).run()) {
        return NativeTensors.copyOut(result.get(0), DType.F64).toDoubles();
      }
    }
  }

  private static Output<?> placeholder(NodeWriter writer, String name, Elements elements) {
    return writer.node(
        "Placeholder",
        name,
        node ->
            node.setAttr("dtype", elements.floating())
                .setAttr("shape", org.tensorflow.ndarray.Shape.of(-1, 2, 3)));
  }

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
        backend.compile(deferred, Ramp.NO_WEIGHTS, List.of("loss"), differentiation)) {
      double[] loss = graph.run(Map.of("x", rows(Double.NaN, 1, -1))).get("loss").toDoubles();

      assertThat(loss).containsExactly(Double.NaN, 1, -1);
    }
  }

  // --- targets

  @Test
  void aTargetThatTheLossDoesNotDependOnHasZeros() {
    x.exp().named("beside");
    x.stopGradient().named("stopped").mul(x.sign()).add(x.mul(2)).named("loss");
    Differentiation differentiation = new Differentiation("loss", List.of("beside", "stopped"));
    Graph deferred = Gradients.deferred(builder.build(), differentiation);

    try (CompiledGraph graph =
        backend.compile(deferred, Ramp.NO_WEIGHTS, differentiation.gradients(), differentiation)) {
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
        backend.compile(graph, Ramp.NO_WEIGHTS, List.of("magnitude", "x"), differentiation)) {
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
                    Ramp.NO_WEIGHTS,
                    List.of("x.gradient"),
                    new Differentiation("loss", List.of("x"))))
        .withMessage(
            "'x.gradient' is needed before it is there, by its own loss or what that is"
                + " differentiated by; use Gradients.differentiate for one of them");
  }

  @Test
  void theEnginesGradientsAreTheSameInSinglePrecision() {
    Value w = builder.parameter("w", Shape.of(4, 3));
    x.linear(w).gelu().softmax().max(-1).named("loss");
    Weights weights = Weights.of(Map.of("w", Ramp.of(4, 3)));
    Map<String, Tensor> inputs = Map.of("x", rows(1, -2, 0.5, 0.25, 3, -1));
    Tensor expected =
        symbolically(builder.build(), weights, List.of("w"), inputs).get("w.gradient");
    try (Backend single = new TensorFlowBackendFactory().create(BackendConfig.defaults())) {
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
}
