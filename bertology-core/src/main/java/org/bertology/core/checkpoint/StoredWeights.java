package org.bertology.core.checkpoint;

import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/** Weights and how a file holds them: all tensors, under which names, in which element types. */
public interface StoredWeights extends Weights {
  /**
   * The name of a tensor in the file, if it has another one there.
   *
   * @throws IllegalArgumentException if there is no such tensor
   */
  default String storedName(String name) {
    return name;
  }

  /**
   * The element type in the file.
   *
   * @throws IllegalArgumentException if there is no such tensor
   */
  StoredType storedType(String name);

  /**
   * A tensor of any type; I16, I8 and U8 become I32.
   *
   * @throws IllegalArgumentException if there is no such tensor
   */
  Tensor tensor(String name);
}
