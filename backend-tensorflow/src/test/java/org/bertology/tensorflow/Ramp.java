package org.bertology.tensorflow;

import java.util.Map;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;

/** Small tensors whose entries can be told apart. */
final class Ramp {
  static final Weights NO_WEIGHTS = Weights.of(Map.of());

  private Ramp() {}

  /** 0, 1, 2 and so on, scaled to lie in [0, 1). */
  static Tensor of(long... shape) {
    int size = 1;
    for (long extent : shape) {
      size *= (int) extent;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) i / size;
    }
    return Tensor.of(values, shape);
  }
}
