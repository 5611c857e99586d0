package org.bertology.core.checkpoint.torch;

import java.util.Arrays;

/**
 * Which elements of a storage a tensor holds: that at {@code offset + Σ index · stride}, all in
 * elements.
 *
 * @param elements how many the tensor has
 * @param bytes that they take
 * @param span how many there are in the storage from the first to the last of them
 */
record TensorView(
    Storage storage,
    TorchType type,
    long offset,
    long[] shape,
    long[] strides,
    long elements,
    long bytes,
    long span) {

  /** A view that is checked to lie within its storage. */
  static TensorView of(
      PickleInput input,
      Storage storage,
      TorchType type,
      long offset,
      long[] shape,
      long[] strides) {
    if (strides.length != shape.length) {
      throw input.broken(
          "a tensor of shape %s has the strides %s"
              .formatted(Arrays.toString(shape), Arrays.toString(strides)));
    }
    try {
      long elements = elements(shape);
      long bytes = Math.multiplyExact(elements, type.bytes());
      long span = elements == 0 ? 0 : span(shape, strides);
      TensorView view =
          new TensorView(storage, type, offset, shape, strides, elements, bytes, span);
      if (elements == 0 || Math.multiplyExact(view.end(), type.bytes()) <= storage.bytes()) {
        return view;
      }
    } catch (ArithmeticException e) {
      // No storage has as many elements.
    }
    throw input.broken(
        "a tensor of shape %s with the strides %s at offset %d is not within storage '%s' of %d bytes"
            .formatted(
                Arrays.toString(shape),
                Arrays.toString(strides),
                offset,
                Quoted.shortened(storage.key()),
                storage.bytes()));
  }

  private static long elements(long[] shape) {
    long elements = 1;
    for (long extent : shape) {
      elements = Math.multiplyExact(elements, extent);
    }
    return elements;
  }

  private static long span(long[] shape, long[] strides) {
    long last = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      last = Math.addExact(last, Math.multiplyExact(shape[axis] - 1, strides[axis]));
    }
    return Math.addExact(last, 1);
  }

  private long end() {
    return Math.addExact(offset, span);
  }

  /** Whether the elements follow each other, so that they need not be gathered. */
  boolean isContiguous() {
    long stride = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      if (shape[axis] != 1 && strides[axis] != stride) {
        return elements == 0;
      }
      stride *= shape[axis];
    }
    return true;
  }
}
