package org.bertology.core.result;

import java.util.List;
import java.util.Optional;
import org.bertology.core.model.ModelMask;
import org.bertology.core.prove.Proof;
import org.bertology.core.prune.CurvePoint;
import org.bertology.core.prune.ModelSize;
import org.bertology.core.prune.Performance;
import org.bertology.core.prune.PruningData;
import org.bertology.core.prune.PruningOptions;
import org.bertology.core.prune.PruningResult;

/**
 * A pruning and what belongs to it.
 *
 * @param criterion by which units were ranked; {@code given} if they were not
 * @param sizes of the model after each step of the curve; empty where nothing could be cut
 * @param flopsLength tokens of the example whose operations are counted
 * @param test how the whole and the pruned model do on data of their own, if there is any
 * @param proof that the pruned model computes what the masked one does; empty if nothing was cut
 * @param resamples behind the intervals
 * @param batchTokens of a run
 * @param dryRun whether nothing was to be evaluated or cut that the decision did not need
 */
public record PruningReport(
    PruningOptions options,
    PruningResult result,
    String criterion,
    PruningData data,
    List<Optional<ModelSize>> sizes,
    int flopsLength,
    Optional<OnTest> test,
    Optional<Proof> proof,
    int resamples,
    int batchTokens,
    boolean dryRun) {

  /** Performance on data that decided nothing. */
  public record OnTest(Performance original, Performance pruned) {}

  public PruningReport {
    sizes = List.copyOf(sizes);
  }

  /** The same with a proof, or without one. */
  public PruningReport withProof(Optional<Proof> changed) {
    return new PruningReport(
        options,
        result,
        criterion,
        data,
        sizes,
        flopsLength,
        test,
        changed,
        resamples,
        batchTokens,
        dryRun);
  }

  /** What goes. */
  public ModelMask mask() {
    return result.mask();
  }

  /** The size of the whole model. */
  public ModelSize originalSize() {
    return sizes.get(0).orElseThrow();
  }

  /** The size of the pruned model. */
  public ModelSize prunedSize() {
    return sizes.get(result.chosen()).orElseThrow();
  }

  /** How many of the target's units are masked at a step; of all kinds, if the mask was given. */
  public static int removed(PruningOptions options, CurvePoint point) {
    return point.mask().maskedCount(options.target().mask());
  }
}
