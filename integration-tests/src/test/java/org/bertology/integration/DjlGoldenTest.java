package org.bertology.integration;

import org.bertology.api.backend.BackendConfig;
import org.bertology.core.backend.Backends;

final class DjlGoldenTest extends GoldenContract {
  /** float32; PyTorch's own float32 run is within 2e-6 of the reference. */
  private static final double FLOAT32 = 2e-5;

  DjlGoldenTest() {
    super(Backends.onClassPath().open("djl", BackendConfig.defaults()), FLOAT32);
  }
}
