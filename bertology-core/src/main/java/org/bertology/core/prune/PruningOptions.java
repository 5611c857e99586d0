package org.bertology.core.prune;

import org.bertology.core.importance.Normalization;
import org.bertology.core.importance.Target;

/**
 * How to prune.
 *
 * @param target what goes
 * @param schedule how far, and in which steps
 * @param normalization of scores before they are compared over layers
 * @param rules what is never taken from a layer
 * @param metric that decides, by its name
 * @param baselines what the result is compared with
 * @param seed of random orders
 */
public record PruningOptions(
    Target target,
    Schedule schedule,
    Normalization normalization,
    SelectionRules rules,
    String metric,
    Baselines baselines,
    long seed) {

  /** Heads, normalised by layer, nothing protected, all baselines, seed 42. */
  public static PruningOptions of(Schedule schedule, String metric) {
    return new PruningOptions(
        Target.HEADS,
        schedule,
        Normalization.LAYER,
        SelectionRules.NONE,
        metric,
        Baselines.all(),
        42);
  }

  public PruningOptions withTarget(Target changed) {
    return new PruningOptions(changed, schedule, normalization, rules, metric, baselines, seed);
  }

  public PruningOptions withNormalization(Normalization changed) {
    return new PruningOptions(target, schedule, changed, rules, metric, baselines, seed);
  }

  public PruningOptions withRules(SelectionRules changed) {
    return new PruningOptions(target, schedule, normalization, changed, metric, baselines, seed);
  }

  public PruningOptions withMetric(String changed) {
    return new PruningOptions(target, schedule, normalization, rules, changed, baselines, seed);
  }

  public PruningOptions withBaselines(Baselines changed) {
    return new PruningOptions(target, schedule, normalization, rules, metric, changed, seed);
  }

  public PruningOptions withSeed(long changed) {
    return new PruningOptions(target, schedule, normalization, rules, metric, baselines, changed);
  }
}
