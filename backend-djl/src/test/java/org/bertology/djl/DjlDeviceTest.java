package org.bertology.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.bertology.api.backend.UnsupportedCapabilityException;
import org.junit.jupiter.api.Test;

final class DjlDeviceTest {
  @Test
  void theProcessorIsAlwaysThere() {
    DjlDevice device = DjlDevice.of("cpu", 0);

    assertThat(device.isCuda()).isFalse();
    assertThat(device.inScripts()).isEqualTo("cpu");
    assertThat(DjlDevice.names(0)).containsExactly("cpu");
  }

  @Test
  void cudaDevicesAreCountedFromZero() {
    assertThat(DjlDevice.of("cuda", 2)).isEqualTo(DjlDevice.of("cuda:0", 2));
    assertThat(DjlDevice.of("cuda:1", 2).inScripts()).isEqualTo("cuda:1");
    assertThat(DjlDevice.of("cuda:1", 2).ofArrays().getDeviceId()).isEqualTo(1);
    assertThat(DjlDevice.names(2)).containsExactly("cpu", "cuda:0", "cuda:1");
  }

  @Test
  void cudaIsRefusedWhereThereIsNoDevice() {
    assertThatExceptionOfType(UnsupportedCapabilityException.class)
        .isThrownBy(() -> DjlDevice.of("cuda:0", 0))
        .withMessage(
            "djl cannot use device 'cuda:0': its PyTorch was built for cpu only, or finds no CUDA"
                + " device; use --device cpu, or set PYTORCH_LIBRARY_PATH to the lib folder of"
                + " libtorch 2.7.1 for CUDA 12.8, PYTORCH_VERSION=2.7.1 and PYTORCH_FLAVOR=cu128");
  }

  @Test
  void aDeviceBehindTheLastOneIsRefused() {
    assertThatExceptionOfType(UnsupportedCapabilityException.class)
        .isThrownBy(() -> DjlDevice.of("cuda:2", 2))
        .withMessage("djl cannot use device 'cuda:2': it finds [cpu, cuda:0, cuda:1]");
  }
}
