package org.bertology.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import org.bertology.api.backend.UnsupportedCapabilityException;

/** Where sessions compute: the processor or one CUDA device. */
final class OnnxDevice {
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
    OnnxDevice device = new OnnxDevice(name);
    if (device.isCuda() && !hasCuda()) {
      throw new UnsupportedCapabilityException(
          ("onnx cannot use device '%s': the onnxruntime on the class path was built for cpu only;"
                  + " use --device cpu, or put com.microsoft.onnxruntime:onnxruntime_gpu:1.28.0 in"
                  + " its place")
              .formatted(name));
    }
    return device;
  }

  /** Whether this build of ONNX Runtime runs on CUDA devices. */
  static boolean hasCuda() {
    return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
  }

  boolean isCuda() {
    return name.startsWith(CUDA);
  }

  /**
   * Makes sessions use this device.
   *
   * @throws UnsupportedCapabilityException if the device or its libraries are missing
   */
  void configure(SessionOptions options) {
    if (!isCuda()) {
      return;
    }
    try {
      options.addCUDA(number());
    } catch (OrtException e) {
      throw new UnsupportedCapabilityException(
          "onnx cannot start device '%s': %s; use --device cpu, or install CUDA and cuDNN"
              .formatted(name, e.getMessage()),
          e);
    }
  }

  private int number() {
    int colon = name.indexOf(':');
    return colon < 0 ? 0 : Integer.parseInt(name.substring(colon + 1));
  }
}
