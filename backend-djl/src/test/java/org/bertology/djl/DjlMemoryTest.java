package org.bertology.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.bertology.api.autodiff.Differentiation;
import org.bertology.api.autodiff.Gradients;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Graph;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nothing stays in the engine's memory: of gradients, of backends, of runs that fail. */
final class DjlMemoryTest {
  /** How much larger the process may be at the end than after a tenth of the way. */
  private static final double GROWTH = 1.05;

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int FEATURES = 128;
  private static final Differentiation BY_GATE = new Differentiation("loss", List.of("gate"));

  /** The kinds of gradients: a graph that is natively differentiated, and one that is larger. */
  private enum Kind {
    NATIVE,
    SYMBOLIC
  }

  @BeforeAll
  static void requireResidentMemory() {
    assumeTrue(Files.isReadable(STATUS), "resident memory is read from /proc, which is missing");
  }

  @Test
  void aThousandGradientsDoNotGrowTheProcess() throws Exception {
    try (Backend backend = open();
        CompiledGraph natively = compile(backend, Kind.NATIVE);
        CompiledGraph symbolically = compile(backend, Kind.SYMBOLIC)) {
      // Until Java's compiler, which grows the process by megabytes, has seen enough.
      differentiate(natively, 500, 2);
      differentiate(symbolically, 500, 2);

      assertNothingGrows(
          1_000,
          runs -> {
            differentiate(natively, runs, 128);
            differentiate(symbolically, runs, 128);
          });
    }
  }

  @Test
  void aHundredBackendsThatDifferentiateDoNotGrowTheProcess() throws Exception {
    assertNothingGrows(
        100,
        times -> {
          for (int i = 0; i < times; i++) {
            try (Backend backend = open()) {
              for (Kind kind : Kind.values()) {
                // Open graphs are closed with their backend.
                differentiate(compile(backend, kind), 1, 128);
              }
            }
          }
        });
  }

  private static Backend open() {
    return new DjlBackendFactory().create(BackendConfig.defaults());
  }

  /** {@code softmax(gelu(x·Wᵀ)·gate)·x}, of which 64 kB are kept for the gradient at each step. */
  private static CompiledGraph compile(Backend backend, Kind kind) {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", FEATURES));
    Value gate = builder.input("gate", ElementType.FLOAT, Shape.of("batch", 1));
    Value w = builder.parameter("w", Shape.of(FEATURES, FEATURES));
    x.linear(w).gelu().mul(gate).softmax().mul(x).sum(1).named("loss");
    Graph graph = builder.build();
    Weights weights = Weights.of(Map.of("w", ramp(FEATURES)));
    return switch (kind) {
      case NATIVE ->
          backend.compile(
              Gradients.deferred(graph, BY_GATE), weights, BY_GATE.gradients(), BY_GATE);
      case SYMBOLIC ->
          backend.compile(
              Gradients.differentiate(graph, BY_GATE.loss(), BY_GATE.withRespectTo()),
              weights,
              BY_GATE.gradients());
    };
  }

  private static void differentiate(CompiledGraph graph, int runs, int batch) {
    Tensor gate = Tensor.filled(1, batch, 1);
    for (int run = 0; run < runs; run++) {
      Map<String, Tensor> gradients = graph.run(Map.of("x", ramp(batch), "gate", gate));
      assertThat(gradients).containsOnlyKeys("gate.gradient");
      collectNowAndThen(run);
    }
  }

  /** Rows of numbers in [0, 1). */
  private static Tensor ramp(int rows) {
    float[] values = new float[rows * FEATURES];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) i / values.length;
    }
    return Tensor.of(values, rows, FEATURES);
  }

  // --- failures

  @Test
  void runsThatFailDoNotKeepTheirMemory() throws Exception {
    try (Backend backend = open();
        CompiledGraph graph = backend.compile(lookup(), table(), List.of("loss"))) {
      assertNothingGrows(50, runs -> fail(graph, runs));
    }
  }

  @Test
  void gradientsThatFailDoNotKeepTheirMemory() throws Exception {
    Differentiation differentiation = new Differentiation("loss", List.of("numbers"));
    Graph deferred = Gradients.deferred(lookup(), differentiation);
    try (Backend backend = open();
        CompiledGraph graph =
            backend.compile(deferred, table(), differentiation.gradients(), differentiation)) {
      assertNothingGrows(50, runs -> fail(graph, runs));
    }
  }

  private static Graph lookup() {
    GraphBuilder builder = new GraphBuilder();
    Value numbers = builder.input("numbers", ElementType.FLOAT, Shape.of("batch"));
    Value indices = numbers.cast(ElementType.INT);
    builder.parameter("table", Shape.of(4)).gather(indices).mul(numbers).named("loss");
    return builder.build();
  }

  private static Weights table() {
    return Weights.of(Map.of("table", Tensor.filled(1, 4)));
  }

  /** With 40 MB of numbers: the C library gives back at once what has more than 32. */
  private static void fail(CompiledGraph graph, int runs) {
    Tensor behindTheTable = Tensor.filled(7, 10_000_000);
    for (int run = 0; run < runs; run++) {
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> graph.run(Map.of("numbers", behindTheTable)))
          .withMessage("djl could not run the graph at 'loss': index out of range in self");
      System.gc();
    }
  }

  // --- resident memory

  private static void assertNothingGrows(int times, IntConsumer repetition) throws Exception {
    repetition.accept(times / 10);
    long before = residentKilobytes();
    repetition.accept(times - times / 10);
    long after = residentKilobytes();

    assertThat((double) after)
        .as("resident kB after %d times; after %d it was %d", times, times / 10, before)
        .isLessThanOrEqualTo(GROWTH * before);
  }

  /** Otherwise direct memory grows into what the process has not touched yet. */
  private static void collectNowAndThen(int run) {
    if (run % 25 == 24) {
      System.gc();
    }
  }

  private static long residentKilobytes() throws IOException, InterruptedException {
    long least = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 3; attempt++) {
      System.gc();
      // Direct memory is freed by a thread of its own after a collection.
      Thread.sleep(100);
      least = Math.min(least, readResident());
    }
    return least;
  }

  private static long readResident() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
