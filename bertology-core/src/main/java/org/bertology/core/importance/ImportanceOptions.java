package org.bertology.core.importance;

import org.bertology.core.run.RunSettings;

/**
 * What to compute.
 *
 * @param target what is scored
 * @param objective what is differentiated
 * @param attention whether to compute entropy and confidence of the attention as well
 * @param batchSize B of {@link Criterion#BATCH_GRADIENT} and {@link Criterion#HF_SCRIPT}; it is
 *     part of their definition and does not change how examples are run
 * @param resamples bootstrap samples of the examples behind the intervals; 0 for no intervals
 * @param seed of the bootstrap
 * @param run how examples are run
 */
public record ImportanceOptions(
    Target target,
    Objective objective,
    boolean attention,
    int batchSize,
    int resamples,
    long seed,
    RunSettings run) {

  public ImportanceOptions {
    if (batchSize < 1) {
      throw new IllegalArgumentException("batch size must be at least 1, got " + batchSize);
    }
    if (resamples < 0) {
      throw new IllegalArgumentException("resamples must not be negative, got " + resamples);
    }
  }

  /** Heads, by the loss, gradient criteria only, batch size 1, 1,000 resamples, seed 42. */
  public static ImportanceOptions defaults() {
    return new ImportanceOptions(
        Target.HEADS, Objective.LOSS, false, 1, 1000, 42, RunSettings.defaults());
  }

  public ImportanceOptions withTarget(Target changed) {
    return new ImportanceOptions(changed, objective, attention, batchSize, resamples, seed, run);
  }

  public ImportanceOptions withObjective(Objective changed) {
    return new ImportanceOptions(target, changed, attention, batchSize, resamples, seed, run);
  }

  public ImportanceOptions withAttention(boolean changed) {
    return new ImportanceOptions(target, objective, changed, batchSize, resamples, seed, run);
  }

  public ImportanceOptions withBatchSize(int changed) {
    return new ImportanceOptions(target, objective, attention, changed, resamples, seed, run);
  }

  public ImportanceOptions withResamples(int changed) {
    return new ImportanceOptions(target, objective, attention, batchSize, changed, seed, run);
  }

  public ImportanceOptions withSeed(long changed) {
    return new ImportanceOptions(target, objective, attention, batchSize, resamples, changed, run);
  }

  public ImportanceOptions withRun(RunSettings changed) {
    return new ImportanceOptions(target, objective, attention, batchSize, resamples, seed, changed);
  }
}
