package org.bertology.api.backend;

/** An engine's entry point, found by {@link java.util.ServiceLoader}. */
public interface BackendFactory {
  /** A short lower-case name, as users write it: {@code onnx}. */
  String name();

  /**
   * Starts the engine.
   *
   * @throws UnsupportedCapabilityException if it lacks what the configuration asks for
   * @throws BackendException if it does not load
   */
  Backend create(BackendConfig config);
}
