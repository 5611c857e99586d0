package org.bertology.tensorflow;

import java.util.List;
import org.bertology.api.backend.UnsupportedCapabilityException;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Scope;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/** Where sessions compute: the processor or one CUDA device. */
final class TensorFlowDevice {
  private static final String CPU = "cpu";
  private static final String CUDA = "cuda";
  private static final String CUDA_NATIVES = "/org/tensorflow/internal/c_api/linux-x86_64-gpu/";

  private final String name;

  private TensorFlowDevice(String name) {
    this.name = name;
  }

  /**
   * The device of a configuration.
   *
   * @throws UnsupportedCapabilityException if the natives on the class path do not know it
   */
  static TensorFlowDevice of(String name) {
    return of(name, hasCuda());
  }

  /**
   * The same for any natives.
   *
   * @param cuda whether they were built for CUDA
   */
  static TensorFlowDevice of(String name, boolean cuda) {
    TensorFlowDevice device = new TensorFlowDevice(name);
    if (device.isCuda() && !cuda) {
      throw new UnsupportedCapabilityException(
          ("tensorflow cannot use device '%s': the natives on the class path were built for cpu"
                  + " only; use --device cpu, or put"
                  + " org.tensorflow:tensorflow-core-native:1.1.0:linux-x86_64-gpu (527 MB) in"
                  + " their place")
              .formatted(name));
    }
    return device;
  }

  /** Whether the natives on the class path were built for CUDA, be there such a device or not. */
  static boolean hasCuda() {
    return TensorFlow.class.getResource(CUDA_NATIVES) != null;
  }

  /**
   * The processor and the first CUDA device, if it starts: a process cannot go from one CUDA device
   * to the next.
   *
   * @param settings of a session, without a device
   */
  static List<String> names(ConfigProto settings) {
    if (!hasCuda()) {
      return List.of(CPU);
    }
    try {
      of(CUDA + ":0").start(settings);
      return List.of(CPU, CUDA + ":0");
    } catch (UnsupportedCapabilityException e) {
      return List.of(CPU);
    }
  }

  boolean isCuda() {
    return name.startsWith(CUDA);
  }

  /**
   * Runs a node on the device, without which a session would quietly compute on the processor.
   *
   * @param settings of a session, without a device; the first session fixes the pool of threads
   * @throws UnsupportedCapabilityException if it does not run
   */
  void start(ConfigProto settings) {
    try (Graph graph = new Graph();
        Session session = new Session(graph, configure(settings.toBuilder()).build())) {
      // The device of the scope is used; that of the builder is overwritten by it.
      Scope onDevice =
          graph
              .baseScope()
              .withDevice(
                  DeviceSpec.newBuilder()
                      .deviceType(DeviceSpec.DeviceType.GPU)
                      .deviceIndex(0)
                      .build());
      Operation probe = graph.opBuilder("NoOp", "probe", onDevice).build();
      session.runner().addTarget(probe).run().close();
    } catch (RuntimeException e) {
      if (!TensorFlowFailures.isEngines(e)) {
        throw e;
      }
      throw new UnsupportedCapabilityException(
          ("tensorflow cannot start device '%s': it finds no such device, or not the libraries for"
                  + " it; use --device cpu, or install an NVIDIA driver, CUDA 12 and cuDNN 9 where"
                  + " the system finds them")
              .formatted(name),
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
