package org.bertology.api.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bertology.api.contract.TensorComparison.assertBitEqual;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.junit.jupiter.api.Test;

/** What many threads may do at once, on one graph and on one backend. */
public abstract class ConcurrencyContract extends EngineContract {
  private static final int THREADS = 8;
  private static final int RUNS_PER_THREAD = 25;

  protected ConcurrencyContract(BackendFactory factory) {
    super(factory, BackendConfig.defaults());
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

      List<List<Tensor>> actual = Threads.run(tasks);

      for (int thread = 0; thread < THREADS; thread++) {
        assertThat(actual.get(thread)).hasSize(RUNS_PER_THREAD);
        for (Tensor result : actual.get(thread)) {
          assertBitEqual("run of thread " + thread, result, expected.get(thread));
        }
      }
    }
  }

  @Test
  void closingAGraphWaitsForItsRuns() throws Exception {
    CompiledGraph graph = backend.compile(perceptron(), perceptronWeights(), List.of("y"));

    List<String> endings = endingsOfRuns(graph, graph);

    assertThat(endings).hasSize(THREADS + 1).containsOnly(closedMessage());
  }

  @Test
  void closingABackendWaitsForTheRunsOfItsGraphs() throws Exception {
    Backend own = open();
    CompiledGraph graph = own.compile(perceptron(), perceptronWeights(), List.of("y"));

    List<String> endings = endingsOfRuns(graph, own);

    assertThat(endings).hasSize(THREADS + 1).containsOnly(closedMessage());
  }

  /** What threads are told that run a graph again and again while something is closed. */
  private List<String> endingsOfRuns(CompiledGraph graph, AutoCloseable closed) throws Exception {
    Map<String, Tensor> inputs = Map.of("x", wave(0.02, 64, 128));
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
          closed.close();
          return closedMessage();
        };
    List<Callable<String>> tasks = new ArrayList<>(Collections.nCopies(THREADS, runUntilClosed));
    tasks.add(close);
    return Threads.run(tasks);
  }

  @Test
  void graphsOfTheSameWeightsMayComeAndGoOnSeveralThreads() throws Exception {
    Map<String, Tensor> inputs = Map.of("x", wave(0.02, 3, 128));
    Weights weights = perceptronWeights();
    Tensor expected = output(run(perceptron(), weights, List.of("y"), inputs), "y");
    Callable<List<Tensor>> comeAndGo =
        () ->
            Stream.generate(() -> output(run(perceptron(), weights, List.of("y"), inputs), "y"))
                .limit(5)
                .toList();

    List<List<Tensor>> actual = Threads.run(Collections.nCopies(THREADS, comeAndGo));

    assertThat(actual).hasSize(THREADS);
    actual.forEach(results -> results.forEach(y -> assertBitEqual("y", y, expected)));
  }

  @Test
  void anInterruptedCallerGetsItsResultAndKeepsTheInterrupt() {
    Thread.currentThread().interrupt();

    Map<String, Tensor> outputs =
        run(lookup(), table(), List.of("result"), lookupInputs(ids(3, 0), x()));

    assertThat(Thread.interrupted()).isTrue();
    assertLookup(outputs);
  }
}
