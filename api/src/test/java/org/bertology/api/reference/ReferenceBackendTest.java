package org.bertology.api.reference;

import org.bertology.api.contract.BackendContract;

final class ReferenceBackendTest extends BackendContract {
  /** The reference against itself. */
  private static final double EXACT = 0;

  ReferenceBackendTest() {
    super(ReferenceBackend::new, EXACT);
  }
}
