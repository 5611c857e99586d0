package org.bertology.api.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BackendConfigTest {
  @Test
  void settingsChangeOneAtATime() {
    BackendConfig config =
        BackendConfig.defaults()
            .withDevice("cuda:1")
            .withThreads(4)
            .withPrecision(Precision.FLOAT64);

    assertThat(config).isEqualTo(new BackendConfig("cuda:1", 4, Precision.FLOAT64));
    assertThat(BackendConfig.defaults()).isEqualTo(new BackendConfig("cpu", 1, Precision.FLOAT32));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpu", "CPU", "cuda:", "cuda:-1", "cuda0", "", "cpu "})
  void anUnknownDeviceIsRefused(String device) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BackendConfig.defaults().withDevice(device))
        .withMessage(
            "unknown device '%s'; use cpu, cuda or cuda:0, cuda:1 and so on".formatted(device));
  }

  @Test
  void thereIsAtLeastOneThread() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BackendConfig.defaults().withThreads(0))
        .withMessage("threads must be at least 1, got 0");
  }
}
