package org.bertology.tensorflow;

import java.util.Arrays;
import java.util.Map;
import org.bertology.api.graph.TensorType;
import org.bertology.api.tensor.DType;

/** Whether a host tensor can hold an output; asked before the engine computes it. */
final class HostSize {
  private HostSize() {}

  /**
   * Refuses what is too large.
   *
   * @throws IllegalArgumentException if an output needs more bytes than a tensor holds
   */
  static void check(String name, TensorType type, Elements elements, Map<String, Long> symbols) {
    DType host = elements.host(type.element());
    long[] shape = type.shape().bind(symbols);
    double bytes = Arrays.stream(shape).asDoubleStream().reduce(host.bytes(), (a, b) -> a * b);
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "output '%s' of %s %s needs %.0f bytes; one tensor holds at most %d; run smaller batches"
              .formatted(name, host, Arrays.toString(shape), bytes, Integer.MAX_VALUE));
    }
  }
}
