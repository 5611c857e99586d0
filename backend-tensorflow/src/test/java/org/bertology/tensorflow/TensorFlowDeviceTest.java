package org.bertology.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.ConfigProto;

final class TensorFlowDeviceTest {
  /** With the pool of threads that all tests of this process have. */
  private static final ConfigProto SETTINGS = TensorFlowBackend.settings(1);

  /** Before the engine's own classes, so that they see its settings of the process. */
  @BeforeAll
  static void load() {
    EngineProcess.load();
  }

  private static ConfigProto configured(String device) {
    return TensorFlowDevice.of(device, true).configure(ConfigProto.newBuilder()).build();
  }

  @Test
  void theProcessorSeesNoOtherDevice() {
    ConfigProto config = configured("cpu");

    assertThat(config.getDeviceCountMap()).isEqualTo(Map.of("GPU", 0));
    assertThat(config.hasGpuOptions()).isFalse();
  }

  @Test
  void aCudaDeviceIsSeenAloneAndItsMemoryTakenAsNeeded() {
    assertThat(configured("cuda:3").getGpuOptions().getVisibleDeviceList()).isEqualTo("3");
    assertThat(configured("cuda:3").getGpuOptions().getAllowGrowth()).isTrue();
    assertThat(configured("cuda:3").getDeviceCountMap()).isEmpty();
    assertThat(configured("cuda")).isEqualTo(configured("cuda:0"));
  }

  @Test
  void cudaIsRefusedByNativesForCpuOnly() {
    assertThatExceptionOfType(UnsupportedCapabilityException.class)
        .isThrownBy(() -> TensorFlowDevice.of("cuda:0", false))
        .withMessage(
            "tensorflow cannot use device 'cuda:0': the natives on the class path were built for"
                + " cpu only; use --device cpu, or put"
                + " org.tensorflow:tensorflow-core-native:1.1.0:linux-x86_64-gpu (527 MB) in their"
                + " place");
  }

  @Test
  void aDeviceThatDoesNotStartIsRefusedInOneSentence() {
    requireNoCuda();

    assertThatExceptionOfType(UnsupportedCapabilityException.class)
        .isThrownBy(() -> TensorFlowDevice.of("cuda:0", true).start(SETTINGS))
        .withMessage(
            "tensorflow cannot start device 'cuda:0': it finds no such device, or not the libraries"
                + " for it; use --device cpu, or install an NVIDIA driver, CUDA 12 and cuDNN 9"
                + " where the system finds them");
  }

  private static void requireNoCuda() {
    List<String> devices = TensorFlowDevice.names(SETTINGS);
    assumeTrue(devices.equals(List.of("cpu")), "a CUDA device is there");
  }
}
