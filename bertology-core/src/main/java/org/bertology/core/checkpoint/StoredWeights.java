package org.bertology.core.checkpoint;

import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/** Weights and how a file holds them: all tensors, and in which element types. */
public interface StoredWeights extends Weights {
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
