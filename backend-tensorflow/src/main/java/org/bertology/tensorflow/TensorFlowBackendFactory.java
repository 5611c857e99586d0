package org.bertology.tensorflow;

import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendFactory;

/** The entry point of TensorFlow. */
public final class TensorFlowBackendFactory implements BackendFactory {
  static final String NAME = "tensorflow";

  @Override
  public String name() {
    return NAME;
  }

  /**
   * Starts TensorFlow.
   *
   * @throws org.bertology.api.backend.UnsupportedCapabilityException if its natives lack the device
   *     or it does not start, or a backend of this process was started with another number of
   *     threads: all sessions of a process share one pool
   */
  @Override
  public Backend create(BackendConfig config) {
    String version = EngineProcess.load();
    TensorFlowDevice device = TensorFlowDevice.of(config.device());
    EngineProcess.claimThreads(config.threads());
    if (device.isCuda()) {
      device.start(TensorFlowBackend.settings(config.threads()));
    }
    return new TensorFlowBackend(version, config, device);
  }
}
