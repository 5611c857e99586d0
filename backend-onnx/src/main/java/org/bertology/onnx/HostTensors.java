package org.bertology.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;

/** Host tensors as ONNX Runtime sees them: the same memory wherever that is possible. */
final class HostTensors {
  private HostTensors() {}

  /** The tensor as another type of the same kind; itself where it is that already. */
  static Tensor convert(Tensor tensor, DType type) {
    return switch (type) {
      case F32 ->
          tensor.type() == DType.F32 ? tensor : Tensor.of(tensor.toFloats(), tensor.shape());
      case F64 -> tensor.toFloat64();
      case I64 -> tensor.type() == DType.I64 ? tensor : Tensor.of(tensor.toLongs(), tensor.shape());
      case BOOL -> tensor;
      case I32 -> throw new IllegalArgumentException("INT is 64 bits wide in an ONNX model");
    };
  }

  /**
   * A tensor that reads the host tensor's memory, or a copy where that is elsewhere or unaligned.
   */
  static OnnxTensor share(OrtEnvironment environment, Tensor tensor, DType type)
      throws OrtException {
    Tensor converted = convert(tensor, type);
    ByteBuffer bytes = converted.bytes();
    return over(environment, isUsable(bytes, type) ? bytes : copy(bytes), converted.shape(), type);
  }

  private static boolean isUsable(ByteBuffer bytes, DType type) {
    return bytes.isDirect() && bytes.alignmentOffset(0, type.bytes()) == 0;
  }

  private static ByteBuffer copy(ByteBuffer bytes) {
    return allocate(bytes.remaining()).put(bytes).flip();
  }

  static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A tensor whose elements are in the given direct buffer; ONNX Runtime may write there. */
  static OnnxTensor over(OrtEnvironment environment, ByteBuffer bytes, long[] shape, DType type)
      throws OrtException {
    return OnnxTensor.createTensor(environment, bytes, shape, javaType(type));
  }

  private static OnnxJavaType javaType(DType type) {
    return switch (type) {
      case F32 -> OnnxJavaType.FLOAT;
      case F64 -> OnnxJavaType.DOUBLE;
      case I32 -> OnnxJavaType.INT32;
      case I64 -> OnnxJavaType.INT64;
      case BOOL -> OnnxJavaType.BOOL;
    };
  }
}
