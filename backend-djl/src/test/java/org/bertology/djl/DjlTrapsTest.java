package org.bertology.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bertology.api.contract.TensorComparison.assertBitEqual;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bertology.api.autodiff.Differentiation;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where DJL and PyTorch crash or compute something else, the backend does neither. */
final class DjlTrapsTest {
  private static final int THREADS = 8;
  private static final int RUNS_PER_THREAD = 25;
  private static final int FEATURES = 16;
  private static final Differentiation BY_X = new Differentiation("loss", List.of("x"));

  private final DjlBackend backend =
      (DjlBackend) new DjlBackendFactory().create(BackendConfig.defaults());
  private final GraphBuilder builder = new GraphBuilder();
  private final Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", FEATURES));

  @AfterEach
  void close() {
    backend.close();
  }

  private static Tensor wave(double frequency, int rows) {
    float[] values = new float[rows * FEATURES];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(frequency * i + 1);
    }
    return Tensor.of(values, rows, FEATURES);
  }

  private static Weights weights() {
    return Weights.of(Map.of("w", wave(0.37, FEATURES)));
  }

  private Value w() {
    return builder.parameter("w", Shape.of(FEATURES, FEATURES));
  }

  private CompiledGraph plain() {
    return backend.compile(builder.build(), weights(), List.of("loss"));
  }

  private CompiledGraph differentiated() {
    return backend.compile(
        Gradients.deferred(builder.build(), BY_X), weights(), BY_X.gradients(), BY_X);
  }

  private static Tensor run(CompiledGraph graph, Tensor input) {
    return graph.run(Map.of("x", input)).values().iterator().next();
  }

  // --- threads

  @Test
  void workersThatRecordAndWorkersThatDoNotAreTheSameThreads() throws Exception {
    x.linear(w()).gelu().softmax().mul(x).sum(1).named("loss");
    List<CompiledGraph> graphs = List.of(plain(), differentiated());
    List<Callable<List<Tensor>>> tasks = new ArrayList<>();
    List<Tensor> expected = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      Tensor input = wave(0.01 * (thread + 1), thread + 1);
      graphs.forEach(graph -> expected.add(run(graph, input)));
      tasks.add(
          () ->
              Stream.iterate(0, i -> i + 1)
                  .limit(2 * RUNS_PER_THREAD)
                  .map(i -> run(graphs.get(i % 2), input))
                  .toList());
    }

    List<List<Tensor>> actual = inParallel(tasks);

    for (int thread = 0; thread < THREADS; thread++) {
      List<Tensor> results = actual.get(thread);
      assertThat(results).hasSize(2 * RUNS_PER_THREAD);
      for (int i = 0; i < results.size(); i++) {
        assertBitEqual(
            "thread %d, run %d".formatted(thread, i),
            results.get(i),
            expected.get(2 * thread + i % 2));
      }
    }
  }

  private static <T> List<T> inParallel(List<Callable<T>> tasks) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : executor.invokeAll(tasks, 2, TimeUnit.MINUTES)) {
        results.add(future.get());
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }

  /** A process has one of these collectors; the backend needs none. */
  @Test
  void gradientsOfTheCallersOwnGoOnBesideTheBackends() {
    x.square().sum(1).named("loss");
    try (CompiledGraph graph = differentiated();
        NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray own = manager.create(new float[] {3});
      own.setRequiresGradient(true);
      NDArray square = own.mul(own);

      Tensor gradient = run(graph, Tensor.filled(2, 1, FEATURES));

      collector.backward(square);
      assertThat(own.getGradient().toFloatArray()).containsExactly(6);
      assertThat(gradient.toFloats()).containsOnly(4).hasSize(FEATURES);
    }
  }

  // --- memory that is shared

  @Test
  void runsLeaveInputsAndWeightsAsTheyAre() {
    x.named("itself").slice(1, 0).named("view");
    x.add(w().slice(0, 0)).relu().sum(1).named("loss");
    Weights weights = weights();
    Tensor input = wave(0.1, 3);
    try (CompiledGraph graph =
            backend.compile(builder.build(), weights, List.of("loss", "view", "itself"));
        CompiledGraph gradient = differentiated()) {
      graph.run(Map.of("x", input));
      gradient.run(Map.of("x", input));
    }

    assertBitEqual("x", input, wave(0.1, 3));
    assertBitEqual("w", weights.get("w"), wave(0.37, FEATURES));
  }

  /** Inside PyTorch, what was computed without a record cannot be differentiated any more. */
  @Test
  void resultsOfRunsAreInputsOfGradients() {
    x.square().named("loss");
    try (CompiledGraph squares = plain();
        CompiledGraph gradient = differentiated()) {
      Tensor four = run(squares, Tensor.filled(2, 1, FEATURES));

      assertThat(run(gradient, four).toFloats()).containsOnly(8).hasSize(FEATURES);
    }
  }

  // --- what ends processes elsewhere

  @Test
  void onlyTypesThatTheEngineTakesAreMade() {
    assertThat(Stream.of(DType.F32, DType.F64, DType.I64, DType.BOOL).map(ScriptTypes::array))
        .containsExactly(DataType.FLOAT32, DataType.FLOAT64, DataType.INT64, DataType.BOOLEAN);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScriptTypes.array(DType.I32))
        .withMessage("INT is 64 bits wide in a script");
  }

  @Test
  void indicesThatAreNotNumbersAreRefusedByTheEngine() {
    Value indices = x.cast(ElementType.INT);
    w().gather(indices).sum(2).sum(1).named("loss");
    try (CompiledGraph graph = plain()) {
      for (float wrong :
          new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -1e30f}) {
        assertThatExceptionOfType(BackendException.class)
            .isThrownBy(() -> run(graph, Tensor.filled(wrong, 1, FEATURES)))
            .withMessageStartingWith("djl could not run the graph at 'loss': index out of range");
      }
    }
  }

  /** 400 TB, more than a process can address. */
  @Test
  void aRunThatNeedsMoreMemoryThanThereIsFails() {
    Value column = builder.input("column", ElementType.FLOAT, Shape.of("rows", 1));
    column.matmul(column, false, true).sum(1).sum(0).named("loss");
    try (CompiledGraph graph = plain()) {
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> graph.run(Map.of("column", Tensor.filled(1, 10_000_000, 1))))
          .withMessageContaining("can't allocate memory: you tried to allocate 400000000000000");
    }
  }

  /** On a stack of Java's usual size, 3,000 operations in a row are too many. */
  @Test
  void graphsMayBeDeep() {
    Value y = x;
    for (int i = 0; i < 4_000; i++) {
      y = y.mul(-1).add(1);
    }
    y.named("loss");

    try (CompiledGraph values = plain();
        CompiledGraph gradient = differentiated()) {
      Tensor input = wave(0.1, 2);

      assertThat(run(values, input).toDoubles()).hasSize(2 * FEATURES);
      assertThat(run(gradient, input).toDoubles()).containsOnly(1).hasSize(2 * FEATURES);
    }
  }

  @Test
  void scriptsThatAreWrongAreRefused() {
    byte[] unknown =
        ScriptArchive.of(
            """
            class M(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def forward(self: __torch__.M, anchor: Tensor) -> Tensor:
                return torch.no_such_operator(anchor)
            """);
    byte[] noArchive = "no archive".getBytes(StandardCharsets.US_ASCII);
    try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> TorchEngine.load(manager, unknown).close())
          .withMessageContaining("no_such_operator");
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> TorchEngine.load(manager, noArchive).close());
    }
  }
}
