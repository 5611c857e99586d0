package org.bertology.api.backend;

/**
 * The settings that every engine understands.
 *
 * @param device {@code cpu}, or {@code cuda:0} and so on
 * @param threads how many threads one run may use; at least 1
 * @param precision how wide FLOAT values are
 */
public record BackendConfig(String device, int threads, Precision precision) {
  public BackendConfig {
    if (!device.matches("cpu|cuda(:\\d+)?")) {
      throw new IllegalArgumentException(
          "unknown device '%s'; use cpu, cuda or cuda:0, cuda:1 and so on".formatted(device));
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + threads);
    }
  }

  /** The processor, one thread per run, float32. */
  public static BackendConfig defaults() {
    return new BackendConfig("cpu", 1, Precision.FLOAT32);
  }

  public BackendConfig withDevice(String changed) {
    return new BackendConfig(changed, threads, precision);
  }

  public BackendConfig withThreads(int changed) {
    return new BackendConfig(device, changed, precision);
  }

  public BackendConfig withPrecision(Precision changed) {
    return new BackendConfig(device, threads, changed);
  }
}
