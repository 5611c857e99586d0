package org.bertology.djl;

import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.Precision;
import org.bertology.api.contract.BackendContract;

/** Double precision: a float32 number anywhere on the way would show as 1e-8. */
final class DjlDoubleContractTest extends BackendContract {
  private static final double TOLERANCE = 2e-15;

  DjlDoubleContractTest() {
    super(
        new DjlBackendFactory(),
        BackendConfig.defaults().withPrecision(Precision.FLOAT64),
        TOLERANCE);
  }
}
