package org.bertology.core.activation;

/** How activations are stored; either way one array {@code [examples, ...]} per hook. */
public enum ActivationFormat {
  /** One file with all arrays by name: {@code safetensors.numpy.load_file(path)}. */
  SAFETENSORS,
  /**
   * A directory with one file per array, {@code layer.0.npy} and so on: {@code numpy.load(path,
   * mmap_mode='r')}.
   */
  NPY
}
