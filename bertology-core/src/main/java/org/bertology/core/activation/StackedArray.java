package org.bertology.core.activation;

import org.bertology.api.tensor.DType;

/**
 * An array over all examples of a data set.
 *
 * @param shape {@code [examples, ...]}
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, never compared
record StackedArray(String name, DType type, long[] shape) {
  StackedArray {
    shape = shape.clone();
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** The bytes of one example. */
  long exampleBytes() {
    long bytes = type.bytes();
    for (int axis = 1; axis < shape.length; axis++) {
      bytes = Math.multiplyExact(bytes, shape[axis]);
    }
    return bytes;
  }

  long bytes() {
    return Math.multiplyExact(shape[0], exampleBytes());
  }
}
