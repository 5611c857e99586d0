package org.bertology.core.prune;

import org.bertology.core.model.ModelMask;

/** Says what a model costs once what is masked has been cut. */
@FunctionalInterface
public interface Costs {
  /** In parameters, operations, bytes or seconds. */
  double of(Quantity quantity, ModelMask mask);
}
