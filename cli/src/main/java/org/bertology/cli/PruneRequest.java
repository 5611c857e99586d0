package org.bertology.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.run.RunSettings;

/**
 * How a pruning is run and shown.
 *
 * @param criterion by which units are ranked
 * @param resamples behind the intervals
 * @param tolerance of the proof
 * @param replay a result whose measurements are used, and not new ones
 * @param dryRun whether only to tell what would go
 * @param json whether to print the JSON document and not tables
 * @param existing whether files may be replaced
 */
record PruneRequest(
    String criterion,
    int resamples,
    double tolerance,
    Optional<Path> replay,
    boolean dryRun,
    boolean json,
    Existing existing,
    RunSettings settings) {
  PruneRequest {
    if (resamples < 0) {
      throw new IllegalArgumentException("resamples must not be negative, got " + resamples);
    }
    // Known before the work, and not only when the proof is made.
    if (!(tolerance >= 0)) {
      throw new IllegalArgumentException(
          "the tolerance must be a number that is not negative, got " + tolerance);
    }
  }
}
