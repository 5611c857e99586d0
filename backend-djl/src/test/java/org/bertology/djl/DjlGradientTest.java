package org.bertology.djl;

import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.Precision;
import org.bertology.api.contract.GradientContract;
import org.junit.jupiter.api.AfterAll;

final class DjlGradientTest extends GradientContract {
  /** Central differences of step 1e-5 are themselves off by about 1e-9 of the curvature. */
  private static final double DIFFERENCE_ERROR = 1e-7;

  private static final Backend BACKEND =
      new DjlBackendFactory().create(BackendConfig.defaults().withPrecision(Precision.FLOAT64));

  DjlGradientTest() {
    super(BACKEND, DIFFERENCE_ERROR);
  }

  @AfterAll
  static void close() {
    BACKEND.close();
  }
}
