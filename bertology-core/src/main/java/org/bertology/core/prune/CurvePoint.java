package org.bertology.core.prune;

import java.util.List;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;

/**
 * One step of a pruning.
 *
 * @param mask after the step
 * @param removed what went in this step, in the order in which it was chosen
 * @param performance of the model without what is masked
 */
public record CurvePoint(ModelMask mask, List<Unit> removed, Performance performance) {
  public CurvePoint {
    removed = List.copyOf(removed);
  }
}
