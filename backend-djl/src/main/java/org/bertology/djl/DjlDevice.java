package org.bertology.djl;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;
import org.bertology.api.backend.UnsupportedCapabilityException;

/** Where scripts compute: the processor or one CUDA device. */
record DjlDevice(boolean isCuda, int number) {
  private static final String CUDA = "cuda";

  /**
   * The device of a configuration.
   *
   * @param name {@code cpu}, {@code cuda} or {@code cuda:0} and so on
   * @param cudaDevices how many the engine can use
   * @throws UnsupportedCapabilityException if it is not one of them
   */
  static DjlDevice of(String name, int cudaDevices) {
    if (!name.startsWith(CUDA)) {
      return new DjlDevice(false, 0);
    }
    int colon = name.indexOf(':');
    int number = colon < 0 ? 0 : Integer.parseInt(name.substring(colon + 1));
    if (cudaDevices == 0) {
      throw new UnsupportedCapabilityException(
          ("djl cannot use device '%s': its PyTorch was built for cpu only, or finds no CUDA device;"
                  + " use --device cpu, or set PYTORCH_LIBRARY_PATH to the lib folder of libtorch"
                  + " 2.7.1 for CUDA 12.8, PYTORCH_VERSION=2.7.1 and PYTORCH_FLAVOR=cu128")
              .formatted(name));
    }
    if (number >= cudaDevices) {
      throw new UnsupportedCapabilityException(
          "djl cannot use device '%s': it finds %s".formatted(name, names(cudaDevices)));
    }
    return new DjlDevice(true, number);
  }

  /** All devices by name. */
  static List<String> names(int cudaDevices) {
    List<String> names = new ArrayList<>(List.of("cpu"));
    for (int i = 0; i < cudaDevices; i++) {
      names.add(CUDA + ":" + i);
    }
    return names;
  }

  /** The device as PyTorch calls it. */
  String inScripts() {
    return isCuda ? CUDA + ":" + number : "cpu";
  }

  Device ofArrays() {
    return isCuda ? Device.gpu(number) : Device.cpu();
  }
}
