package org.bertology.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.bertology.api.backend.UnsupportedCapabilityException;

/** Where sessions compute: the processor or one CUDA device. */
final class OnnxDevice {
  private static final String CPU = "cpu";
  private static final String CUDA = "cuda";

  private final String name;

  private OnnxDevice(String name) {
    this.name = name;
  }

  /**
   * The device of a configuration.
   *
   * @throws UnsupportedCapabilityException if this build of ONNX Runtime does not know it
   */
  static OnnxDevice of(String name) {
    return of(name, hasCuda());
  }

  /**
   * The same for any build.
   *
   * @param cuda whether it was built for CUDA
   */
  static OnnxDevice of(String name, boolean cuda) {
    OnnxDevice device = new OnnxDevice(name);
    if (device.isCuda() && !cuda) {
      throw new UnsupportedCapabilityException(
          ("onnx cannot use device '%s': the onnxruntime on the class path was built for cpu only;"
                  + " use --device cpu, or put com.microsoft.onnxruntime:onnxruntime_gpu:1.28.0"
                  + " (742 MB) in its place")
              .formatted(name));
    }
    return device;
  }

  /** Whether this build of ONNX Runtime knows CUDA, be there such a device or not. */
  static boolean hasCuda() {
    return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
  }

  /**
   * The processor and the CUDA devices that start, which are counted from 0.
   *
   * @param cuda whether this build was made for CUDA
   * @param starts whether a device starts
   */
  static List<String> names(boolean cuda, Predicate<String> starts) {
    List<String> names = new ArrayList<>(List.of(CPU));
    String next = CUDA + ":0";
    while (cuda && starts.test(next)) {
      names.add(next);
      next = CUDA + ":" + (names.size() - 1);
    }
    return names;
  }

  boolean isCuda() {
    return name.startsWith(CUDA);
  }

  /** The options of the CUDA provider: float32 products stay float32, as on the processor. */
  static Map<String, String> providerOptions() {
    return Map.of("use_tf32", "0");
  }

  /** Makes sessions use this device, and give the same bits each time. */
  void configure(SessionOptions options) throws OrtException {
    if (!isCuda()) {
      return;
    }
    options.setDeterministicCompute(true);
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(number())) {
      for (Map.Entry<String, String> option : providerOptions().entrySet()) {
        cuda.add(option.getKey(), option.getValue());
      }
      options.addCUDA(cuda);
    }
  }

  /** What to say where the device or its libraries are missing. */
  UnsupportedCapabilityException notStarted(OrtException cause) {
    return new UnsupportedCapabilityException(
        ("onnx cannot start device '%s': %s; use --device cpu, or install an NVIDIA driver, CUDA 12"
                + " and cuDNN 9 where the system finds their libraries")
            .formatted(name, reason(cause)),
        cause);
  }

  /** The end of the engine's report, which begins with places in its own source. */
  private static String reason(OrtException cause) {
    String message = String.valueOf(cause.getMessage()).strip();
    String last = message.substring(message.lastIndexOf('\n') + 1);
    String marker = " with error: ";
    int error = last.indexOf(marker);
    return error < 0 ? last : last.substring(error + marker.length());
  }

  /** The device's number; {@code cuda} is the first one. */
  int number() {
    int colon = name.indexOf(':');
    return colon < 0 ? 0 : Integer.parseInt(name.substring(colon + 1));
  }
}
