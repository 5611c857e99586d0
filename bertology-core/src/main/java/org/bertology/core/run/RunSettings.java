package org.bertology.core.run;

/**
 * How examples are run. None of it changes a result.
 *
 * @param batchTokens the most tokens in a batch, padding included; a longer example is a batch of
 *     its own
 * @param workers batches in flight at once
 * @param progress told after every batch
 */
public record RunSettings(int batchTokens, int workers, Progress progress) {
  /** Measured on two cores, see {@code benchmarks/}. */
  private static final int BATCH_TOKENS = 1024;

  public RunSettings {
    if (batchTokens < 1) {
      throw new IllegalArgumentException("batch tokens must be at least 1, got " + batchTokens);
    }
    if (workers < 1) {
      throw new IllegalArgumentException("workers must be at least 1, got " + workers);
    }
  }

  /** One worker per processor, nobody told. */
  public static RunSettings defaults() {
    return new RunSettings(BATCH_TOKENS, Runtime.getRuntime().availableProcessors(), Progress.NONE);
  }

  public RunSettings withBatchTokens(int changed) {
    return new RunSettings(changed, workers, progress);
  }

  public RunSettings withWorkers(int changed) {
    return new RunSettings(batchTokens, changed, progress);
  }

  public RunSettings withProgress(Progress changed) {
    return new RunSettings(batchTokens, workers, changed);
  }
}
