package org.bertology.core.scoring;

import org.bertology.core.importance.Normalization;
import org.bertology.core.importance.Objective;
import org.bertology.core.importance.Target;
import org.bertology.core.run.RunSettings;

/**
 * How units are scored; each scorer reads what concerns it.
 *
 * @param target what is scored
 * @param objective what gradient criteria differentiate
 * @param normalization of the scores
 * @param batchSize B of the gradient criteria that are defined with one
 * @param permutations of the units for each example, behind Shapley values
 * @param resamples bootstrap samples of the examples behind the intervals; 0 for no intervals
 * @param seed of everything that is drawn: resamples, permutations, random scores
 * @param run how examples are run
 */
public record ScorerOptions(
    Target target,
    Objective objective,
    Normalization normalization,
    int batchSize,
    int permutations,
    int resamples,
    long seed,
    RunSettings run) {

  public ScorerOptions {
    if (batchSize < 1) {
      throw new IllegalArgumentException("batch size must be at least 1, got " + batchSize);
    }
    if (permutations < 1) {
      throw new IllegalArgumentException("permutations must be at least 1, got " + permutations);
    }
    if (resamples < 0) {
      throw new IllegalArgumentException("resamples must not be negative, got " + resamples);
    }
  }

  /**
   * Heads, by the loss, not normalised; batch size 1, one permutation for each example, 1,000
   * resamples, seed 42.
   */
  public static ScorerOptions defaults() {
    return new ScorerOptions(
        Target.HEADS, Objective.LOSS, Normalization.NONE, 1, 1, 1000, 42, RunSettings.defaults());
  }

  public ScorerOptions withTarget(Target changed) {
    return new ScorerOptions(
        changed, objective, normalization, batchSize, permutations, resamples, seed, run);
  }

  public ScorerOptions withObjective(Objective changed) {
    return new ScorerOptions(
        target, changed, normalization, batchSize, permutations, resamples, seed, run);
  }

  public ScorerOptions withNormalization(Normalization changed) {
    return new ScorerOptions(
        target, objective, changed, batchSize, permutations, resamples, seed, run);
  }

  public ScorerOptions withBatchSize(int changed) {
    return new ScorerOptions(
        target, objective, normalization, changed, permutations, resamples, seed, run);
  }

  public ScorerOptions withPermutations(int changed) {
    return new ScorerOptions(
        target, objective, normalization, batchSize, changed, resamples, seed, run);
  }

  public ScorerOptions withResamples(int changed) {
    return new ScorerOptions(
        target, objective, normalization, batchSize, permutations, changed, seed, run);
  }

  public ScorerOptions withSeed(long changed) {
    return new ScorerOptions(
        target, objective, normalization, batchSize, permutations, resamples, changed, run);
  }

  public ScorerOptions withRun(RunSettings changed) {
    return new ScorerOptions(
        target, objective, normalization, batchSize, permutations, resamples, seed, changed);
  }
}
