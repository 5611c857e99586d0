package org.bertology.api.reference;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.bertology.api.tensor.Tensor;

/** Numbers in row-major order under a concrete shape; INT and BOOL values are whole doubles. */
record Array(int[] shape, double[] data) {

  static Array of(Tensor tensor) {
    return new Array(toInts(tensor.shape()), tensor.toDoubles());
  }

  static Array zeros(int... shape) {
    return new Array(shape, new double[size(shape)]);
  }

  static int[] toInts(long[] shape) {
    int[] extents = new int[shape.length];
    for (int axis = 0; axis < extents.length; axis++) {
      extents[axis] = Math.toIntExact(shape[axis]);
    }
    return extents;
  }

  static int size(int... shape) {
    int size = 1;
    for (int extent : shape) {
      size = Math.multiplyExact(size, extent);
    }
    return size;
  }

  int rank() {
    return shape.length;
  }

  /** The extent of an axis; negative axes count from the end. */
  int extent(int axis) {
    return shape[axis < 0 ? axis + rank() : axis];
  }

  /** How many elements lie between neighbours on an axis. */
  int stride(int axis) {
    int stride = 1;
    for (int inner = axis + 1; inner < rank(); inner++) {
      stride *= shape[inner];
    }
    return stride;
  }

  /** Row-major strides, with 0 on axes of extent 1. */
  int[] broadcastStrides() {
    int[] strides = new int[rank()];
    for (int axis = 0; axis < rank(); axis++) {
      strides[axis] = shape[axis] == 1 ? 0 : stride(axis);
    }
    return strides;
  }

  Array map(DoubleUnaryOperator function) {
    double[] result = new double[data.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = function.applyAsDouble(data[i]);
    }
    return new Array(shape, result);
  }

  Array zip(Array other, DoubleBinaryOperator function) {
    double[] result = new double[data.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = function.applyAsDouble(data[i], other.data[i]);
    }
    return new Array(shape, result);
  }

  /**
   * The array of shape {@code target} whose entry at an index is this array's entry at {@code
   * offset + Σ strides[axis] · index[axis]}: transposes, broadcasts and slices are all of this
   * form.
   */
  Array strided(int[] target, int offset, int[] strides) {
    double[] result = new double[size(target)];
    int[] index = new int[target.length];
    int source = offset;
    for (int i = 0; i < result.length; i++) {
      result[i] = data[source];
      for (int axis = target.length - 1; axis >= 0; axis--) {
        source += strides[axis];
        if (++index[axis] < target[axis]) {
          break;
        }
        source -= strides[axis] * target[axis];
        index[axis] = 0;
      }
    }
    return new Array(target, result);
  }

  /** Copies all of {@code part} into this array, from {@code start} on along an axis. */
  void put(Array part, int axis, int start) {
    int inner = stride(axis);
    int rows = part.extent(axis) * inner;
    for (int outer = 0; outer * rows < part.data.length; outer++) {
      System.arraycopy(
          part.data, outer * rows, data, outer * extent(axis) * inner + start * inner, rows);
    }
  }
}
