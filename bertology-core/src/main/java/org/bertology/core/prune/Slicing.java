package org.bertology.core.prune;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bertology.api.tensor.Tensor;

/** Slices of tensors along an axis. */
final class Slicing {
  private Slicing() {}

  /**
   * A tensor of some slices of another one.
   *
   * @param axis along which slices are counted
   * @param kept ascending
   */
  static Tensor of(Tensor tensor, int axis, int[] kept) {
    long[] shape = tensor.shape();
    int blocks = 1;
    for (int i = 0; i < axis; i++) {
      blocks *= (int) shape[i];
    }
    int slices = (int) shape[axis];
    shape[axis] = kept.length;
    int sliceBytes = slices == 0 ? 0 : tensor.size() / blocks / slices * tensor.type().bytes();
    ByteBuffer source = tensor.bytes();
    ByteBuffer copy =
        ByteBuffer.allocateDirect(blocks * kept.length * sliceBytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int block = 0; block < blocks; block++) {
      copySlices(source, block * slices * sliceBytes, sliceBytes, kept, copy);
    }
    return Tensor.of(tensor.type(), shape, copy.flip());
  }

  /** Neighbours, such as the columns of a head, are copied at once. */
  private static void copySlices(
      ByteBuffer source, int start, int sliceBytes, int[] kept, ByteBuffer copy) {
    int first = 0;
    for (int i = 1; i <= kept.length; i++) {
      if (i == kept.length || kept[i] != kept[i - 1] + 1) {
        int bytes = (i - first) * sliceBytes;
        copy.put(copy.position(), source, start + kept[first] * sliceBytes, bytes);
        copy.position(copy.position() + bytes);
        first = i;
      }
    }
  }
}
