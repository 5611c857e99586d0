package org.bertology.tensorflow;

import org.bertology.api.backend.UnsupportedCapabilityException;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/** Where sessions compute: the processor or one CUDA device. */
final class TensorFlowDevice {
  private static final String CUDA = "cuda";
  private static final String CUDA_NATIVES = "/org/tensorflow/internal/c_api/linux-x86_64-gpu/";

  private final String name;

  private TensorFlowDevice(String name) {
    this.name = name;
  }

  /**
   * The device of a configuration.
   *
   * @throws UnsupportedCapabilityException if the natives on the class path do not know it, or it
   *     is not in this machine
   */
  static TensorFlowDevice of(String name) {
    TensorFlowDevice device = new TensorFlowDevice(name);
    if (device.isCuda()) {
      device.requireCuda();
    }
    return device;
  }

  /** Whether the natives on the class path were built for CUDA. */
  static boolean hasCuda() {
    return TensorFlow.class.getResource(CUDA_NATIVES) != null;
  }

  private boolean isCuda() {
    return name.startsWith(CUDA);
  }

  private void requireCuda() {
    if (!hasCuda()) {
      throw new UnsupportedCapabilityException(
          ("tensorflow cannot use device '%s': the natives on the class path were built for cpu"
                  + " only; use --device cpu, or put"
                  + " org.tensorflow:tensorflow-core-native:1.1.0:linux-x86_64-gpu (527 MB) in"
                  + " their place")
              .formatted(name));
    }
    // Without this a session would quietly compute on the processor.
    try (Graph graph = new Graph();
        Session session = new Session(graph, configure(ConfigProto.newBuilder()).build())) {
      session
          .runner()
          .addTarget(
              graph
                  .opBuilder("NoOp", "probe", graph.baseScope())
                  .setDevice("/device:GPU:0")
                  .build())
          .run()
          .close();
    } catch (RuntimeException e) {
      if (!TensorFlowFailures.isEngines(e)) {
        throw e;
      }
      throw new UnsupportedCapabilityException(
          "tensorflow cannot start device '%s': %s; use --device cpu, or install CUDA 12 and cuDNN 9"
              .formatted(name, e.getMessage()),
          e);
    }
  }

  /** Makes a session use this device, and see no other one. */
  ConfigProto.Builder configure(ConfigProto.Builder config) {
    return isCuda()
        ? config.setGpuOptions(
            GPUOptions.newBuilder().setAllowGrowth(true).setVisibleDeviceList("" + number()))
        : config.putDeviceCount("GPU", 0);
  }

  private int number() {
    int colon = name.indexOf(':');
    return colon < 0 ? 0 : Integer.parseInt(name.substring(colon + 1));
  }
}
