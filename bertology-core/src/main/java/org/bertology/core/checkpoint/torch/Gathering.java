package org.bertology.core.checkpoint.torch;

import java.nio.ByteBuffer;

/** A copy of a tensor's elements, wherever they are in its storage, in row-major order. */
final class Gathering {
  private final TensorView view;
  private final ByteBuffer source;
  private final ByteBuffer target;

  /**
   * A copy to be made.
   *
   * @param span the bytes from the tensor's first to its last element
   */
  Gathering(TensorView view, ByteBuffer span) {
    this.view = view;
    // One byte order for both, so that elements are copied as they are.
    this.source = span.duplicate();
    this.target = ByteBuffer.allocateDirect(Math.toIntExact(view.bytes()));
  }

  ByteBuffer data() {
    copy(0, 0);
    return target.flip();
  }

  /** Copies what begins with the indices that lead to this place in the source, in bytes. */
  private void copy(int axis, int place) {
    if (axis == view.shape().length) {
      copyElement(place);
      return;
    }
    int step = (int) (view.strides()[axis] * view.type().bytes());
    for (int i = 0; i < view.shape()[axis]; i++) {
      copy(axis + 1, place + i * step);
    }
  }

  private void copyElement(int place) {
    switch (view.type()) {
      case DOUBLE, LONG -> target.putLong(source.getLong(place));
      case FLOAT, INT -> target.putInt(source.getInt(place));
      case HALF, BFLOAT16, SHORT -> target.putShort(source.getShort(place));
      case CHAR, BYTE, BOOL -> target.put(source.get(place));
    }
  }
}
