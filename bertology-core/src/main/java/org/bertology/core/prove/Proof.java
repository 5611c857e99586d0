package org.bertology.core.prove;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.bertology.api.backend.CompiledGraph;
import org.bertology.api.model.ModelInputs;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.run.BatchRun;
import org.bertology.core.run.EncodedExample;
import org.bertology.core.run.RunSettings;

/**
 * How far the outputs of a pruned model are from those of the model under a mask, on the same
 * examples. The outputs are logits; of an encoder, the pooled state or the last layer. Those at
 * padding are left out.
 *
 * @param examples that both models ran
 * @param absolute the largest difference of two outputs; infinite where one of them is not a finite
 *     number
 * @param largest the largest finite magnitude of the masked model's outputs
 * @param example the index of the example with the largest difference; none if all are equal
 * @param tolerance the most that the difference may be, as a fraction of the largest output
 */
public record Proof(
    int examples, double absolute, double largest, OptionalInt example, double tolerance) {
  /** A ten thousandth of the largest logit: float32 in another order of summation is well below. */
  public static final double USUAL_TOLERANCE = 1e-4;

  public Proof {
    if (!(tolerance >= 0)) {
      throw new IllegalArgumentException(
          "the tolerance must be a number that is not negative, got " + tolerance);
    }
    if (examples < 1) {
      throw new IllegalArgumentException("a proof needs at least one example, got none");
    }
  }

  /**
   * Runs both models on the same batches.
   *
   * @param whole the model before it was pruned
   * @param mask what the pruned model lacks
   * @param pruned on any backend
   * @throws IllegalArgumentException if there is no example, the tolerance is not a number that is
   *     not negative, or the two models have outputs of different shapes
   */
  public static Proof of(
      Model whole,
      ModelMask mask,
      Model pruned,
      List<EncodedExample> examples,
      RunSettings settings,
      double tolerance) {
    // Refuses its arguments before anything runs.
    Proof start = new Proof(examples.size(), 0, 0, OptionalInt.empty(), tolerance);
    LargestDifference found = new LargestDifference();
    try (CompiledGraph masked = whole.compile(whole.graph(mask.kinds()), List.of(whole.output()));
        CompiledGraph cut = pruned.compile(pruned.graph(Set.of()), List.of(pruned.output()))) {
      PairedGraph pair = new PairedGraph(masked, whole.output(), cut, pruned.output());
      new BatchRun(pair, batch -> inputs(whole, mask, batch), settings)
          .run(
              examples,
              (batch, results) -> found.add(batch, pair.first(results), pair.second(results)));
    }
    return new Proof(
        start.examples(), found.absolute(), found.largest(), found.example(), tolerance);
  }

  private static ModelInputs inputs(Model whole, ModelMask mask, List<EncodedExample> batch) {
    return mask.addTo(whole.inputs(batch));
  }

  /** The difference as a fraction of the largest output; 0 if all are equal. */
  public double relative() {
    return absolute == 0 ? 0 : absolute / largest;
  }

  /** Whether the difference is within the tolerance. */
  public boolean holds() {
    return relative() <= tolerance;
  }
}
