package org.bertology.cli;

import org.bertology.core.importance.Objective;
import org.bertology.core.model.Model;
import org.bertology.core.task.DataSelection;
import org.bertology.core.task.TaskData;
import picocli.CommandLine.Option;

/** What gradients are of. */
final class ObjectiveOption {
  @Option(
      names = "--objective",
      paramLabel = "NAME",
      converter = Choices.OfObjective.class,
      completionCandidates = Choices.Objectives.class,
      defaultValue = "loss",
      description =
          "What gradient criteria differentiate: the loss of each example, or the entropy of what is"
              + " predicted, which needs no labels (default: ${DEFAULT-VALUE}).")
  private Objective objective;

  Objective objective() {
    return objective;
  }

  /** The examples that units are scored on; with labels, if the objective needs them. */
  TaskData read(Model model, DataSelection selection) {
    return objective == Objective.LOSS
        ? TaskData.readLabelled(model, selection)
        : TaskData.read(model, selection);
  }
}
