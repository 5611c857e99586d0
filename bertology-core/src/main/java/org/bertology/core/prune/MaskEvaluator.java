package org.bertology.core.prune;

import org.bertology.core.model.ModelMask;

/** Says how well a model does without what is masked, always on the same data. */
@FunctionalInterface
public interface MaskEvaluator {
  Performance evaluate(ModelMask mask);
}
