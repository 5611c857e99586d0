package org.bertology.core.prune;

import org.bertology.core.model.ModelMask;

/** Measures how long a model takes once what is masked has been cut. */
@FunctionalInterface
public interface LatencyMeter {
  /** Seconds of one forward pass, such as the median of many. */
  double seconds(ModelMask mask);
}
