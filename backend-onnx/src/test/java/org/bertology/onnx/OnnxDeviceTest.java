package org.bertology.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.util.Set;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.junit.jupiter.api.Test;

final class OnnxDeviceTest {
  @Test
  void theProcessorIsAlwaysThere() throws Exception {
    for (boolean cuda : new boolean[] {true, false}) {
      OnnxDevice device = OnnxDevice.of("cpu", cuda);

      assertThat(device.isCuda()).isFalse();
      try (SessionOptions options = new SessionOptions()) {
        device.configure(options);
      }
    }
  }

  @Test
  void cudaDevicesAreCountedFromZero() {
    assertThat(OnnxDevice.of("cuda", true).isCuda()).isTrue();
    assertThat(OnnxDevice.of("cuda", true).number()).isZero();
    assertThat(OnnxDevice.of("cuda:0", true).number()).isZero();
    assertThat(OnnxDevice.of("cuda:12", true).number()).isEqualTo(12);
  }

  @Test
  void devicesAreListedUpToTheFirstThatDoesNotStart() {
    Set<String> present = Set.of("cuda:0", "cuda:1", "cuda:3");

    assertThat(OnnxDevice.names(true, present::contains))
        .containsExactly("cpu", "cuda:0", "cuda:1");
    assertThat(OnnxDevice.names(true, name -> false)).containsExactly("cpu");
    assertThat(OnnxDevice.names(false, present::contains)).containsExactly("cpu");
  }

  @Test
  void cudaIsRefusedByABuildForCpuOnly() {
    assertThatExceptionOfType(UnsupportedCapabilityException.class)
        .isThrownBy(() -> OnnxDevice.of("cuda:0", false))
        .withMessage(
            "onnx cannot use device 'cuda:0': the onnxruntime on the class path was built for cpu"
                + " only; use --device cpu, or put com.microsoft.onnxruntime:onnxruntime_gpu:1.28.0"
                + " (742 MB) in its place");
  }

  @Test
  void aLibraryThatIsMissingIsNamedInOneSentence() {
    OrtException cause =
        new OrtException(
            "Error code - ORT_FAIL - message: /src/provider_bridge.cc:1988 Provider& Get()"
                + " [ONNXRuntimeError] : 1 : FAIL : Failed to load library"
                + " /tmp/libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot"
                + " open shared object file: No such file or directory\n");

    assertThat(OnnxDevice.of("cuda:0", true).notStarted(cause))
        .hasMessage(
            "onnx cannot start device 'cuda:0': libcublasLt.so.12: cannot open shared object file:"
                + " No such file or directory; use --device cpu, or install an NVIDIA driver, CUDA"
                + " 12 and cuDNN 9 where the system finds their libraries")
        .hasCause(cause);
  }

  @Test
  void aDeviceThatIsMissingIsNamedInOneSentence() {
    OrtException cause = new OrtException("in Create()\nCUDA failure 101: invalid device ordinal");

    assertThat(OnnxDevice.of("cuda:7", true).notStarted(cause))
        .hasMessageStartingWith(
            "onnx cannot start device 'cuda:7': CUDA failure 101: invalid device ordinal; use ");
  }

  @Test
  void productsOnACudaDeviceStayFloat32() {
    assertThat(OnnxDevice.providerOptions()).containsEntry("use_tf32", "0");
  }
}
