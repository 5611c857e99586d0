package org.bertology.core.compare;

import java.util.Optional;
import org.bertology.core.importance.LayerScores;

/**
 * What became of one engine in a comparison.
 *
 * @param label what it is called in this comparison, since one backend can take part twice
 * @param backend its name
 * @param measured what it did, if it ran to the end
 * @param failure why not, otherwise
 */
public record EngineOutcome(
    String label, String backend, Optional<Measured> measured, Optional<String> failure) {

  /**
   * An engine's identity and what was measured.
   *
   * @param version its own name and version
   * @param threads of one run
   * @param importance heads' scores by the gradient criterion
   */
  public record Measured(
      String version, String device, int threads, Speed speed, LayerScores importance) {}

  /** The outcome of an engine that ran. */
  public static EngineOutcome of(String label, String backend, Measured measured) {
    return new EngineOutcome(label, backend, Optional.of(measured), Optional.empty());
  }

  /** The outcome of an engine that is missing, does not load, or broke down. */
  public static EngineOutcome failed(String label, String backend, String failure) {
    return new EngineOutcome(label, backend, Optional.empty(), Optional.of(failure));
  }
}
