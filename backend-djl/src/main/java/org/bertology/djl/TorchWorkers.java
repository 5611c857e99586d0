package org.bertology.djl;

import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that run a backend's scripts, as many as there are runs at once; whoever is idle is
 * used again.
 *
 * <p>Callers do not run scripts themselves, for two reasons. PyTorch's settings belong to a thread,
 * and those of a caller are none of our business. And glibc keeps what a thread has freed for that
 * thread: callers that come and go would leave a hundred megabytes behind each.
 */
final class TorchWorkers implements AutoCloseable {
  /**
   * PyTorch prepares a script by recursion, 400 bytes for each value on the longest way through the
   * graph, and ends the process where Java's usual megabyte is over. Only what is used takes
   * memory.
   */
  private static final long STACK_BYTES = 64L << 20;

  private final ExecutorService threads;

  /**
   * Idle workers.
   *
   * @param intraOpThreads the threads that one operation may use
   */
  TorchWorkers(int intraOpThreads) {
    AtomicInteger count = new AtomicInteger();
    threads =
        Executors.newCachedThreadPool(
            work -> {
              String name = "bertology-djl-" + count.incrementAndGet();
              Thread thread = new Thread(null, () -> work(work, intraOpThreads), name, STACK_BYTES);
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * The settings of a thread come first. Matrices are multiplied by a library that starts with as
   * many threads as there are cores, whatever another thread was told. Optimised scripts take twice
   * the memory, and their first runs differ in the last bits from later ones.
   */
  private static void work(Runnable work, int intraOpThreads) {
    JniUtils.setNumThreads(intraOpThreads);
    JniUtils.setGraphExecutorOptimize(false);
    JniUtils.setGradMode(false);
    work.run();
  }

  /** Does something on one of the threads and waits for it. */
  <T> T run(Callable<T> action) {
    Future<T> future = threads.submit(action);
    try {
      return uninterruptibly(future::get);
    } catch (ExecutionException e) {
      throw rethrown(e);
    }
  }

  /** What blocks, or may throw an {@link ExecutionException}. */
  @FunctionalInterface
  private interface Waiting<T> {
    T result() throws InterruptedException, ExecutionException;
  }

  /** A run in the engine cannot be stopped; the interrupt is there for the caller afterwards. */
  private static <T> T uninterruptibly(Waiting<T> waiting) throws ExecutionException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return waiting.result();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException rethrown(ExecutionException e) {
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
  }

  /** Waits until no thread is left. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      boolean ended = uninterruptibly(() -> threads.awaitTermination(1, TimeUnit.MINUTES));
      if (!ended) {
        throw new IllegalStateException("a run on djl has not ended within a minute");
      }
    } catch (ExecutionException e) {
      throw rethrown(e);
    }
  }
}
