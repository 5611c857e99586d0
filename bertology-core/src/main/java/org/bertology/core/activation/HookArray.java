package org.bertology.core.activation;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bertology.api.graph.Shape;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;

/**
 * What is observed at one hook, example by example.
 *
 * @param type F32 or F64
 * @param example the shape without the axis of examples; an axis that is no number counts tokens
 */
record HookArray(String name, DType type, Shape example) {
  /** The shape for one example of so many tokens. */
  long[] shape(Lengths tokens) {
    return example.dims().stream().mapToLong(tokens::of).toArray();
  }

  /** One example without its padding. */
  Tensor cut(Tensor batch, int row, Lengths tokens) {
    return Tensor.of(type, shape(tokens), copy(batch, row, tokens, tokens));
  }

  /**
   * One example out of a batch, with zeros in place of the batch's padding.
   *
   * @param batch {@code [batch, ...]}, padded to the longest of the batch
   * @param tokens the example's own
   * @param padded tokens of the result
   */
  ByteBuffer copy(Tensor batch, int row, Lengths tokens, Lengths padded) {
    Tensor source = type == DType.F64 ? batch.toFloat64() : batch.toFloat32();
    long[] from = Arrays.copyOfRange(source.shape(), 1, source.rank());
    Copy copy = new Copy(source.bytes(), shape(tokens), from, shape(padded), type.bytes());
    return copy.example(row);
  }

  /**
   * Moves the part {@code counts} of an array of shape {@code from} into one of shape {@code to}.
   */
  private static final class Copy {
    private final ByteBuffer source;
    private final ByteBuffer target;
    private final long[] counts;
    private final int[] sourceStrides;
    private final int[] targetStrides;

    Copy(ByteBuffer source, long[] counts, long[] from, long[] to, int elementBytes) {
      this.source = source;
      this.counts = counts;
      this.sourceStrides = strides(from, elementBytes);
      this.targetStrides = strides(to, elementBytes);
      this.target = ByteBuffer.allocate(targetStrides[0]);
    }

    /** Bytes from one entry of an axis to the next, behind the bytes of the whole array. */
    private static int[] strides(long[] shape, int elementBytes) {
      int[] strides = new int[shape.length + 1];
      strides[shape.length] = elementBytes;
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        strides[axis] = Math.toIntExact(strides[axis + 1] * shape[axis]);
      }
      return strides;
    }

    ByteBuffer example(int row) {
      copy(0, row * sourceStrides[0], 0);
      return target;
    }

    private void copy(int axis, int from, int to) {
      boolean whole = axis == counts.length;
      if (whole || axis == counts.length - 1) {
        int bytes = whole ? sourceStrides[axis] : (int) counts[axis] * sourceStrides[axis + 1];
        target.put(to, source, from, bytes);
        return;
      }
      for (int i = 0; i < counts[axis]; i++) {
        copy(axis + 1, from + i * sourceStrides[axis + 1], to + i * targetStrides[axis + 1]);
      }
    }
  }
}
