package org.bertology.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class TelemetryWarningTest {
  @Test
  void theEngineOnTheClassPathCollectsNothing() {
    String version = OnnxBackendFactory.environment().getVersion();

    assertThat(version).isEqualTo("1.28.0");
    assertThat(TelemetryWarning.of(version, Map.of())).isEmpty();
  }

  @Test
  void laterVersionsAreWarnedOf() {
    assertThat(TelemetryWarning.of("1.29.0", Map.of()))
        .contains(
            "onnxruntime 1.29.0 collects usage data; set ORT_DISABLE_TELEMETRY=1 in the"
                + " environment to stop it, or use onnxruntime 1.28.0");
    assertThat(TelemetryWarning.of("2.0.1", Map.of("ORT_DISABLE_TELEMETRY", "0"))).isPresent();
    assertThat(TelemetryWarning.of("unreadable", Map.of())).isPresent();
  }

  @Test
  void theVariableSilencesTheWarning() {
    assertThat(TelemetryWarning.of("1.29.0", Map.of("ORT_DISABLE_TELEMETRY", "1"))).isEmpty();
  }
}
