package org.bertology.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bertology.api.contract.TensorComparison.assertBitEqual;
import static org.bertology.api.contract.TensorComparison.assertClose;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every backend promises: each operation equals the reference for all extents, what is wrong
 * is refused before the engine sees it, closed things say so, concurrent runs do not disturb each
 * other, and runs do not leak.
 *
 * <p>Messages name a graph as {@code this graph on NAME} and a backend as {@code the NAME backend},
 * NAME being {@link Backend#name()}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BackendContract {
  /** Batch and sequence: both free, either alone 1, both 1, and another size of both. */
  private static final List<Map<String, Long>> EXTENTS =
      List.of(extents(2, 3), extents(1, 3), extents(2, 1), extents(1, 1), extents(3, 7));

  private static final int THREADS = 8;
  private static final int RUNS_PER_THREAD = 25;

  /** How much larger the process may be after 1,000 runs than after 100. */
  private static final double RESIDENT_GROWTH = 1.05;

  private static final Weights NO_WEIGHTS = Weights.of(Map.of());

  private final Optional<BackendFactory> factory;
  private final Supplier<Backend> opener;
  private final double tolerance;
  private final Backend reference = new ReferenceBackend();

  @SuppressWarnings("NullAway.Init") // opened before all tests
  private Backend backend;

  /**
   * The contract of what a factory creates.
   *
   * @param config the device, threads and precision to test with
   * @param tolerance the largest deviation from the reference, relative to the largest entry of a
   *     result
   */
  protected BackendContract(BackendFactory factory, BackendConfig config, double tolerance) {
    this(Optional.of(factory), () -> factory.create(config), tolerance);
  }

  /** The contract of what a factory creates by default. */
  protected BackendContract(BackendFactory factory, double tolerance) {
    this(factory, BackendConfig.defaults(), tolerance);
  }

  /** The contract of a backend that no factory creates. */
  protected BackendContract(Supplier<Backend> opener, double tolerance) {
    this(Optional.empty(), opener, tolerance);
  }

  private BackendContract(
      Optional<BackendFactory> factory, Supplier<Backend> opener, double tolerance) {
    this.factory = factory;
    this.opener = opener;
    this.tolerance = tolerance;
  }

  private static Map<String, Long> extents(long batch, long sequence) {
    return Map.of("batch", batch, "sequence", sequence);
  }

  @BeforeAll
  void open() {
    backend = opener.get();
  }

  @AfterAll
  void close() {
    backend.close();
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

  private static Tensor output(Map<String, Tensor> outputs, String name) {
    Tensor tensor = outputs.get(name);
    assertThat(tensor).as("output '%s'", name).isNotNull();
    return tensor;
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

  private Map<String, Tensor> run(
      Graph graph, Weights weights, List<String> outputs, Map<String, Tensor> inputs) {
    try (CompiledGraph compiled = backend.compile(graph, weights, outputs)) {
      return compiled.run(inputs);
    }
  }

  private static Map<String, Tensor> floats(String name, float... values) {
    return Map.of(name, Tensor.of(values, values.length));
  }

  // --- what crosses the boundary

  /** {@code table[ids] + x} with a table of four rows of two numbers. */
  private static Graph lookup() {
    GraphBuilder builder = new GraphBuilder();
    Value ids = builder.input("ids", ElementType.INT, Shape.of("batch", "sequence"));
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", "sequence", 2));
    builder.parameter("table", Shape.of(4, 2)).gather(ids).add(x).named("result");
    return builder.build();
  }

  private static Weights table() {
    return Weights.of(Map.of("table", Tensor.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7}, 4, 2)));
  }

  /** Inputs of {@link #lookup} for batch 1 and sequence 2. */
  private static Map<String, Tensor> lookupInputs(Tensor ids, Tensor x) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put("ids", ids);
    inputs.put("x", x);
    return inputs;
  }

  private static Tensor ids(long... values) {
    return Tensor.of(values, 1, values.length);
  }

  private static Tensor x() {
    return Tensor.of(new float[] {0.5f, 0.25f, -0.5f, 1}, 1, 2, 2);
  }

  private static void assertLookup(Map<String, Tensor> outputs) {
    assertThat(output(outputs, "result").shape()).containsExactly(1, 2, 2);
    assertThat(output(outputs, "result").toDoubles()).containsExactly(6.5, 7.25, -0.5, 2);
  }

  @Test
  void doublesAndNarrowIntegersAreAccepted() {
    Weights doubles =
        Weights.of(Map.of("table", Tensor.of(new double[] {0, 1, 2, 3, 4, 5, 6, 7}, 4, 2)));
    Tensor ids = Tensor.of(new int[] {3, 0}, 1, 2);

    assertLookup(run(lookup(), doubles, List.of("result"), lookupInputs(ids, x().toFloat64())));
  }

  @Test
  void tensorsOnTheHeapAndInsideOtherBuffersAreAccepted() {
    Tensor ids = onHeap(ids(3, 0));
    Tensor x = onHeap(x());
    Weights weights = Weights.of(Map.of("table", onHeap(table().get("table"))));

    assertLookup(run(lookup(), weights, List.of("result"), lookupInputs(ids, x)));
  }

  /** The same tensor in heap memory, behind an odd number of other bytes. */
  private static Tensor onHeap(Tensor tensor) {
    ByteBuffer bytes = ByteBuffer.allocate(tensor.bytes().remaining() + 3);
    bytes.order(ByteOrder.LITTLE_ENDIAN).position(3).put(tensor.bytes());
    return Tensor.of(tensor.type(), tensor.shape(), bytes.position(3));
  }

  @Test
  void wrongInputsAreRefusedWithOneMessageAndTheGraphStaysUsable() {
    try (CompiledGraph graph = backend.compile(lookup(), table(), List.of("result"))) {
      Map<String, Tensor> superfluous = lookupInputs(ids(3, 0), x());
      superfluous.put("extra", x());

      refused(
          graph,
          Map.of("ids", ids(3, 0)),
          "input 'x' FLOAT [batch, sequence, 2] is missing; given: [ids]");
      refused(graph, superfluous, "this graph has no input 'extra'; it takes [ids, x]");
      refused(
          graph,
          lookupInputs(x(), x()),
          "input 'ids' must be INT [batch, sequence], got F32[1, 2, 2]");
      refused(
          graph,
          lookupInputs(ids(3, 0), ids(3, 0)),
          "input 'x' must be FLOAT [batch, sequence, 2], got I64[1, 2]");
      refused(
          graph,
          lookupInputs(Tensor.of(new boolean[] {true}, 1, 1), x()),
          "input 'ids' must be INT [batch, sequence], got BOOL[1, 1]");
      refused(
          graph,
          lookupInputs(ids(3, 0), x().reshaped(2, 2)),
          "input 'x' must have shape [batch, sequence, 2], got [2, 2]");
      refused(
          graph,
          lookupInputs(ids(3), x().reshaped(1, 1, 4)),
          "input 'x' must have shape [batch, sequence, 2], got [1, 1, 4]");
      refused(
          graph,
          lookupInputs(ids(3, 0, 1), x()),
          "'sequence' is 3 in input 'ids' but 2 in input 'x'");
      refused(
          graph,
          lookupInputs(Tensor.of(new long[0], 0, 2), Tensor.of(new float[0], 0, 2, 2)),
          "'batch' is 0 in input 'ids'; there is nothing to compute");

      assertLookup(graph.run(lookupInputs(ids(3, 0), x())));
    }
  }

  @Test
  void indicesOutsideTheTableAreRefused() {
    try (CompiledGraph graph = backend.compile(lookup(), table(), List.of("result"))) {
      refused(
          graph,
          lookupInputs(ids(3, -1), x()),
          "input 'ids' holds -1 at position 1; it must lie in [0, 4)");
      refused(
          graph,
          lookupInputs(ids(4, 0), x()),
          "input 'ids' holds 4 at position 0; it must lie in [0, 4)");
      refused(
          graph,
          lookupInputs(Tensor.of(new int[] {0, 4}, 1, 2), x()),
          "input 'ids' holds 4 at position 1; it must lie in [0, 4)");

      assertLookup(graph.run(lookupInputs(ids(3, 0), x())));
    }
  }

  @Test
  void extentsThatDoNotFitTheGraphAreRefused() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", "sequence"));
    Value flat =
        builder.input(
            "flat", ElementType.FLOAT, Shape.of(Dim.of("batch").times(Dim.of("sequence"))));
    x.slice(1, 2).named("third");
    x.pad(1, 1, Dim.of(4)).named("padded");
    x.reshape(flat.shape()).add(flat).named("sum");
    Graph model = builder.build();
    Tensor twoByTwo = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    Tensor oneByFour = twoByTwo.reshaped(1, 4);

    try (CompiledGraph third = backend.compile(model, NO_WEIGHTS, List.of("third"));
        CompiledGraph padded = backend.compile(model, NO_WEIGHTS, List.of("padded"));
        CompiledGraph sum = backend.compile(model, NO_WEIGHTS, List.of("sum"))) {
      refused(third, Map.of("x", twoByTwo), "Slice [2, 2 + 1) lies outside axis 1 of [2, 2]");
      refused(padded, Map.of("x", oneByFour), "Pad 1 zeros before 4 do not fit into 4");
      Map<String, Tensor> tooLong = new LinkedHashMap<>();
      tooLong.put("x", twoByTwo);
      tooLong.put("flat", Tensor.of(new float[] {1, 2, 3, 4, 5}, 5));
      refused(
          sum,
          tooLong,
          "input 'flat' must have shape [batch*sequence], which is [4] here, got [5]");

      assertThat(output(third.run(Map.of("x", oneByFour)), "third").toDoubles()).containsExactly(3);
    }
  }

  private static void refused(CompiledGraph graph, Map<String, Tensor> inputs, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> graph.run(inputs)).withMessage(message);
  }

  @Test
  void weightsThatDoNotFitAreRefused() {
    Weights transposed = Weights.of(Map.of("table", table().get("table").reshaped(2, 4)));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.compile(lookup(), NO_WEIGHTS, List.of("result")))
        .withMessage("the weights do not fit the graph; 'table' [4, 2] is missing");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.compile(lookup(), transposed, List.of("result")))
        .withMessage("the weights do not fit the graph; 'table' must be [4, 2], got [2, 4]");
  }

  @Test
  void anUnknownOutputIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backend.compile(lookup(), table(), List.of("reslut")))
        .withMessage("no value is named 'reslut'; did you mean 'result'?");
  }

  // --- lifetimes

  @Test
  void aClosedGraphSaysSo() {
    CompiledGraph graph = backend.compile(lookup(), table(), List.of("result"));

    graph.close();
    graph.close();

    assertClosed(graph);
  }

  @Test
  void aClosedBackendHasClosedItsGraphsAndCompilesNoMore() {
    Backend own = opener.get();
    CompiledGraph first = own.compile(lookup(), table(), List.of("result"));
    CompiledGraph second = own.compile(lookup(), table(), List.of("result"));
    first.close();

    own.close();
    own.close();

    assertClosed(first);
    assertClosed(second);
    second.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> own.compile(lookup(), table(), List.of("result")))
        .withMessage("the %s backend is closed; open another one", own.name());
  }

  @Test
  void closingOneBackendLeavesAnotherOpen() {
    Backend own = opener.get();
    own.close();

    assertLookup(run(lookup(), table(), List.of("result"), lookupInputs(ids(3, 0), x())));
  }

  private void assertClosed(CompiledGraph graph) {
    assertThatIllegalStateException()
        .isThrownBy(() -> graph.run(lookupInputs(ids(3, 0), x())))
        .withMessage(closedMessage());
  }

  private String closedMessage() {
    return "this graph on %s is closed; open another one".formatted(backend.name());
  }

  @Test
  void graphsOfTheSameWeightsLiveIndependently() {
    Weights weights = table();
    CompiledGraph first = backend.compile(lookup(), weights, List.of("result"));
    CompiledGraph second = backend.compile(lookup(), weights, List.of("result"));
    Map<String, Tensor> inputs = lookupInputs(ids(3, 0), x());
    assertLookup(first.run(inputs));

    first.close();

    assertLookup(second.run(inputs));
    second.close();
    assertLookup(run(lookup(), weights, List.of("result"), inputs));
  }

  // --- concurrency and memory

  /** {@code gelu(x·Wᵀ + b)·Vᵀ}, from 128 numbers over 16 to 128. */
  private static Graph perceptron() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 128));
    Value hidden =
        x.linear(builder.parameter("w", Shape.of(16, 128)), builder.parameter("b", Shape.of(16)));
    hidden.gelu().linear(builder.parameter("v", Shape.of(128, 16))).named("y");
    return builder.build();
  }

  private static Weights perceptronWeights() {
    return Weights.of(
        Map.of("w", wave(0.37, 16, 128), "b", wave(0.11, 16), "v", wave(0.73, 128, 16)));
  }

  /** Numbers in [−1, 1] that hardly repeat. */
  private static Tensor wave(double frequency, long... shape) {
    int size = 1;
    for (long extent : shape) {
      size *= (int) extent;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) Math.sin(frequency * i + 1);
    }
    return Tensor.of(values, shape);
  }

  @Test
  void concurrentRunsEqualSequentialOnesBitForBit() throws Exception {
    List<Map<String, Tensor>> inputs = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      // Every thread has data and an extent of its own, so that mixed-up buffers show.
      inputs.add(Map.of("x", wave(0.01 * (thread + 1), thread + 1, 128)));
    }
    try (CompiledGraph graph = backend.compile(perceptron(), perceptronWeights(), List.of("y"))) {
      List<Tensor> expected = inputs.stream().map(x -> output(graph.run(x), "y")).toList();
      CountDownLatch start = new CountDownLatch(THREADS);
      List<Callable<List<Tensor>>> tasks = new ArrayList<>();
      for (Map<String, Tensor> input : inputs) {
        tasks.add(
            () -> {
              start.countDown();
              start.await();
              return Stream.generate(() -> output(graph.run(input), "y"))
                  .limit(RUNS_PER_THREAD)
                  .toList();
            });
      }

      List<List<Tensor>> actual = inParallel(tasks);

      for (int thread = 0; thread < THREADS; thread++) {
        assertThat(actual.get(thread)).hasSize(RUNS_PER_THREAD);
        for (Tensor result : actual.get(thread)) {
          assertBitEqual("run of thread " + thread, result, expected.get(thread));
        }
      }
    }
  }

  @Test
  void closingWaitsForRunsInProgress() throws Exception {
    Map<String, Tensor> inputs = Map.of("x", wave(0.02, 64, 128));
    CompiledGraph graph = backend.compile(perceptron(), perceptronWeights(), List.of("y"));
    Tensor expected = output(graph.run(inputs), "y");
    CountDownLatch running = new CountDownLatch(THREADS);
    Callable<String> runUntilClosed =
        () -> {
          while (!Thread.interrupted()) {
            try {
              assertBitEqual("a run before close", output(graph.run(inputs), "y"), expected);
              running.countDown();
            } catch (IllegalStateException e) {
              return String.valueOf(e.getMessage());
            }
          }
          return "never closed";
        };
    Callable<String> close =
        () -> {
          running.await();
          graph.close();
          return closedMessage();
        };
    List<Callable<String>> tasks = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      tasks.add(runUntilClosed);
    }
    tasks.add(close);

    List<String> endings = inParallel(tasks);

    assertThat(endings).hasSize(THREADS + 1).containsOnly(closedMessage());
  }

  private static <T> List<T> inParallel(List<Callable<T>> tasks) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : executor.invokeAll(tasks, 120, TimeUnit.SECONDS)) {
        results.add(future.get());
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void aThousandRunsDoNotGrowTheProcess() throws Exception {
    Path status = Path.of("/proc/self/status");
    assumeTrue(Files.isReadable(status), "resident memory is read from /proc, which is missing");
    warmUp();

    long after100;
    long after1000;
    try (CompiledGraph graph = backend.compile(perceptron(), perceptronWeights(), List.of("y"))) {
      runOften(graph, 100);
      after100 = residentKilobytes(status);
      runOften(graph, 900);
      after1000 = residentKilobytes(status);
    }

    assertThat((double) after1000)
        .as("resident kB after 1,000 runs; after 100 it was %d", after100)
        .isLessThanOrEqualTo(RESIDENT_GROWTH * after100);
  }

  /** Until Java's compiler, which grows the process by megabytes, has seen enough of all loops. */
  private void warmUp() {
    Map<String, Tensor> single = Map.of("x", wave(0.03, 1, 128));
    try (CompiledGraph graph = backend.compile(perceptron(), perceptronWeights(), List.of("y"))) {
      for (int run = 0; run < 20_000; run++) {
        graph.run(single);
      }
      runOften(graph, 200);
    }
  }

  /** Inputs and outputs of 64 kB each: one tensor kept per run would add 60 MB. */
  private static void runOften(CompiledGraph graph, int runs) {
    for (int run = 0; run < runs; run++) {
      assertThat(graph.run(Map.of("x", wave(0.03, 128, 128)))).containsOnlyKeys("y");
      if (run % 25 == 24) {
        // Otherwise the Java heap grows into memory that it has not touched yet.
        System.gc();
      }
    }
  }

  private static long residentKilobytes(Path status) throws IOException, InterruptedException {
    long least = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 3; attempt++) {
      System.gc();
      // Direct memory is freed by a thread of its own after a collection.
      Thread.sleep(100);
      least = Math.min(least, readResident(status));
    }
    return least;
  }

  private static long readResident(Path status) throws IOException {
    String line =
        Files.readAllLines(status).stream()
            .filter(text -> text.startsWith("VmRSS:"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.replaceAll("\\D", ""));
  }

  // --- what a backend says of itself

  @Test
  void aBackendDescribesItself() {
    assertThat(backend.name()).matches("[a-z][a-z0-9-]*");
    assertThat(backend.version()).isNotBlank();
    assertThat(backend.devices()).isNotEmpty().allMatch(device -> device.matches("cpu|cuda:\\d+"));
    assertThat(backend.devices()).contains("cpu").doesNotHaveDuplicates();
    assertThat(backend.capabilities()).doesNotContainNull();
    factory.ifPresent(f -> assertThat(f.name()).isEqualTo(backend.name()));
  }

  @Test
  void doublePrecisionIsComputedOrRefused() {
    assumeTrue(factory.isPresent(), "no factory creates this backend");
    BackendConfig config = BackendConfig.defaults().withPrecision(Precision.FLOAT64);
    if (!backend.capabilities().contains(Capability.DOUBLE_PRECISION)) {
      assertRefused(config);
      return;
    }
    GraphBuilder builder = new GraphBuilder();
    builder.input("x", ElementType.FLOAT, Shape.of("batch")).exp().named("y");

    try (Backend own = factory.orElseThrow().create(config);
        CompiledGraph graph = own.compile(builder.build(), NO_WEIGHTS, List.of("y"))) {
      Tensor y = output(graph.run(Map.of("x", Tensor.of(new double[] {0.1}, 1))), "y");

      assertThat(own.config().precision()).isEqualTo(Precision.FLOAT64);
      assertThat(y.type()).isEqualTo(DType.F64);
      assertClose("exp(0.1)", y, Tensor.of(new double[] {Math.exp(0.1)}, 1), 1e-14);
    }
  }

  @Test
  void aCudaDeviceIsRefusedWhereThereIsNone() {
    assumeTrue(factory.isPresent(), "no factory creates this backend");
    assumeFalse(backend.capabilities().contains(Capability.CUDA), "this backend runs on CUDA");

    assertRefused(BackendConfig.defaults().withDevice("cuda:0"));
  }

  private void assertRefused(BackendConfig config) {
    assertThatThrownBy(() -> factory.orElseThrow().create(config).close())
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageStartingWith(backend.name() + " ");
  }
}
