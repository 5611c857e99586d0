package org.bertology.djl;

import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendFactory;

/** The entry point of DJL's PyTorch engine. */
public final class DjlBackendFactory implements BackendFactory {
  static final String NAME = "djl";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Backend create(BackendConfig config) {
    return new DjlBackend(TorchEngine.start(), config);
  }
}
