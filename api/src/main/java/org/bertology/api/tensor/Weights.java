package org.bertology.api.tensor;

import java.util.Map;
import java.util.Set;

/**
 * The parameters of a model, looked up by the checkpoint's own names.
 *
 * <p>An engine uploads each tensor once per instance: graphs compiled with the same instance share
 * them. Implementations are immutable, thread-safe, and may map files lazily.
 */
public interface Weights {
  /** All names, in the order of the checkpoint. */
  Set<String> names();

  /**
   * The shape of a parameter, without reading it.
   *
   * @throws IllegalArgumentException if there is no such parameter
   */
  long[] shape(String name);

  /**
   * A floating-point tensor ({@link DType#F32} or {@link DType#F64}).
   *
   * @throws IllegalArgumentException if there is no such parameter
   */
  Tensor get(String name);

  /** Weights held in memory. */
  static Weights of(Map<String, Tensor> tensors) {
    return new MapWeights(tensors);
  }

  /** Weights to which tensors in memory are added; where a name is in both, the tensor counts. */
  static Weights layered(Map<String, Tensor> tensors, Weights weights) {
    return new LayeredWeights(new MapWeights(tensors), weights);
  }
}
