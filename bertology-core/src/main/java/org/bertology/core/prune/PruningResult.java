package org.bertology.core.prune;

import java.util.List;
import java.util.OptionalDouble;
import org.bertology.core.model.ModelMask;

/**
 * Where a pruning ended, and how it got there.
 *
 * @param curve the steps, the whole model first
 * @param chosen which step is the result, counted from 0
 * @param reason why
 * @param bound the least metric or the greatest cost that was allowed, if there was such a limit
 * @param baselines the same numbers of units in other orders
 * @param measurements what the search for a budget found, in its order
 */
public record PruningResult(
    Curve curve,
    int chosen,
    Reason reason,
    OptionalDouble bound,
    List<Curve> baselines,
    List<CostMeasurement> measurements) {

  public PruningResult {
    baselines = List.copyOf(baselines);
    measurements = List.copyOf(measurements);
  }

  /** How well the whole model does. */
  public Performance original() {
    return curve.points().get(0).performance();
  }

  /** The step that is the result. */
  public CurvePoint result() {
    return curve.points().get(chosen);
  }

  /** What goes. */
  public ModelMask mask() {
    return result().mask();
  }
}
