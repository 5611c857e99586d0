package org.bertology.tensorflow;

import org.bertology.api.contract.BackendContract;

/** Float32: rounding of sums of up to 128 products, relative to the largest entry. */
final class TensorFlowContractTest extends BackendContract {
  private static final double TOLERANCE = 2e-6;

  TensorFlowContractTest() {
    super(new TensorFlowBackendFactory(), TOLERANCE);
  }
}
