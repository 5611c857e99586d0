package org.bertology.core.checkpoint.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A tensor of a mapped file. */
public final class TorchTensor {
  private final TensorView view;
  private final ByteBuffer span;

  /**
   * A tensor.
   *
   * @param span the bytes of its storage from its first to its last element
   */
  TorchTensor(TensorView view, ByteBuffer span) {
    this.view = view;
    this.span = span;
  }

  public TorchType type() {
    return view.type();
  }

  /** A copy of the extents. */
  public long[] shape() {
    return view.shape().clone();
  }

  /** The size of the elements. */
  public long bytes() {
    return view.bytes();
  }

  /**
   * The elements in row-major order, little-endian: a part of the file where they lie like that,
   * otherwise gathered into direct memory each time. Empty if they take more than a mapping holds,
   * {@link Integer#MAX_VALUE} bytes.
   */
  public ByteBuffer data() {
    ByteBuffer data =
        view.isContiguous() ? span.asReadOnlyBuffer() : new Gathering(view, span).data();
    return data.order(ByteOrder.LITTLE_ENDIAN);
  }
}
