package org.bertology.core.evaluate;

import java.util.List;
import java.util.Locale;
import org.bertology.api.model.Hooks;
import org.bertology.api.model.Task;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.RunSettings;

/** Runs a classifier or regressor over a data set. */
public final class Evaluation {
  private Evaluation() {}

  /**
   * The predictions of a model.
   *
   * @throws IllegalArgumentException if the model neither classifies sequences nor regresses
   */
  public static Predictions of(Model model, EncodedData data, RunSettings settings) {
    return of(model, data, ModelMask.ones(model.config()), settings);
  }

  /** The same at a given mask. */
  public static Predictions of(
      Model model, EncodedData data, ModelMask mask, RunSettings settings) {
    boolean labelled = data.examples().stream().allMatch(example -> example.label().isPresent());
    List<String> outputs = labelled ? List.of(Hooks.LOGITS, Hooks.LOSS) : List.of(Hooks.LOGITS);
    try (EvaluationPass pass = EvaluationPass.open(model, mask.kinds(), outputs, settings)) {
      return pass.run(data, mask);
    }
  }

  /** Refuses models without one prediction per sequence. */
  public static void requireSequenceTask(Model model) {
    if (model.task() != Task.SEQUENCE_CLASSIFICATION && model.task() != Task.REGRESSION) {
      throw new IllegalArgumentException(
          "this needs a sequence classifier or regressor; '%s' is a model for %s"
              .formatted(
                  model.checkpoint().source(),
                  model.task().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
    }
  }
}
