package org.bertology.onnx;

import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.Precision;
import org.bertology.api.contract.GradientContract;

/** Gradients in double precision; the rest of the tolerance is that of central differences. */
final class OnnxGradientTest extends GradientContract {
  private static final double TOLERANCE = 1e-7;

  OnnxGradientTest() {
    super(
        new OnnxBackendFactory()
            .create(BackendConfig.defaults().withPrecision(Precision.FLOAT64)),
        TOLERANCE);
  }
}
