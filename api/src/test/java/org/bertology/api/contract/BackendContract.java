package org.bertology.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bertology.api.contract.TensorComparison.assertBitEqual;
import static org.bertology.api.contract.TensorComparison.assertClose;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.backend.Bindings;
import org.bertology.api.backend.Capability;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.Precision;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.api.graph.Dim;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Op;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every backend computes: each operation equals the reference for all extents, outputs are
 * what was asked for, shapes and names that are rare work too, and a backend says truly what it is.
 */
public abstract class BackendContract extends EngineContract {
  /** Batch and sequence: both free, either alone 1, both 1, and another size of both. */
  private static final List<Map<String, Long>> EXTENTS =
      List.of(extents(2, 3), extents(1, 3), extents(2, 1), extents(1, 1), extents(3, 7));

  /** By how much rounding grows on the way through an encoder layer and back. */
  private static final int DEPTH = 10;

  private final double tolerance;
  private final Backend reference = new ReferenceBackend();

  /**
   * The contract of what a factory creates.
   *
   * @param config the device, threads and precision to test with
   * @param tolerance the largest deviation from the reference, relative to the largest entry of a
   *     result
   */
  protected BackendContract(BackendFactory factory, BackendConfig config, double tolerance) {
    super(factory, config);
    this.tolerance = tolerance;
  }

  /** The contract of what a factory creates by default. */
  protected BackendContract(BackendFactory factory, double tolerance) {
    this(factory, BackendConfig.defaults(), tolerance);
  }

  private static Map<String, Long> extents(long batch, long sequence) {
    return Map.of("batch", batch, "sequence", sequence);
  }

  @AfterAll
  void closeReference() {
    reference.close();
  }

  // --- operations

  static List<OpCase> cases() {
    return OpCases.all();
  }

  @Test
  void everyOperationHasACase() {
    Set<String> missing = new HashSet<>(Op.titles());
    cases().stream().map(OpCase::op).forEach(missing::remove);

    assertThat(missing).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyOperationEqualsTheReferenceWithAllExtentsOnOneCompiledGraph(OpCase c) {
    Graph graph = c.graph();
    Weights weights = c.weights(graph);
    List<String> outputs = List.of(OpCase.RESULT);
    try (CompiledGraph actual = backend.compile(graph, weights, outputs);
        CompiledGraph expected = reference.compile(graph, weights, outputs)) {
      for (Map<String, Long> extents : EXTENTS) {
        Map<String, Tensor> inputs = c.inputs(graph, extents);

        assertClose(
            c + " with " + extents,
            output(actual.run(inputs), OpCase.RESULT),
            output(expected.run(inputs), OpCase.RESULT),
            tolerance);
      }
    }
  }

  private void assertEqualsReference(Graph graph, Weights weights, Map<String, Tensor> inputs) {
    Tensor expected = result(reference, graph, weights, inputs);

    Tensor actual = result(backend, graph, weights, inputs);

    assertClose("result", actual, expected, tolerance);
  }

  @Test
  void bitsAreChosenByBits() {
    GraphBuilder builder = new GraphBuilder();
    Value condition = builder.input("condition", ElementType.BOOL, Shape.of("batch", 1));
    Value yes = builder.input("yes", ElementType.BOOL, Shape.of("batch", 2));
    Value no = builder.input("no", ElementType.BOOL, Shape.of(2));
    condition.where(yes, no).named("result");

    assertEqualsReference(
        builder.build(),
        NO_WEIGHTS,
        Map.of(
            "condition", Tensor.of(new boolean[] {true, false}, 2, 1),
            "yes", Tensor.of(new boolean[] {true, false, false, true}, 2, 2),
            "no", Tensor.of(new boolean[] {false, true}, 2)));
  }

  @Test
  void aGraphOfConstantsAloneIsComputed() {
    GraphBuilder builder = new GraphBuilder();
    builder.scalar(2).exp().named("result");

    assertEqualsReference(builder.build(), NO_WEIGHTS, Map.of());
  }

  @Test
  void constantsMayBeInfinite() {
    GraphBuilder builder = new GraphBuilder();
    builder.scalar(Double.NEGATIVE_INFINITY).exp().named("result");

    Tensor result = result(backend, builder.build(), NO_WEIGHTS, Map.of());

    assertThat(result.toDoubles()).containsExactly(0);
  }

  @Test
  void axesWithoutEntriesAreCarriedThrough() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", "sequence", 4));
    x.slice(2, 4, Dim.of(0)).reshape(Shape.of("batch", "sequence", 2, 0)).named("result");

    Tensor result = result(backend, builder.build(), NO_WEIGHTS, Map.of("x", ramp(2, 3, 4)));

    assertThat(result.shape()).containsExactly(2, 3, 2, 0);
  }

  @Test
  void transposedResultsComeInRowMajorOrder() {
    GraphBuilder builder = new GraphBuilder();
    builder.input("x", ElementType.FLOAT, Shape.of("batch", 2)).transpose(1, 0).named("result");
    Map<String, Tensor> inputs = Map.of("x", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));

    Tensor result = result(backend, builder.build(), NO_WEIGHTS, inputs);

    assertThat(result.toDoubles()).containsExactly(1, 3, 5, 2, 4, 6);
  }

  // --- an encoder layer, in which engines find much to fuse

  @Test
  void aLayerItsAttentionAndItsGradientEqualTheReference() {
    Graph layer = EncoderLayer.graph();
    Graph graph = Gradients.differentiate(layer, "loss", List.of("heads"));
    Weights weights = EncoderLayer.weights(layer);
    List<String> outputs = List.of("layer", "probabilities", Gradients.nameOf("heads"));
    try (CompiledGraph expected = reference.compile(graph, weights, outputs);
        CompiledGraph actual = backend.compile(graph, weights, outputs)) {
      for (int length : new int[] {5, 1, 9}) {
        Map<String, Tensor> inputs = EncoderLayer.inputs(3, length);

        Map<String, Tensor> results = actual.run(inputs);

        expected
            .run(inputs)
            .forEach(
                (name, tensor) ->
                    assertClose(name, output(results, name), tensor, DEPTH * tolerance));
      }
    }
  }

  // --- outputs

  @Test
  void outputsComeInTheOrderInWhichTheyWereAskedFor() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch"));
    x.add(1).named("a");
    x.add(2).named("b");
    x.add(3).named("c");
    List<String> asked = List.of("c", "a", "b");

    Map<String, Tensor> outputs = run(builder.build(), NO_WEIGHTS, asked, floats("x", 1, 2));

    assertThat(outputs.keySet()).containsExactlyElementsOf(asked);
    assertClose("c", output(outputs, "c"), Tensor.of(new double[] {4, 5}, 2), tolerance);
    assertClose("a", output(outputs, "a"), Tensor.of(new double[] {2, 3}, 2), tolerance);
    assertClose("b", output(outputs, "b"), Tensor.of(new double[] {3, 4}, 2), tolerance);
  }

  @Test
  void aValueMayBeAskedForUnderTwoNames() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch"));
    x.mul(2).named("twice").named("double");
    List<String> asked = List.of("twice", "double");

    Map<String, Tensor> outputs = run(builder.build(), NO_WEIGHTS, asked, floats("x", 1, 2));

    assertThat(outputs.keySet()).containsExactlyElementsOf(asked);
    assertBitEqual("the same value", output(outputs, "double"), output(outputs, "twice"));
    assertClose("twice", output(outputs, "twice"), Tensor.of(new double[] {2, 4}, 2), tolerance);
  }

  @Test
  void inputsParametersAndConstantsMayBeOutputsThemselves() {
    GraphBuilder builder = new GraphBuilder();
    builder.input("x", ElementType.FLOAT, Shape.of("batch")).named("x-itself");
    builder.input("ids", ElementType.INT, Shape.of("batch")).named("ids");
    builder.input("mask", ElementType.BOOL, Shape.of("batch")).named("mask");
    builder.parameter("w", Shape.of(2)).named("w");
    builder.scalar(0.25).named("quarter");
    Weights weights = Weights.of(Map.of("w", Tensor.of(new float[] {3, 4}, 2)));
    Map<String, Tensor> inputs = new LinkedHashMap<>(floats("x", 1, 2, 3));
    inputs.put("ids", Tensor.of(new long[] {1L << 40, -7, 0}, 3));
    inputs.put("mask", Tensor.of(new boolean[] {true, false, true}, 3));

    Map<String, Tensor> outputs =
        run(builder.build(), weights, List.of("mask", "w", "x-itself", "quarter", "ids"), inputs);

    assertThat(outputs.keySet()).containsExactly("mask", "w", "x-itself", "quarter", "ids");
    assertThat(output(outputs, "x-itself").toDoubles()).containsExactly(1, 2, 3);
    assertThat(output(outputs, "ids").longs().get(0)).isEqualTo(1L << 40);
    assertThat(output(outputs, "ids").toLongs()).containsExactly(1L << 40, -7, 0);
    assertThat(output(outputs, "mask").type()).isEqualTo(DType.BOOL);
    assertThat(output(outputs, "mask").toLongs()).containsExactly(1, 0, 1);
    assertThat(output(outputs, "w").toDoubles()).containsExactly(3, 4);
    assertThat(output(outputs, "quarter").toDoubles()).containsExactly(0.25);
    assertThat(output(outputs, "quarter").shape()).isEmpty();
  }

  @Test
  void floatOutputsAreAsWideAsThePrecision() {
    GraphBuilder builder = new GraphBuilder();
    builder.input("x", ElementType.FLOAT, Shape.of("batch")).exp().named("y");

    Map<String, Tensor> outputs = run(builder.build(), NO_WEIGHTS, List.of("y"), floats("x", 1));

    assertThat(output(outputs, "y").type())
        .isEqualTo(Bindings.hostType(ElementType.FLOAT, backend.config().precision()));
  }

  @Test
  void onlyWhatTheOutputsDependOnIsNeeded() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch"));
    Value unused = builder.input("unused", ElementType.FLOAT, Shape.of("batch"));
    x.mul(3).named("asked");
    unused.mul(builder.parameter("absent", Shape.of(1))).named("other");

    try (CompiledGraph graph = backend.compile(builder.build(), NO_WEIGHTS, List.of("asked"))) {
      Map<String, Tensor> outputs = graph.run(floats("x", 1, 2));

      assertThat(graph.inputs()).containsExactly(Map.entry("x", x.type()));
      assertThat(outputs.keySet()).containsExactly("asked");
      assertThat(output(outputs, "asked").toDoubles()).containsExactly(3, 6);
    }
  }

  @Test
  void anInputIsAskedForWhereOnlyItGivesTheExtentOfAnOutput() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 2)).named("x");
    builder.filled(0.5, Shape.of("batch")).named("halves");
    builder.size(Dim.of("batch").times(Dim.of(2))).named("size");

    try (CompiledGraph graph =
        backend.compile(builder.build(), NO_WEIGHTS, List.of("halves", "size"))) {
      Map<String, Tensor> outputs =
          graph.run(Map.of("x", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2)));

      assertThat(graph.inputs()).containsExactly(Map.entry("x", x.type()));
      assertThat(output(outputs, "halves").toDoubles()).containsExactly(0.5, 0.5, 0.5);
      assertThat(output(outputs, "size").toDoubles()).containsExactly(6);
    }
  }

  @Test
  void aValueThatIsAnotherOneUnchangedIsReturnedUnderBothNames() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 1)).named("x");
    builder.append(new Op.Concat(1), x).named("alone");
    x.abs().named("y");
    builder.append(new Op.Concat(1), x.abs()).named("y-alone");
    List<String> asked = List.of("x", "alone", "y", "y-alone");
    Map<String, Tensor> inputs = Map.of("x", Tensor.of(new float[] {-1, 2}, 2, 1));

    Map<String, Tensor> outputs = run(builder.build(), NO_WEIGHTS, asked, inputs);

    assertThat(outputs.keySet()).containsExactlyElementsOf(asked);
    assertThat(output(outputs, "x").toDoubles()).containsExactly(-1, 2);
    assertThat(output(outputs, "alone").toDoubles()).containsExactly(-1, 2);
    assertThat(output(outputs, "y").toDoubles()).containsExactly(1, 2);
    assertThat(output(outputs, "y-alone").toDoubles()).containsExactly(1, 2);
  }

  @Test
  void namesMayHoldAnything() {
    String input = "x[] module_method:no.such \"name\"";
    String parameter = "a.b[]()'\n";
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input(input, ElementType.FLOAT, Shape.of(2));
    Value similar = builder.input("_x y", ElementType.FLOAT, Shape.of(2));
    Value alike = builder.input("_x_y", ElementType.FLOAT, Shape.of(2));
    Value sum = x.add(builder.parameter(parameter, Shape.of(2))).named("größe 1/2");
    sum.add(similar.sub(alike)).named("layer.0/[{{node y}}]");
    Weights weights = Weights.of(Map.of(parameter, Tensor.of(new float[] {1, 2}, 2)));
    Map<String, Tensor> inputs =
        Map.of(
            input,
            Tensor.of(new float[] {3, 4}, 2),
            "_x y",
            Tensor.of(new float[] {30, 40}, 2),
            "_x_y",
            Tensor.of(new float[] {10, 10}, 2));

    Map<String, Tensor> outputs =
        run(builder.build(), weights, List.of("größe 1/2", "layer.0/[{{node y}}]"), inputs);

    assertThat(output(outputs, "größe 1/2").toDoubles()).containsExactly(4, 6);
    assertThat(output(outputs, "layer.0/[{{node y}}]").toDoubles()).containsExactly(24, 36);
  }

  // --- what a backend says of itself

  @Test
  void aBackendDescribesItself() {
    assertThat(backend.name()).matches("[a-z][a-z0-9-]*");
    assertThat(backend.version()).isNotBlank();
    assertThat(backend.devices()).isNotEmpty().allMatch(device -> device.matches("cpu|cuda:\\d+"));
    assertThat(backend.devices()).contains("cpu").doesNotHaveDuplicates();
    assertThat(backend.capabilities()).doesNotContainNull();
    assertThat(factory.name()).isEqualTo(backend.name());
  }

  @Test
  void doublePrecisionIsComputedOrRefused() {
    BackendConfig config = BackendConfig.defaults().withPrecision(Precision.FLOAT64);
    if (!backend.capabilities().contains(Capability.DOUBLE_PRECISION)) {
      assertRefused(config);
      return;
    }
    GraphBuilder builder = new GraphBuilder();
    builder.input("x", ElementType.FLOAT, Shape.of("batch")).exp().named("y");

    try (Backend own = factory.create(config);
        CompiledGraph graph = own.compile(builder.build(), NO_WEIGHTS, List.of("y"))) {
      Tensor y = output(graph.run(Map.of("x", Tensor.of(new double[] {0.1}, 1))), "y");

      assertThat(own.config().precision()).isEqualTo(Precision.FLOAT64);
      assertThat(y.type()).isEqualTo(DType.F64);
      assertClose("exp(0.1)", y, Tensor.of(new double[] {Math.exp(0.1)}, 1), 1e-14);
    }
  }

  @Test
  void aCudaDeviceIsRefusedWhereThereIsNone() {
    assumeFalse(backend.capabilities().contains(Capability.CUDA), "this backend runs on CUDA");

    assertRefused(BackendConfig.defaults().withDevice("cuda:0"));
  }

  private void assertRefused(BackendConfig config) {
    assertThatThrownBy(() -> factory.create(config).close())
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageMatching(backend.name() + " \\V+"); // one line
  }
}
