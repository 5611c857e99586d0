package org.bertology.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bertology.api.contract.TensorComparison.assertBitEqual;
import static org.bertology.api.contract.TensorComparison.assertClose;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.Capability;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.bertology.api.contract.OpCase;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What this engine's traps would break, beyond the contract of all backends. */
final class OnnxBackendTest {
  /** Float32 sums of a few thousand numbers of one sign. */
  private static final double TOLERANCE = 1e-5;

  private final OnnxBackend backend =
      (OnnxBackend) new OnnxBackendFactory().create(BackendConfig.defaults());
  private final GraphBuilder builder = new GraphBuilder();

  @AfterEach
  void close() {
    backend.close();
  }

  private static Map<String, Tensor> run(
      Backend engine, Graph graph, Weights weights, Map<String, Tensor> inputs) {
    try (CompiledGraph compiled = engine.compile(graph, weights, List.of("result"))) {
      return compiled.run(inputs);
    }
  }

  private void assertEqualsReference(Weights weights, Map<String, Tensor> inputs) {
    Graph graph = builder.build();
    try (Backend reference = new ReferenceBackend()) {
      Tensor expected = run(reference, graph, weights, inputs).get("result");

      Tensor actual = run(backend, graph, weights, inputs).get("result");

      assertClose("result", actual, expected, TOLERANCE);
    }
  }

  // --- weights that are not in the model

  /** [64, 64], four times what is written into a model. */
  private Value large() {
    return builder.parameter("large", Shape.of(64, 64));
  }

  private static Weights largeWeights() {
    return Weights.of(Map.of("large", Models.ramp(64, 64)));
  }

  @Test
  void whatCouldBeComputedFromWeightsAloneIsComputedFromTheirValues() {
    large().square().sum(0).sum(1).named("result");

    assertEqualsReference(largeWeights(), Map.of());
  }

  @Test
  void aSmallPieceOfALargeWeightHasItsValues() {
    large().slice(0, 3).slice(1, 5, Dim.of(2)).mul(2).named("result");

    assertEqualsReference(largeWeights(), Map.of());
  }

  @Test
  void aTransposedWeightHasItsValues() {
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 64));
    x.matmul(large().transpose(1, 0)).named("result");

    assertEqualsReference(largeWeights(), Map.of("x", Models.ramp(2, 64)));
  }

  @Test
  void aScaledAndReshapedWeightHasItsValues() {
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 2048));
    x.linear(large().mul(0.5).reshape(Shape.of(2, 2048)).exp()).named("result");

    assertEqualsReference(largeWeights(), Map.of("x", Models.ramp(3, 2048)));
  }

  @Test
  void oneWeightIsBothTableAndDecoder() {
    Value ids = builder.input("ids", ElementType.INT, Shape.of("batch", "sequence"));
    large().gather(ids).linear(large()).linearTransposed(large()).named("result");

    assertEqualsReference(largeWeights(), Map.of("ids", Tensor.of(new long[] {0, 63, 7, 7}, 2, 2)));
  }

  @Test
  void aWeightIsUploadedOnceForAllGraphs() {
    Weights weights = largeWeights();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 64));
    x.linear(large()).named("forward");
    x.linearTransposed(large()).named("backward");

    backend.compile(builder.build(), weights, List.of("forward"));
    backend.compile(builder.build(), weights, List.of("backward"));
    int afterOneInstance = backend.uploadedTensors();
    backend.compile(builder.build(), largeWeights(), List.of("forward"));

    assertThat(afterOneInstance).isEqualTo(1);
    assertThat(backend.uploadedTensors()).isEqualTo(2);
    assertThat(weights.names()).containsExactly("large");
  }

  @Test
  void weightsThatNobodyUsesAnyMoreAreReleased() throws Exception {
    large().square().named("result");
    run(backend, builder.build(), largeWeights(), Map.of());

    for (int attempt = 0; attempt < 50 && backend.uploadedTensors() > 0; attempt++) {
      System.gc();
      Thread.sleep(20);
    }

    assertThat(backend.uploadedTensors()).isZero();
  }

  @Test
  void weightsOfAnOpenGraphAreKept() throws Exception {
    large().square().named("result");
    try (CompiledGraph graph =
        backend.compile(builder.build(), largeWeights(), List.of("result"))) {
      for (int attempt = 0; attempt < 5; attempt++) {
        System.gc();
        Thread.sleep(20);
      }

      assertThat(backend.uploadedTensors()).isEqualTo(1);
      assertThat(graph.run(Map.of()).get("result").toFloats()[4095])
          .isEqualTo((4095f / 4096) * (4095f / 4096));
    }
  }

  @Test
  void mappedWeightsAtOddOffsetsAreRead(@TempDir Path directory) throws IOException {
    Tensor expected = Models.ramp(64, 64);
    Path file = directory.resolve("weights");
    ByteBuffer content = ByteBuffer.allocate(77 + 64 * 64 * 4).order(ByteOrder.LITTLE_ENDIAN);
    content.position(77).put(expected.bytes());
    Files.write(file, content.array());
    large().mul(1).named("result");

    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer mapped =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()).position(77);
      Weights weights = Weights.of(Map.of("large", Tensor.of(DType.F32, expected.shape(), mapped)));

      Tensor actual = run(backend, builder.build(), weights, Map.of()).get("result");

      assertBitEqual("result", actual, expected);
    }
  }

  @Test
  void moreThanTwoGibibytesOfWeightsAreUsedWhereTheyAre(@TempDir Path directory)
      throws IOException {
    int rows = 200_000_000;
    Value ids = builder.input("ids", ElementType.INT, Shape.of("batch"));
    Map<String, Tensor> tables = new HashMap<>();
    List<Value> found = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      tables.put("table" + i, sparse(directory.resolve("table" + i), rows, i + 1));
      found.add(builder.parameter("table" + i, Shape.of(rows, 1)).gather(ids));
    }
    builder.concat(-1, found).named("result");

    Tensor result =
        run(
                backend,
                builder.build(),
                Weights.of(tables),
                Map.of("ids", Tensor.of(new long[] {0, rows - 1}, 2)))
            .get("result");

    assertThat(result.toFloats()).containsExactly(0, 0, 0, 1, 2, 3);
  }

  /** A column of zeros with one number at its end, in a file without blocks for the zeros. */
  private static Tensor sparse(Path file, int rows, float last) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      ByteBuffer number = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
      channel.write(number.putFloat(last).flip(), (rows - 1) * 4L);
      ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, rows * 4L);
      return Tensor.of(DType.F32, new long[] {rows, 1}, mapped);
    }
  }

  // --- indices

  @Test
  void computedIndicesOutsideTheTableFailAndNameTheHook() {
    Value numbers = builder.input("numbers", ElementType.FLOAT, Shape.of("batch"));
    large().gather(numbers.cast(ElementType.INT)).named("rows").mul(2).named("result");

    assertThat(
            run(backend, builder.build(), largeWeights(), Map.of("numbers", numbers(63)))
                .get("result")
                .shape())
        .containsExactly(1, 64);
    for (float outside : new float[] {-1, 64}) {
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(
              () ->
                  run(
                      backend,
                      builder.build(),
                      largeWeights(),
                      Map.of("numbers", numbers(outside))))
          .withMessageStartingWith("onnx could not run the graph at 'rows': ")
          .withMessageContaining("out of data bounds");
    }
  }

  private static Tensor numbers(float... values) {
    return Tensor.of(values, values.length);
  }

  @Test
  void additionsToOneRowDoNotRaceOnSeveralThreads() {
    int entries = 4_000;
    Value indices = builder.input("indices", ElementType.INT, Shape.of("entries"));
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("entries", 768));
    x.scatterAdd(indices, Dim.of(2)).named("result");
    Map<String, Tensor> inputs =
        Map.of(
            "indices", Tensor.of(new long[entries], entries),
            "x", Tensor.filled(1, entries, 768));

    try (Backend threaded =
            new OnnxBackendFactory().create(BackendConfig.defaults().withThreads(4));
        CompiledGraph graph =
            threaded.compile(builder.build(), Models.NO_WEIGHTS, List.of("result"))) {
      for (int run = 0; run < 20; run++) {
        float[] sums = graph.run(inputs).get("result").toFloats();

        assertThat(sums[0]).isEqualTo(entries);
        assertThat(sums[767]).isEqualTo(entries);
        assertThat(sums[768]).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.bertology.api.contract.OpCases#all")
  void everyOperationEqualsTheReferenceOnTwoThreads(OpCase c) {
    Graph graph = c.graph();
    Weights weights = c.weights(graph);
    Map<String, Tensor> inputs = c.inputs(graph, Map.of("batch", 2L, "sequence", 3L));
    BackendConfig config = BackendConfig.defaults().withThreads(2);
    try (Backend threaded = new OnnxBackendFactory().create(config);
        Backend reference = new ReferenceBackend()) {
      Tensor expected = run(reference, graph, weights, inputs).get("result");

      Tensor actual = run(threaded, graph, weights, inputs).get("result");

      assertClose(c.toString(), actual, expected, TOLERANCE);
    }
  }

  // --- fusions

  /** One encoder layer of width 64 with two heads, and the sum of its squares as loss. */
  private void encoderLayer() {
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

  private static Weights randomWeights(Graph graph, Random random) {
    Map<String, Tensor> weights = new HashMap<>();
    for (Value node : graph.nodes(List.of("loss"))) {
      if (node.op() instanceof Op.Parameter parameter) {
        weights.put(parameter.name(), random(random, 0.1, parameter.shape().bind(Map.of())));
      }
    }
    return Weights.of(weights);
  }

  private static Tensor random(Random random, double scale, long... shape) {
    float[] values = Models.ramp(shape).toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return Tensor.of(values, shape);
  }

  @Test
  void aLayerItsAttentionAndItsGradientEqualTheReference() {
    encoderLayer();
    Graph graph = Gradients.differentiate(builder.build(), "loss", List.of("heads"));
    List<String> outputs = List.of("layer", "probabilities", Gradients.nameOf("heads"));
    Random random = new Random(7);
    Weights weights = randomWeights(graph, random);
    try (Backend reference = new ReferenceBackend();
        CompiledGraph expected = reference.compile(graph, weights, outputs);
        CompiledGraph actual = backend.compile(graph, weights, outputs)) {
      for (int length : new int[] {5, 1, 9}) {
        Map<String, Tensor> inputs =
            Map.of(
                "x", random(random, 1, 3, length, 64),
                "mask", Tensor.filled(0, 3, 1, 1, length),
                "heads", Tensor.filled(1, 3, 2, 1, 1));

        Map<String, Tensor> results = actual.run(inputs);

        expected
            .run(inputs)
            .forEach((name, tensor) -> assertClose(name, results.get(name), tensor, TOLERANCE));
      }
    }
  }

  // --- outputs and lifetimes

  @Test
  void anOutputThatNoHostTensorHoldsIsRefused() {
    Value ids = builder.input("ids", ElementType.INT, Shape.of("batch"));
    large()
        .gather(ids)
        .reshape(Shape.of("batch", 1, 64))
        .broadcast(Shape.of("batch", 1 << 23, 64))
        .named("result");

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                run(
                    backend,
                    builder.build(),
                    largeWeights(),
                    Map.of("ids", Tensor.of(new long[] {0, 1}, 2))))
        .withMessage(
            "output 'result' of F32 [2, 8388608, 64] needs 4294967296 bytes; one tensor holds"
                + " at most 2147483647; run smaller batches");
  }

  @Test
  void resultsOutliveTheGraphAndTheBackend() {
    large().mul(2).named("result");
    Tensor result = run(backend, builder.build(), largeWeights(), Map.of()).get("result");

    backend.close();

    assertThat(result.toFloats()[4095]).isEqualTo(2 * 4095f / 4096);
  }

  @Test
  void bitsAreChosenByBits() {
    Value condition = builder.input("condition", ElementType.BOOL, Shape.of("batch", 1));
    Value yes = builder.input("yes", ElementType.BOOL, Shape.of("batch", 2));
    Value no = builder.input("no", ElementType.BOOL, Shape.of(2));
    condition.where(yes, no).named("result");

    assertEqualsReference(
        Models.NO_WEIGHTS,
        Map.of(
            "condition", Tensor.of(new boolean[] {true, false}, 2, 1),
            "yes", Tensor.of(new boolean[] {true, false, false, true}, 2, 2),
            "no", Tensor.of(new boolean[] {false, true}, 2)));
  }

  @Test
  void axesWithoutEntriesAreCarriedThrough() {
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", "sequence", 4));
    x.slice(2, 4, Dim.of(0)).reshape(Shape.of("batch", "sequence", 2, 0)).named("result");

    Tensor result =
        run(backend, builder.build(), Models.NO_WEIGHTS, Map.of("x", Models.ramp(2, 3, 4)))
            .get("result");

    assertThat(result.shape()).containsExactly(2, 3, 2, 0);
  }

  @Test
  void noOutputAtAllIsRefused() {
    large().named("result");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.compile(builder.build(), largeWeights(), List.of()))
        .withMessage("no output is asked for; name at least one");
  }

  @Test
  void theTemporaryDirectoryIsRemoved() throws IOException {
    ExternalFolder folder = new ExternalFolder();
    Path path = folder.path();
    assertThat(path.resolve("empty")).isEmptyFile();

    folder.close();

    assertThat(path).doesNotExist();
  }

  // --- devices and versions

  @Test
  void cudaIsRefusedByABuildForCpuOnly() {
    BackendConfig config = BackendConfig.defaults().withDevice("cuda:0");

    assertThatExceptionOfType(UnsupportedCapabilityException.class)
        .isThrownBy(() -> new OnnxBackendFactory().create(config))
        .withMessage(
            "onnx cannot use device 'cuda:0': the onnxruntime on the class path was built for cpu"
                + " only; use --device cpu, or put com.microsoft.onnxruntime:onnxruntime_gpu:1.28.0"
                + " in its place");
    assertThat(backend.devices()).containsExactly("cpu");
    assertThat(backend.capabilities()).containsExactly(Capability.DOUBLE_PRECISION);
  }

  @Test
  void theVersionIsTheEngines() {
    assertThat(backend.name()).isEqualTo("onnx");
    assertThat(backend.version()).isEqualTo("ONNX Runtime 1.28.0");
  }
}
