package org.bertology.core.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.model.ModelInputs;
import org.bertology.api.tensor.Tensor;

/**
 * Runs all examples through a compiled graph, in batches of similar length, several at once. An
 * interrupt of the calling thread cancels it.
 */
public final class BatchRun {
  private final CompiledGraph graph;
  private final Function<List<EncodedExample>, ModelInputs> inputs;
  private final RunSettings settings;

  /**
   * A run.
   *
   * @param inputs makes the inputs of a batch; may make more than the graph needs
   */
  public BatchRun(
      CompiledGraph graph,
      Function<List<EncodedExample>, ModelInputs> inputs,
      RunSettings settings) {
    this.graph = graph;
    this.inputs = inputs;
    this.settings = settings;
  }

  /** Takes the results of one batch; called by one thread at a time. */
  @FunctionalInterface
  public interface Consumer {
    void accept(List<EncodedExample> batch, Map<String, Tensor> results);
  }

  /**
   * Runs all examples.
   *
   * @throws BackendException if the engine fails
   * @throws CancellationException if the calling thread is interrupted; its interrupt status is set
   */
  public void run(List<EncodedExample> examples, Consumer consumer) {
    inBatches(
        examples,
        settings,
        batch -> {
          Map<String, Tensor> tensors = new HashMap<>(inputs.apply(batch).tensors());
          tensors.keySet().retainAll(graph.inputs().keySet());
          return results(tensors, batch.size());
        },
        consumer::accept);
  }

  /**
   * Does something with all examples, in batches of similar length, several at once.
   *
   * @param work called by several threads, longest batches first
   * @param consumer takes the results of one batch; called by one thread at a time
   * @throws CancellationException if the calling thread is interrupted; its interrupt status is set
   */
  public static <T> void inBatches(
      List<EncodedExample> examples,
      RunSettings settings,
      Function<List<EncodedExample>, T> work,
      BiConsumer<List<EncodedExample>, T> consumer) {
    List<List<EncodedExample>> batches = Batches.plan(examples, settings.batchTokens());
    int workers = Math.min(settings.workers(), Math.max(1, batches.size()));
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    try {
      Collector<T> collector = new Collector<>(consumer, examples.size(), settings.progress());
      List<Future<?>> pending = new ArrayList<>();
      for (List<EncodedExample> batch : batches) {
        pending.add(pool.submit(() -> collector.collect(batch, work.apply(batch))));
      }
      for (Future<?> future : pending) {
        future.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (CancellationException) new CancellationException("cancelled").initCause(e);
    } catch (ExecutionException e) {
      throw rethrown(e);
    } finally {
      pool.shutdownNow();
      awaitQuietly(pool);
    }
  }

  /** Inputs are made and checked here, so a graph that refuses them is no mistake of the caller. */
  private Map<String, Tensor> results(Map<String, Tensor> tensors, int examples) {
    try {
      return graph.run(tensors);
    } catch (IllegalArgumentException e) {
      throw new BackendException(
          "a batch of %d examples could not be run: %s".formatted(examples, e.getMessage()), e);
    }
  }

  private static RuntimeException rethrown(ExecutionException e) {
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
  }

  /** Batches in an engine cannot be interrupted; the graph must not be closed under them. */
  private static void awaitQuietly(ExecutorService pool) {
    boolean interrupted = Thread.interrupted();
    while (!pool.isTerminated()) {
      try {
        pool.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Collector<T> {
    private final BiConsumer<List<EncodedExample>, T> consumer;
    private final int total;
    private final Progress progress;
    private int done;

    Collector(BiConsumer<List<EncodedExample>, T> consumer, int total, Progress progress) {
      this.consumer = consumer;
      this.total = total;
      this.progress = progress;
    }

    synchronized void collect(List<EncodedExample> batch, T results) {
      consumer.accept(batch, results);
      done += batch.size();
      progress.report(done, total);
    }
  }
}
