package org.bertology.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;

/** Host tensors as DJL's arrays, and back. */
final class HostArrays {
  private static final int ALIGNMENT = 64;

  private HostArrays() {}

  /**
   * An array of the manager's that reads the host tensor's memory, or a copy where that is
   * elsewhere, unaligned or of another type. PyTorch does not keep that memory alive; the array
   * does until it is closed.
   */
  static NDArray share(NDManager manager, Tensor tensor, DType type) {
    Tensor converted = convert(tensor, type);
    ByteBuffer bytes = converted.bytes(); // from position 0, which is all that DJL looks at
    ByteBuffer usable = isUsable(bytes, type) ? bytes : copied(bytes);
    return manager.create(usable, new Shape(converted.shape()), ScriptTypes.array(type));
  }

  /**
   * An array of the manager's in host memory of its own, which goes with the array; so nothing may
   * read the results of a run any more when its inputs are closed. PyTorch's own memory would not
   * do: where the engine's own gradients fail, it refers to the inputs for ever.
   */
  static NDArray copy(NDManager manager, Tensor tensor, DType type) {
    Tensor converted = convert(tensor, type);
    ByteBuffer bytes = aligned(converted.bytes());
    return manager.create(bytes, new Shape(converted.shape()), ScriptTypes.array(type));
  }

  /** The tensor as another type of the same kind; itself where it is that already. */
  static Tensor convert(Tensor tensor, DType type) {
    return switch (type) {
      case F32 ->
          tensor.type() == DType.F32 ? tensor : Tensor.of(tensor.toFloats(), tensor.shape());
      case F64 -> tensor.toFloat64();
      case I64 -> tensor.type() == DType.I64 ? tensor : Tensor.of(tensor.toLongs(), tensor.shape());
      case BOOL, I32 -> tensor;
    };
  }

  private static boolean isUsable(ByteBuffer bytes, DType type) {
    return bytes.isDirect() && bytes.alignmentOffset(0, type.bytes()) == 0;
  }

  private static ByteBuffer copied(ByteBuffer bytes) {
    return allocate(bytes.remaining()).put(bytes).flip();
  }

  /** Where PyTorch would put it, as the last bits of products may depend on that. */
  private static ByteBuffer aligned(ByteBuffer bytes) {
    int size = bytes.remaining();
    ByteBuffer space = allocate(Math.addExact(size, 2 * ALIGNMENT)).alignedSlice(ALIGNMENT);
    return space.order(ByteOrder.LITTLE_ENDIAN).limit(size).put(bytes).flip();
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A copy of an array that outlives it. */
  static Tensor read(NDArray array, DType type) {
    ByteBuffer bytes = copied(array.toByteBuffer(true).order(ByteOrder.LITTLE_ENDIAN));
    return Tensor.of(type, array.getShape().getShape(), bytes);
  }
}
