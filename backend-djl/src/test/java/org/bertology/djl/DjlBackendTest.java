package org.bertology.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bertology.api.contract.TensorComparison.assertBitEqual;
import static org.bertology.api.contract.TensorComparison.assertClose;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What this engine's traps would break, beyond the contract of all backends. */
final class DjlBackendTest {
  /** Float32 sums of a few thousand numbers of one sign. */
  private static final double TOLERANCE = 1e-5;

  /** How much larger the process may be after 100 backends than after 10. */
  private static final double RESIDENT_GROWTH = 1.05;

  private static final Weights NO_WEIGHTS = Weights.of(Map.of());

  private final DjlBackend backend =
      (DjlBackend) new DjlBackendFactory().create(BackendConfig.defaults());
  private final GraphBuilder builder = new GraphBuilder();

  @AfterEach
  void close() {
    backend.close();
  }

  private static Tensor run(
      Backend engine, Graph graph, Weights weights, Map<String, Tensor> inputs) {
    try (CompiledGraph compiled = engine.compile(graph, weights, List.of("result"))) {
      return result(compiled.run(inputs));
    }
  }

  private static Tensor result(Map<String, Tensor> outputs) {
    Tensor tensor = outputs.get("result");
    assertThat(tensor).isNotNull();
    return tensor;
  }

  /** 0, 1, 2 and so on, scaled to lie in [0, 1). */
  private static Tensor ramp(long... shape) {
    int size = 1;
    for (long extent : shape) {
      size *= (int) extent;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) i / size;
    }
    return Tensor.of(values, shape);
  }

  private void assertEqualsReference(Weights weights, Map<String, Tensor> inputs) {
    Graph graph = builder.build();
    try (Backend reference = new ReferenceBackend()) {
      Tensor expected = run(reference, graph, weights, inputs);

      Tensor actual = run(backend, graph, weights, inputs);

      assertClose("result", actual, expected, TOLERANCE);
    }
  }

  // --- weights

  private Value table() {
    return builder.parameter("table", Shape.of(64, 64));
  }

  private static Weights tableWeights() {
    return Weights.of(Map.of("table", ramp(64, 64)));
  }

  @Test
  void aGraphOfWeightsAloneIsComputed() {
    table().square().sum(0).sum(1).named("result");

    assertEqualsReference(tableWeights(), Map.of());
  }

  @Test
  void aGraphOfConstantsAloneIsComputed() {
    builder.scalar(2).exp().named("result");

    assertEqualsReference(NO_WEIGHTS, Map.of());
  }

  @Test
  void constantsMayBeInfinite() {
    builder.scalar(Double.NEGATIVE_INFINITY).exp().named("result");

    assertThat(run(backend, builder.build(), NO_WEIGHTS, Map.of()).toFloats()).containsExactly(0);
  }

  @Test
  void namesOfParametersAndInputsMayHoldAnything() {
    Value x = builder.input("x[] module_method:no.such \"name\"", ElementType.FLOAT, Shape.of(2));
    x.add(builder.parameter("a.b[]()'\n", Shape.of(2))).named("result");

    Tensor result =
        run(
            backend,
            builder.build(),
            Weights.of(Map.of("a.b[]()'\n", Tensor.of(new float[] {1, 2}, 2))),
            Map.of("x[] module_method:no.such \"name\"", Tensor.of(new float[] {3, 4}, 2)));

    assertThat(result.toFloats()).containsExactly(4, 6);
  }

  @Test
  void oneWeightIsBothTableAndDecoder() {
    Value ids = builder.input("ids", ElementType.INT, Shape.of("batch", "sequence"));
    table().gather(ids).linear(table()).linearTransposed(table()).named("result");

    assertEqualsReference(tableWeights(), Map.of("ids", Tensor.of(new long[] {0, 63, 7, 7}, 2, 2)));
  }

  @Test
  void aWeightIsUploadedOnceForAllGraphs() {
    Weights weights = tableWeights();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 64));
    x.linear(table()).named("forward");
    x.linearTransposed(table()).named("backward");

    backend.compile(builder.build(), weights, List.of("forward"));
    backend.compile(builder.build(), weights, List.of("backward"));
    int afterOneInstance = backend.uploadedArrays();
    backend.compile(builder.build(), tableWeights(), List.of("forward"));

    assertThat(afterOneInstance).isEqualTo(1);
    assertThat(backend.uploadedArrays()).isEqualTo(2);
    assertThat(weights.names()).containsExactly("table");
  }

  @Test
  void weightsThatNobodyUsesAnyMoreAreReleased() throws Exception {
    table().square().named("result");
    run(backend, builder.build(), tableWeights(), Map.of());

    for (int attempt = 0; attempt < 50 && backend.uploadedArrays() > 0; attempt++) {
      System.gc();
      Thread.sleep(20);
    }

    assertThat(backend.uploadedArrays()).isZero();
  }

  @Test
  void weightsOfAnOpenGraphKeepTheirMemory() {
    table().mul(1).named("result");
    // From doubles, so that nobody but the engine's array holds the float32 copy.
    Weights doubles = Weights.of(Map.of("table", ramp(64, 64).toFloat64()));
    try (CompiledGraph graph = backend.compile(builder.build(), doubles, List.of("result"))) {
      Churn.ofDirectMemory();

      assertBitEqual("table", result(graph.run(Map.of())), ramp(64, 64));
    }
  }

  @Test
  void mappedWeightsAtOddOffsetsAreRead(@TempDir Path directory) throws IOException {
    Tensor expected = ramp(64, 64);
    Path file = directory.resolve("weights");
    ByteBuffer content = ByteBuffer.allocate(77 + 64 * 64 * 4).order(ByteOrder.LITTLE_ENDIAN);
    content.position(77).put(expected.bytes());
    Files.write(file, content.array());
    table().mul(1).named("result");

    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer mapped =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()).position(77);
      Weights weights = Weights.of(Map.of("table", Tensor.of(DType.F32, expected.shape(), mapped)));

      assertBitEqual("result", run(backend, builder.build(), weights, Map.of()), expected);
    }
  }

  // --- failures

  @Test
  void computedIndicesOutsideTheTableFailAndNameTheHook() {
    Value numbers = builder.input("numbers", ElementType.FLOAT, Shape.of("batch"));
    Value indices = numbers.cast(ElementType.INT);
    table().gather(indices).named("rows").mul(2).named("result");
    numbers.scatterAdd(indices, Dim.of(64)).named("sums");
    builder.parameter("column", Shape.of(64)).gather(indices).named("entries");
    Weights weights = Weights.of(Map.of("table", ramp(64, 64), "column", ramp(64)));

    for (String hook : List.of("rows", "sums", "entries")) {
      try (CompiledGraph graph = backend.compile(builder.build(), weights, List.of(hook))) {
        for (float outside : new float[] {-1, 64}) {
          assertThatExceptionOfType(BackendException.class)
              .isThrownBy(() -> graph.run(numbers(outside)))
              .withMessageStartingWith("djl could not run the graph at '" + hook + "': ")
              .withMessageContaining("out of ");
        }
        assertThat(graph.run(numbers(63))).containsOnlyKeys(hook);
      }
    }
  }

  private static Map<String, Tensor> numbers(float... values) {
    return Map.of("numbers", Tensor.of(values, values.length));
  }

  @Test
  void anOutputThatNoHostTensorHoldsIsRefused() {
    Value ids = builder.input("ids", ElementType.INT, Shape.of("batch"));
    table()
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
                    tableWeights(),
                    Map.of("ids", Tensor.of(new long[] {0, 1}, 2))))
        .withMessage(
            "output 'result' of F32 [2, 8388608, 64] needs 4294967296 bytes; one tensor holds"
                + " at most 2147483647; run smaller batches");
  }

  @Test
  void noOutputAtAllIsRefused() {
    table().named("result");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.compile(builder.build(), tableWeights(), List.of()))
        .withMessage("no output is asked for; name at least one");
  }

  // --- results and lifetimes

  @Test
  void resultsOutliveTheGraphAndTheBackend() {
    table().mul(2).named("result");
    Tensor result = run(backend, builder.build(), tableWeights(), Map.of());

    backend.close();
    Churn.ofDirectMemory();

    assertThat(result.toFloats()[4095]).isEqualTo(2 * 4095f / 4096);
  }

  @Test
  void transposedResultsComeInRowMajorOrder() {
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 2));
    x.transpose(1, 0).named("result");

    Tensor result =
        run(
            backend,
            builder.build(),
            NO_WEIGHTS,
            Map.of("x", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2)));

    assertThat(result.toFloats()).containsExactly(1, 3, 5, 2, 4, 6);
  }

  @Test
  void axesWithoutEntriesAreCarriedThrough() {
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", "sequence", 4));
    x.slice(2, 4, Dim.of(0)).reshape(Shape.of("batch", "sequence", 2, 0)).named("result");

    Tensor result = run(backend, builder.build(), NO_WEIGHTS, Map.of("x", ramp(2, 3, 4)));

    assertThat(result.shape()).containsExactly(2, 3, 2, 0);
  }

  @Test
  void theCallersOwnSettingsOfTheEngineStay() {
    table().square().named("result");
    boolean before = JniUtils.isGradMode();
    try {
      for (boolean recording : new boolean[] {true, false}) {
        JniUtils.setGradMode(recording);

        run(backend, builder.build(), tableWeights(), Map.of());

        assertThat(JniUtils.isGradMode()).isEqualTo(recording);
      }
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  @Test
  void anInterruptedCallerGetsItsResultAndKeepsTheInterrupt() {
    table().mul(1).named("result");
    Thread.currentThread().interrupt();

    Tensor result = run(backend, builder.build(), tableWeights(), Map.of());

    assertThat(Thread.interrupted()).isTrue();
    assertBitEqual("table", result, ramp(64, 64));
  }

  @Test
  void aHundredBackendsDoNotGrowTheProcess() throws Exception {
    Path status = Path.of("/proc/self/status");
    assumeTrue(Files.isReadable(status), "resident memory is read from /proc, which is missing");
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 64));
    x.linear(table()).gelu().named("result");
    Graph graph = builder.build();

    openAndClose(graph, 10);
    long after10 = residentKilobytes(status);
    openAndClose(graph, 90);
    long after100 = residentKilobytes(status);

    assertThat((double) after100)
        .as("resident kB after 100 backends; after 10 it was %d", after10)
        .isLessThanOrEqualTo(RESIDENT_GROWTH * after10);
  }

  private static void openAndClose(Graph graph, int times) {
    for (int i = 0; i < times; i++) {
      try (Backend own = new DjlBackendFactory().create(BackendConfig.defaults())) {
        assertThat(run(own, graph, tableWeights(), Map.of("x", ramp(512, 64))).size())
            .isEqualTo(512 * 64);
      }
    }
  }

  private static long residentKilobytes(Path status) throws Exception {
    System.gc();
    Thread.sleep(100);
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  // --- threads, devices and versions

  @Test
  void backendsThatAreOpenAtTheSameTimeAgreeOnThreads() {
    BackendConfig two = BackendConfig.defaults().withThreads(2);

    assertThatExceptionOfType(UnsupportedCapabilityException.class)
        .isThrownBy(() -> new DjlBackendFactory().create(two))
        .withMessage(
            "djl cannot use 2 threads: PyTorch has one setting per process, and a backend that is"
                + " open uses 1; close that one first, or ask for 1");
    backend.close();
    backend.close();
    try (Backend later = new DjlBackendFactory().create(two)) {
      assertThat(later.config().threads()).isEqualTo(2);
      table().mul(1).named("result");
      assertBitEqual("table", run(later, builder.build(), tableWeights(), Map.of()), ramp(64, 64));
    }
  }

  @Test
  void cudaIsRefusedByABuildForCpuOnly() {
    BackendConfig config = BackendConfig.defaults().withDevice("cuda:0");
    assumeTrue(backend.devices().equals(List.of("cpu")), "this PyTorch runs on CUDA");

    assertThatExceptionOfType(UnsupportedCapabilityException.class)
        .isThrownBy(() -> new DjlBackendFactory().create(config))
        .withMessageStartingWith("djl cannot use device 'cuda:0': ");
    assertThat(backend.capabilities())
        .containsExactlyInAnyOrder(Capability.DOUBLE_PRECISION, Capability.NATIVE_GRADIENTS);
  }

  @Test
  void theVersionIsTheEngines() {
    assertThat(backend.name()).isEqualTo("djl");
    assertThat(backend.version()).isEqualTo("PyTorch 2.7.1");
  }

  @Test
  void theEnginesSwitchesForEveryoneArePutBack() {
    System.setProperty("ai.djl.offline", "false");
    try {
      new DjlBackendFactory().create(BackendConfig.defaults()).close();

      assertThat(System.getProperty("ai.djl.offline")).isEqualTo("false");
      assertThat(System.getProperty("OPT_OUT_TRACKING")).isNull();
    } finally {
      System.clearProperty("ai.djl.offline");
    }
  }
}
