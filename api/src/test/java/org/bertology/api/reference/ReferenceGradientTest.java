package org.bertology.api.reference;

import org.bertology.api.contract.GradientContract;

final class ReferenceGradientTest extends GradientContract {
  /** Central differences of step 1e-5 are themselves off by about 1e-9 of the curvature. */
  private static final double DIFFERENCE_ERROR = 1e-7;

  ReferenceGradientTest() {
    super(new ReferenceBackend(), DIFFERENCE_ERROR);
  }
}
