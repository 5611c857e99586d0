package org.bertology.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.bertology.api.contract.TensorComparison.assertBitEqual;
import static org.bertology.api.contract.TensorComparison.assertClose;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.Capability;
import org.bertology.api.backend.CompiledGraph;
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
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What this engine's traps would break, beyond the contract of all backends. */
final class TensorFlowBackendTest {
  /** Float32 sums of a few thousand numbers of one sign. */
  private static final double TOLERANCE = 1e-5;

  /** How much larger the process may be after 100 backends than after 10. */
  private static final double RESIDENT_GROWTH = 1.05;

  private final TensorFlowBackend backend = open();
  private final GraphBuilder builder = new GraphBuilder();

  private static TensorFlowBackend open() {
    return (TensorFlowBackend) new TensorFlowBackendFactory().create(BackendConfig.defaults());
  }

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

  private Value large() {
    return builder.parameter("large", Shape.of(64, 64));
  }

  private static Weights largeWeights() {
    return Weights.of(Map.of("large", Ramp.of(64, 64)));
  }

  // --- weights

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
  void graphsShareTheMemoryOfAWeight() throws Exception {
    Path status = status();
    int rows = 4_000_000; // 256 MB
    Weights weights = Weights.of(Map.of("large", Tensor.filled(1, rows, 16)));
    builder.parameter("large", Shape.of(rows, 16)).slice(0, 0).sumAll().named("result");
    CompiledGraph first = backend.compile(builder.build(), weights, List.of("result"));
    assertThat(first.run(Map.of()).get("result").toFloats()).containsExactly(16);
    long withOne = residentKilobytes(status);

    for (int i = 0; i < 5; i++) {
      CompiledGraph next = backend.compile(builder.build(), weights, List.of("result"));
      assertThat(next.run(Map.of()).get("result").toFloats()).containsExactly(16);
    }

    assertThat(residentKilobytes(status) - withOne).isLessThan(100_000);
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
  void anOpenGraphKeepsItsWeightsWhenTheirTensorsAreReleased() throws Exception {
    large().square().named("result");
    try (CompiledGraph graph =
        backend.compile(builder.build(), largeWeights(), List.of("result"))) {
      for (int attempt = 0; attempt < 50 && backend.uploadedTensors() > 0; attempt++) {
        System.gc();
        Thread.sleep(20);
      }

      assertThat(backend.uploadedTensors()).isZero();
      assertThat(graph.run(Map.of()).get("result").toFloats()[4095])
          .isEqualTo((4095f / 4096) * (4095f / 4096));
    }
  }

  @Test
  void mappedWeightsAtOddOffsetsAreRead(@TempDir Path directory) throws Exception {
    Tensor expected = Ramp.of(64, 64);
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
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aCompilationThatFailsHalfwayReleasesWhatItMade() {
    Weights broken =
        new Weights() {
          @Override
          public Set<String> names() {
            return Set.of("large");
          }

          @Override
          public long[] shape(String name) {
            return new long[] {64, 64};
          }

          @Override
          public Tensor get(String name) {
            throw new IllegalStateException("the file is gone");
          }
        };
    large().square().named("result");

    assertThatIllegalStateException()
        .isThrownBy(() -> backend.compile(builder.build(), broken, List.of("result")))
        .withMessage("the file is gone");
    assertThat(run(backend, builder.build(), largeWeights(), Map.of())).containsKey("result");
  }

  // --- what the engine would not say, or would say with a crash

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
          .withMessageStartingWith("tensorflow could not run the graph at 'rows': ")
          .withMessageContaining("is not in [0, 64)");
    }
  }

  private static Tensor numbers(float... values) {
    return Tensor.of(values, values.length);
  }

  @Test
  void computedRowsOutsideTheSumFailAndNameTheHook() {
    Value numbers = builder.input("numbers", ElementType.FLOAT, Shape.of("batch"));
    numbers
        .scatterAdd(numbers.cast(ElementType.INT), Dim.of(3))
        .named("sums")
        .mul(2)
        .named("result");

    for (float outside : new float[] {-1, 3}) {
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(
              () ->
                  run(
                      backend,
                      builder.build(),
                      Ramp.NO_WEIGHTS,
                      Map.of("numbers", numbers(outside))))
          .withMessageStartingWith("tensorflow could not run the graph at 'sums': ");
    }
  }

  @Test
  void namesThatTheEngineDoesNotAllowAreHooksAllTheSame() {
    Value x = builder.input("_x y", ElementType.FLOAT, Shape.of("batch"));
    Value other = builder.input("_x_y", ElementType.FLOAT, Shape.of("batch"));
    x.add(other).named("größe 1/2").mul(2).named("result");
    Map<String, Tensor> inputs = Map.of("_x y", numbers(1, 2), "_x_y", numbers(10, 20));

    Tensor result = run(backend, builder.build(), Ramp.NO_WEIGHTS, inputs).get("result");

    assertThat(result.toFloats()).containsExactly(22, 44);
  }

  @Test
  void anOutputThatIsAnotherOnesOperandUnchangedIsReturnedUnderBothNames() {
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 1)).named("x");
    builder.append(new Op.Concat(1), x).named("alone");
    x.exp().named("y");
    builder.append(new Op.Concat(1), x.exp()).named("y-alone");
    List<String> outputs = List.of("x", "alone", "y", "y-alone");

    try (CompiledGraph graph = backend.compile(builder.build(), Ramp.NO_WEIGHTS, outputs)) {
      Map<String, Tensor> results = graph.run(Map.of("x", numbers(0, 1).reshaped(2, 1)));

      assertThat(results.keySet()).containsExactlyElementsOf(outputs);
      assertThat(results.get("x").toFloats()).containsExactly(0, 1);
      assertThat(results.get("alone").toFloats()).containsExactly(0, 1);
      assertThat(results.get("y-alone").toFloats()).isEqualTo(results.get("y").toFloats());
    }
  }

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
            "output 'result' of F32 [2, 8388608, 64] needs 4294967296 bytes; one tensor holds at"
                + " most 2147483647; run smaller batches");
  }

  @Test
  void noOutputAtAllIsRefused() {
    large().named("result");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.compile(builder.build(), largeWeights(), List.of()))
        .withMessage("no output is asked for; name at least one");
  }

  @Test
  void aSymbolThatNoInputGivesIsRefused() {
    builder.filled(1, Shape.of("unknown")).named("result");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.compile(builder.build(), Ramp.NO_WEIGHTS, List.of("result")))
        .withMessage("no input gives the extent of 'unknown'; known: []");
  }

  @Test
  void bitsAreChosenByBits() {
    Value condition = builder.input("condition", ElementType.BOOL, Shape.of("batch", 1));
    Value yes = builder.input("yes", ElementType.BOOL, Shape.of("batch", 2));
    Value no = builder.input("no", ElementType.BOOL, Shape.of(2));
    condition.where(yes, no).named("result");

    assertEqualsReference(
        Ramp.NO_WEIGHTS,
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
        run(backend, builder.build(), Ramp.NO_WEIGHTS, Map.of("x", Ramp.of(2, 3, 4))).get("result");

    assertThat(result.shape()).containsExactly(2, 3, 2, 0);
  }

  // --- lifetimes

  @Test
  void resultsOutliveTheGraphAndTheBackend() {
    large().mul(2).named("result");
    Tensor result = run(backend, builder.build(), largeWeights(), Map.of()).get("result");

    backend.close();

    assertThat(result.toFloats()[4095]).isEqualTo(2 * 4095f / 4096);
  }

  @Test
  void backendsThatComeAndGoLeaveNothingBehind() throws Exception {
    Path status = status();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 1024));
    x.linear(builder.parameter("w", Shape.of(1024, 1024))).gelu().named("result");
    Weights weights = Weights.of(Map.of("w", Ramp.of(1024, 1024)));
    Map<String, Tensor> inputs = Map.of("x", Ramp.of(16, 1024));
    comeAndGo(builder.build(), weights, inputs, 10);
    long after10 = residentKilobytes(status);

    comeAndGo(builder.build(), weights, inputs, 90);

    long after100 = residentKilobytes(status);
    assertThat((double) after100)
        .as("resident kB after 100 backends; after 10 it was %d", after10)
        .isLessThanOrEqualTo(RESIDENT_GROWTH * after10);
  }

  private static void comeAndGo(
      Graph graph, Weights weights, Map<String, Tensor> inputs, int times) {
    for (int i = 0; i < times; i++) {
      try (Backend own = open()) {
        assertThat(run(own, graph, weights, inputs)).containsKey("result");
      }
    }
  }

  private static Path status() {
    Path status = Path.of("/proc/self/status");
    assumeTrue(Files.isReadable(status), "resident memory is read from /proc, which is missing");
    return status;
  }

  private static long residentKilobytes(Path status) throws Exception {
    System.gc();
    // Direct memory is freed by a thread of its own after a collection.
    Thread.sleep(200);
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  // --- devices, threads and versions

  @Test
  void cudaIsRefusedByNativesForCpuOnly() {
    BackendConfig config = BackendConfig.defaults().withDevice("cuda:0");

    assertThatExceptionOfType(UnsupportedCapabilityException.class)
        .isThrownBy(() -> new TensorFlowBackendFactory().create(config))
        .withMessage(
            "tensorflow cannot use device 'cuda:0': the natives on the class path were built for"
                + " cpu only; use --device cpu, or put"
                + " org.tensorflow:tensorflow-core-native:1.1.0:linux-x86_64-gpu (527 MB) in their"
                + " place");
    assertThat(backend.devices()).containsExactly("cpu");
    assertThat(backend.capabilities())
        .containsExactlyInAnyOrder(Capability.DOUBLE_PRECISION, Capability.NATIVE_GRADIENTS);
  }

  @Test
  void aSecondNumberOfThreadsIsRefused() {
    BackendConfig config = BackendConfig.defaults().withThreads(2);

    assertThatExceptionOfType(UnsupportedCapabilityException.class)
        .isThrownBy(() -> new TensorFlowBackendFactory().create(config))
        .withMessage(
            "tensorflow cannot use 2 threads: all its sessions in a process share one pool, and the"
                + " first backend of this process fixed its size to 1; use 1, or another process");
  }

  @Test
  void theSizeOfTheProcessIsNotBoundByThatOfTheJavaHeap() {
    assertThat(Pointer.maxPhysicalBytes()).isZero();
    assertThat(Pointer.maxBytes()).isZero();
  }

  @Test
  void theVersionIsTheEngines() {
    assertThat(backend.name()).isEqualTo("tensorflow");
    assertThat(backend.version()).isEqualTo("TensorFlow 2.18.0");
  }
}
