package org.bertology.djl;

import org.bertology.api.contract.BackendContract;

/** Float32: rounding of sums of up to 128 products, relative to the largest entry. */
final class DjlContractTest extends BackendContract {
  private static final double TOLERANCE = 2e-6;

  DjlContractTest() {
    super(new DjlBackendFactory(), TOLERANCE);
  }
}
