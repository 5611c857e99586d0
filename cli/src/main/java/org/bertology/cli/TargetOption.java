package org.bertology.cli;

import org.bertology.core.importance.Target;
import picocli.CommandLine.Option;

/** The kind of units that a command is about. */
final class TargetOption {
  @Option(
      names = "--target",
      paramLabel = "TARGET",
      converter = Choices.OfTarget.class,
      completionCandidates = Choices.Targets.class,
      defaultValue = "heads",
      description = "The units: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Target target;

  Target target() {
    return target;
  }
}
