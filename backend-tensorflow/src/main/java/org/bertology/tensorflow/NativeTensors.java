package org.bertology.tensorflow;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.RawTensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataStorageVisitor;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/** Copies between host tensors and TensorFlow's, at the speed of memory. */
final class NativeTensors {
  private NativeTensors() {}

  /** A copy of a host tensor, as another type of the same kind; the caller closes it. */
  static org.tensorflow.Tensor copyIn(Tensor tensor, DType type) {
    Tensor converted = convert(tensor, type);
    return org.tensorflow.Tensor.of(
        javaType(type),
        Shape.of(converted.shape()),
        created -> memory(created.asRawTensor()).put(converted.bytes()));
  }

  /** A copy of an engine's tensor, independent of it. */
  static Tensor copyOut(org.tensorflow.Tensor tensor, DType type) {
    ByteBuffer memory = memory(tensor.asRawTensor());
    ByteBuffer copy = ByteBuffer.allocateDirect(memory.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    return Tensor.of(type, tensor.shape().asArray(), copy.put(memory).flip());
  }

  private static Tensor convert(Tensor tensor, DType type) {
    if (tensor.type() == type) {
      return tensor;
    }
    return switch (type) {
      case F32 -> Tensor.of(tensor.toFloats(), tensor.shape());
      case F64 -> tensor.toFloat64();
      case I64 -> Tensor.of(tensor.toLongs(), tensor.shape());
      case I32, BOOL -> throw new IllegalArgumentException("%s is not %s".formatted(tensor, type));
    };
  }

  private static Class<? extends TType> javaType(DType type) {
    return switch (type) {
      case F32 -> TFloat32.class;
      case F64 -> TFloat64.class;
      case I32 -> TInt32.class;
      case I64 -> TInt64.class;
      case BOOL -> TBool.class;
    };
  }

  /** The memory of a tensor, valid until that is closed. */
  private static ByteBuffer memory(RawTensor tensor) {
    if (tensor.numBytes() == 0) {
      return ByteBuffer.allocate(0);
    }
    return tensor.data().accept(new View());
  }

  private static final class View implements DataStorageVisitor<ByteBuffer> {
    @Override
    public ByteBuffer visit(ByteBuffer buffer) {
      return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public ByteBuffer visit(long address, long length, long scale) {
      return new Memory(address, length * scale).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public ByteBuffer fallback() {
      throw new IllegalStateException("the tensor's memory cannot be reached");
    }
  }

  /** Memory that somebody else owns. */
  private static final class Memory extends BytePointer {
    Memory(long address, long bytes) {
      this.address = address;
      this.limit = bytes;
      this.capacity = bytes;
    }
  }
}
