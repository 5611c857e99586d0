package org.bertology.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.backend.BackendException;
import org.bertology.api.backend.BackendFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The entry point of ONNX Runtime. */
public final class OnnxBackendFactory implements BackendFactory {
  static final String NAME = "onnx";

  private static final Logger LOG = LoggerFactory.getLogger(OnnxBackendFactory.class);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Backend create(BackendConfig config) {
    OrtEnvironment environment = environment();
    TelemetryWarning.of(environment.getVersion(), System.getenv()).ifPresent(LOG::warn);
    return new OnnxBackend(environment, config);
  }

  /** The engine's environment, of which a process has one; it is never closed. */
  static OrtEnvironment environment() {
    try {
      return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "bertology");
    } catch (LinkageError | RuntimeException e) {
      throw new BackendException(
          "onnx did not load: %s; it needs 64-bit Linux with glibc, macOS on Apple silicon or Windows"
              .formatted(e),
          e);
    }
  }
}
