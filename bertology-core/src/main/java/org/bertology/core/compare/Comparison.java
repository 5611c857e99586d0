package org.bertology.core.compare;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Engines that ran the same model on the same examples.
 *
 * @param reference the label of the engine that the others are compared with
 * @param engines all that were asked for, in that order
 * @param differences of the engines that ran from the reference
 * @param settings how they were compared
 */
public record Comparison(
    String reference,
    List<EngineOutcome> engines,
    List<EngineDifferences> differences,
    Settings settings) {

  /**
   * How engines are compared.
   *
   * @param tolerance the most that a difference may be, as a fraction of the largest entry
   * @param top how many of the first heads should be the same
   * @param hookExamples the number of examples, from the start, whose values are compared
   * @param repetitions timed runs of each engine
   * @param batchTokens the most tokens in a batch
   * @param workers batches in flight at once
   */
  public record Settings(
      double tolerance, int top, int hookExamples, int repetitions, int batchTokens, int workers) {

    public Settings {
      if (!(tolerance >= 0)) {
        throw new IllegalArgumentException(
            "the tolerance must be a number that is not negative, got " + tolerance);
      }
      if (top < 1 || hookExamples < 1 || repetitions < 1) {
        throw new IllegalArgumentException(
            "top, examples and repetitions must be at least 1, got %d, %d and %d"
                .formatted(top, hookExamples, repetitions));
      }
    }
  }

  public Comparison {
    engines = List.copyOf(engines);
    differences = List.copyOf(differences);
  }

  /** The engine that is farthest from the reference; none if fewer than two ran. */
  public Optional<EngineDifferences> worst() {
    return differences.stream()
        .max(Comparator.comparingDouble(engine -> engine.worst().relative()));
  }

  /** Whether no difference is above the tolerance. */
  public boolean isWithinTolerance() {
    return worst().map(engine -> engine.worst().relative()).orElse(0.0) <= settings.tolerance();
  }

  /** Whether every engine that was asked for ran. */
  public boolean isComplete() {
    return engines.stream().allMatch(engine -> engine.measured().isPresent());
  }
}
