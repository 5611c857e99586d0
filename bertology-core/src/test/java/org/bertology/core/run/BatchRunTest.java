package org.bertology.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.graph.ElementType;
import org.bertology.api.graph.Shape;
import org.bertology.api.graph.TensorType;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchRunTest {
  /** An engine that takes the token ids alone and answers with what a function makes of them. */
  private record FakeGraph(UnaryOperator<Map<String, Tensor>> answer) implements CompiledGraph {
    @Override
    public Map<String, TensorType> inputs() {
      Shape tokens = Shape.of("batch", "sequence");
      return Map.of(ModelInputs.INPUT_IDS, new TensorType(ElementType.INT, tokens));
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
      return answer.apply(inputs);
    }

    @Override
    public void close() {}
  }

  private static final RunSettings SETTINGS = new RunSettings(10, 2, Progress.NONE);

  private static BatchRun run(UnaryOperator<Map<String, Tensor>> answer, RunSettings settings) {
    return new BatchRun(new FakeGraph(answer), BatchRunTest::inputs, settings);
  }

  private static ModelInputs inputs(List<EncodedExample> batch) {
    return new ModelInputs(
        batch.stream().map(EncodedExample::ids).toList(),
        batch.stream().map(EncodedExample::types).toList(),
        0);
  }

  @Test
  void everyExampleIsRunOnceWithTheResultsOfItsBatch() {
    Map<Integer, Long> lengths = new HashMap<>();

    run(inputs -> inputs, SETTINGS)
        .run(
            BatchesTest.examples(3, 8, 2, 5, 1, 20),
            (batch, results) ->
                batch.forEach(
                    example ->
                        lengths.put(
                            example.index(), results.get(ModelInputs.INPUT_IDS).extent(1))));

    // 20 and 8 are alone; 5 and 3 share a batch, then 2 and 1 do.
    assertThat(lengths).isEqualTo(Map.of(5, 20L, 1, 8L, 3, 5L, 0, 5L, 2, 2L, 4, 2L));
  }

  @Test
  void aGraphGetsTheInputsThatItTakesAndNoOthers() {
    Set<Set<String>> given = ConcurrentHashMap.newKeySet();

    run(
            inputs -> {
              given.add(Set.copyOf(inputs.keySet()));
              return inputs;
            },
            SETTINGS)
        .run(BatchesTest.examples(3), (batch, results) -> {});

    assertThat(given).containsExactly(Set.of(ModelInputs.INPUT_IDS));
  }

  @Test
  void theConsumerIsCalledByOneThreadAtATime() {
    AtomicInteger inside = new AtomicInteger();
    List<Integer> seen = new ArrayList<>();

    run(inputs -> inputs, SETTINGS.withWorkers(4).withBatchTokens(1))
        .run(
            BatchesTest.examples(2, 2, 2, 2, 2, 2, 2, 2),
            (batch, results) -> {
              seen.add(inside.incrementAndGet());
              sleep(2);
              inside.decrementAndGet();
            });

    assertThat(seen).hasSize(8).containsOnly(1);
  }

  private static void sleep(long milliseconds) {
    try {
      TimeUnit.MILLISECONDS.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void severalBatchesAreInFlightAtOnce() {
    CountDownLatch both = new CountDownLatch(2);

    assertThatCode(
            () ->
                run(
                        inputs -> {
                          both.countDown();
                          await(both);
                          return inputs;
                        },
                        SETTINGS.withWorkers(2).withBatchTokens(1))
                    .run(BatchesTest.examples(2, 2), (batch, results) -> {}))
        .doesNotThrowAnyException();
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the other batch never started");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void progressCountsExamplesUpToAll() {
    List<List<Integer>> reports = new ArrayList<>();
    RunSettings settings =
        SETTINGS.withWorkers(1).withProgress((done, total) -> reports.add(List.of(done, total)));

    run(inputs -> inputs, settings).run(BatchesTest.examples(5, 5, 4, 2), (batch, results) -> {});

    assertThat(reports).containsExactly(List.of(2, 4), List.of(4, 4));
  }

  @Test
  void anExceptionOfTheGraphComesOutAsItIs() {
    BackendException failure = new BackendException("out of memory");

    assertThatThrownBy(
            () ->
                run(
                        inputs -> {
                          throw failure;
                        },
                        SETTINGS)
                    .run(BatchesTest.examples(3, 4), (batch, results) -> {}))
        .isSameAs(failure);
  }

  @Test
  void inputsThatTheGraphRefusesAreAFailureOfTheEngine() {
    assertThatThrownBy(
            () ->
                run(
                        inputs -> {
                          throw new IllegalArgumentException("'input_ids' must be [batch]");
                        },
                        SETTINGS)
                    .run(BatchesTest.examples(3, 2), (batch, results) -> {}))
        .isInstanceOf(BackendException.class)
        .hasMessage("a batch of 2 examples could not be run: 'input_ids' must be [batch]")
        .hasCauseInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anExceptionOfTheConsumerEndsTheRun() {
    IllegalStateException failure = new IllegalStateException("disk full");
    AtomicInteger batches = new AtomicInteger();

    assertThatThrownBy(
            () ->
                run(inputs -> inputs, SETTINGS.withWorkers(1).withBatchTokens(1))
                    .run(
                        BatchesTest.examples(manyLengths()),
                        (batch, results) -> {
                          batches.incrementAndGet();
                          throw failure;
                        }))
        .isSameAs(failure);

    assertThat(batches.get()).isLessThan(500);
  }

  private static int[] manyLengths() {
    return IntStream.generate(() -> 2).limit(500).toArray();
  }

  @Test
  void anErrorComesOutAsAnError() {
    StackOverflowError failure = new StackOverflowError();

    assertThatThrownBy(
            () ->
                run(inputs -> inputs, SETTINGS)
                    .run(
                        BatchesTest.examples(3),
                        (batch, results) -> {
                          throw failure;
                        }))
        .isSameAs(failure);
  }

  @Test
  void anInterruptCancelsAndWaitsForBatchesInFlight() {
    Thread caller = Thread.currentThread();
    AtomicInteger started = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();

    assertThatThrownBy(
            () ->
                run(
                        inputs -> {
                          started.incrementAndGet();
                          caller.interrupt();
                          busy(20);
                          ended.incrementAndGet();
                          return inputs;
                        },
                        SETTINGS.withBatchTokens(1))
                    .run(BatchesTest.examples(manyLengths()), (batch, results) -> {}))
        .isInstanceOf(CancellationException.class)
        .hasMessage("cancelled");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(started.get()).isEqualTo(ended.get()).isLessThan(500);
  }

  /** Works on like an engine, which no interrupt reaches. */
  private static void busy(long milliseconds) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  @Test
  void noExamplesAreNoWork() {
    assertThatCode(
            () ->
                run(
                        inputs -> {
                          throw new IllegalStateException("nothing to run");
                        },
                        SETTINGS)
                    .run(List.of(), (batch, results) -> {}))
        .doesNotThrowAnyException();
  }

  @Test
  void settingsWithoutTokensOrWorkersAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SETTINGS.withBatchTokens(0))
        .withMessage("batch tokens must be at least 1, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SETTINGS.withWorkers(0))
        .withMessage("workers must be at least 1, got 0");
  }
}
