package org.bertology.core.evaluate;

import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.EncodedData;
import org.bertology.core.run.RunSettings;

/** Runs a model over a data set. */
public final class Evaluation {
  private Evaluation() {}

  /**
   * The predictions of a model.
   *
   * @throws IllegalArgumentException if the model has no task, or is judged by its loss alone and
   *     an example has no label
   */
  public static Predictions of(Model model, EncodedData data, RunSettings settings) {
    return of(model, data, ModelMask.ones(model.config()), settings);
  }

  /** The same at a given mask. */
  public static Predictions of(
      Model model, EncodedData data, ModelMask mask, RunSettings settings) {
    boolean labelled = data.examples().stream().allMatch(example -> example.label().isPresent());
    try (EvaluationPass pass = EvaluationPass.open(model, mask.kinds(), labelled, settings)) {
      return pass.run(data, mask);
    }
  }
}
