package org.bertology.api.reference;

import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendFactory;
import org.bertology.api.backend.UnsupportedCapabilityException;

/** The reference as an engine among others. */
final class ReferenceFactory implements BackendFactory {
  @Override
  public String name() {
    return "reference";
  }

  @Override
  public Backend create(BackendConfig config) {
    if (!config.device().equals("cpu")) {
      throw new UnsupportedCapabilityException(
          "reference runs on cpu, not on %s".formatted(config.device()));
    }
    return new ReferenceBackend();
  }
}
