package org.bertology.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.GraphBuilder;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.Value;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Neither runs nor graphs nor backends leave anything behind: the process is at most a twentieth
 * larger at the end than after a tenth of them.
 */
public abstract class MemoryContract extends EngineContract {
  private static final double RESIDENT_GROWTH = 1.05;
  private static final Path STATUS = Path.of("/proc/self/status");

  protected MemoryContract(BackendFactory factory) {
    super(factory, BackendConfig.defaults());
  }

  @BeforeAll
  static void requireResidentMemory() {
    assumeTrue(Files.isReadable(STATUS), "resident memory is read from /proc, which is missing");
  }

  @Test
  void aThousandRunsDoNotGrowTheProcess() throws Exception {
    warmUp();
    try (CompiledGraph graph = backend.compile(perceptron(), perceptronWeights(), List.of("y"))) {
      assertNothingGrows(1_000, runs -> runOften(graph, runs));
    }
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

  @Test
  void aHundredBackendsDoNotGrowTheProcess() throws Exception {
    Weights weights = Weights.of(Map.of("w", ramp(1024, 1024)));
    assertNothingGrows(
        100,
        times -> {
          for (int i = 0; i < times; i++) {
            try (Backend own = open()) {
              computeWith(own, weights);
            }
          }
        });
  }

  @Test
  void backendsTakeTheirThreadsAlong() throws Exception {
    Weights weights = Weights.of(Map.of("w", ramp(1024, 1024)));
    try (Backend first = open()) {
      computeWith(first, weights);
    }
    long before = status("Threads:");

    for (int i = 0; i < 20; i++) {
      try (Backend own = open()) {
        computeWith(own, weights);
      }
    }

    // Java has a few of its own that come and go.
    assertThat(status("Threads:")).isLessThan(before + 10);
  }

  @Test
  void aHundredGraphsDoNotGrowTheProcess() throws Exception {
    Weights weights = Weights.of(Map.of("w", ramp(1024, 1024)));
    assertNothingGrows(
        100,
        times -> {
          for (int i = 0; i < times; i++) {
            computeWith(backend, weights);
          }
        });
  }

  /** With a weight of 4 MB: a copy that stayed each time would add 360 MB. */
  private static void computeWith(Backend backend, Weights weights) {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", ElementType.FLOAT, Shape.of("batch", 1024));
    x.linear(builder.parameter("w", Shape.of(1024, 1024))).gelu().named("result");

    Tensor result = result(backend, builder.build(), weights, Map.of("x", ramp(16, 1024)));

    assertThat(result.size()).isEqualTo(16 * 1024);
  }

  private static void assertNothingGrows(int times, Repetition repetition) throws Exception {
    repetition.times(times / 10);
    long before = residentKilobytes();
    repetition.times(times - times / 10);
    long after = residentKilobytes();

    assertThat((double) after)
        .as("resident kB after %d times; after %d it was %d", times, times / 10, before)
        .isLessThanOrEqualTo(RESIDENT_GROWTH * before);
  }

  @FunctionalInterface
  private interface Repetition {
    void times(int times);
  }

  static long residentKilobytes() throws IOException, InterruptedException {
    long least = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 3; attempt++) {
      System.gc();
      // Direct memory is freed by a thread of its own after a collection.
      Thread.sleep(100);
      least = Math.min(least, status("VmRSS:"));
    }
    return least;
  }

  /** A line of what the system knows of this process. */
  private static long status(String name) throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
