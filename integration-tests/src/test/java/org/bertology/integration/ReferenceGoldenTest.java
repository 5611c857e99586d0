package org.bertology.integration;

import org.bertology.api.reference.ReferenceBackend;

final class ReferenceGoldenTest extends GoldenContract {
  /** Double arithmetic in another order of summation. */
  private static final double ROUNDING = 1e-9;

  ReferenceGoldenTest() {
    super(new ReferenceBackend(), ROUNDING);
  }
}
