package org.bertology.onnx;

import java.util.Map;
import java.util.Optional;

/** ONNX Runtime 1.29 and later collects usage data unless told not to before the JVM starts. */
final class TelemetryWarning {
  private static final int FIRST_MINOR = 29;
  private static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

  private TelemetryWarning() {}

  /** What to tell the user, if there is anything. */
  static Optional<String> of(String version, Map<String, String> environment) {
    return collects(version) && !"1".equals(environment.get(VARIABLE))
        ? Optional.of(
            ("onnxruntime %s collects usage data; set %s=1 in the environment to stop it,"
                    + " or use onnxruntime 1.28.0")
                .formatted(version, VARIABLE))
        : Optional.empty();
  }

  private static boolean collects(String version) {
    String[] parts = version.split("[.\\-+]");
    try {
      int major = Integer.parseInt(parts[0]);
      return major > 1 || major == 1 && Integer.parseInt(parts[1]) >= FIRST_MINOR;
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return true;
    }
  }
}
