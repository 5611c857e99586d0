package org.bertology.core.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
    List<List<EncodedExample>> batches = Batches.plan(examples, settings.batchTokens());
    int workers = Math.min(settings.workers(), Math.max(1, batches.size()));
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    try {
      Collector collector = new Collector(consumer, examples.size());
      List<Future<?>> pending = new ArrayList<>();
      for (List<EncodedExample> batch : batches) {
        pending.add(pool.submit(task(batch, collector)));
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

  private Callable<?> task(List<EncodedExample> batch, Collector collector) {
    return () -> {
      Map<String, Tensor> tensors = new HashMap<>(inputs.apply(batch).tensors());
      tensors.keySet().retainAll(graph.inputs().keySet());
      collector.collect(batch, results(tensors, batch.size()));
      return batch;
    };
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

  private final class Collector {
    private final Consumer consumer;
    private final int total;
    private int done;

    Collector(Consumer consumer, int total) {
      this.consumer = consumer;
      this.total = total;
    }

    synchronized void collect(List<EncodedExample> batch, Map<String, Tensor> results) {
      consumer.accept(batch, results);
      done += batch.size();
      settings.progress().report(done, total);
    }
  }
}
