package org.bertology.core.prune;

import org.bertology.core.importance.Normalization;
import org.bertology.core.importance.Objective;
import org.bertology.core.importance.Target;
import org.bertology.core.metric.Metric;

/**
 * How to prune.
 *
 * @param target what goes
 * @param schedule how far, and in which steps
 * @param objective what gradient criteria differentiate
 * @param normalization of scores before they are compared over layers
 * @param rules what is never taken from a layer
 * @param metric that decides
 * @param baselines what the result is compared with
 * @param seed of random orders
 */
public record PruningOptions(
    Target target,
    Schedule schedule,
    Objective objective,
    Normalization normalization,
    SelectionRules rules,
    Metric metric,
    Baselines baselines,
    long seed) {

  /** Heads, by the loss, normalised by layer, nothing protected, all baselines, seed 42. */
  public static PruningOptions of(Schedule schedule, Metric metric) {
    return new PruningOptions(
        Target.HEADS,
        schedule,
        Objective.LOSS,
        Normalization.LAYER,
        SelectionRules.NONE,
        metric,
        Baselines.all(),
        42);
  }

  public PruningOptions withTarget(Target changed) {
    return new PruningOptions(
        changed, schedule, objective, normalization, rules, metric, baselines, seed);
  }

  public PruningOptions withObjective(Objective changed) {
    return new PruningOptions(
        target, schedule, changed, normalization, rules, metric, baselines, seed);
  }

  public PruningOptions withNormalization(Normalization changed) {
    return new PruningOptions(target, schedule, objective, changed, rules, metric, baselines, seed);
  }

  public PruningOptions withRules(SelectionRules changed) {
    return new PruningOptions(
        target, schedule, objective, normalization, changed, metric, baselines, seed);
  }

  public PruningOptions withMetric(Metric changed) {
    return new PruningOptions(
        target, schedule, objective, normalization, rules, changed, baselines, seed);
  }

  public PruningOptions withBaselines(Baselines changed) {
    return new PruningOptions(
        target, schedule, objective, normalization, rules, metric, changed, seed);
  }

  public PruningOptions withSeed(long changed) {
    return new PruningOptions(
        target, schedule, objective, normalization, rules, metric, baselines, changed);
  }
}
