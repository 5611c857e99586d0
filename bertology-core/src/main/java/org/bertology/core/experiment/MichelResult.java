package org.bertology.core.experiment;

import java.util.Optional;
import org.bertology.api.model.Mask;
import org.bertology.core.ablation.Ablation;
import org.bertology.core.model.ModelMask;
import org.bertology.core.prune.CurvePoint;
import org.bertology.core.prune.PruningOptions;
import org.bertology.core.prune.PruningResult;

/**
 * What a {@link MichelStudy} found.
 *
 * @param leaveOneOut the model without each head
 * @param keepOne the model with a single head in a layer
 * @param pruning how the curves were made
 * @param curves by importance, by leave-one-out and in random orders
 * @param other the model without each head, on other data
 */
public record MichelResult(
    Ablation leaveOneOut,
    Ablation keepOne,
    PruningOptions pruning,
    PruningResult curves,
    Optional<Ablation> other) {

  /** What goes first by importance: half of the heads; empty if the model has a single one. */
  public Optional<ModelMask> halfOfTheHeads() {
    int half = leaveOneOut.groups().size() / 2;
    return curves.curve().points().stream()
        .map(CurvePoint::mask)
        .filter(mask -> half > 0 && mask.maskedCount(Mask.HEADS) == half)
        .findFirst();
  }
}
