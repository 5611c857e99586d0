package org.bertology.core.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;

/** The bytes of a tensor in a safetensors file. */
final class StoredData {
  private static final int CHUNK_BYTES = 1 << 16;

  private StoredData() {}

  /**
   * Refuses a tensor that a type does not hold.
   *
   * @throws IllegalArgumentException if the type is not one that is read as the tensor's, or a
   *     finite value would become infinite
   */
  static void require(String name, Tensor tensor, StoredType type) {
    if (type.host() != tensor.type()) {
      throw new IllegalArgumentException(
          "tensor '%s' is %s and cannot be stored as %s".formatted(name, tensor.type(), type));
    }
    if (type == StoredType.F16 || type == StoredType.BF16) {
      requireRange(name, tensor, type);
    }
  }

  private static void requireRange(String name, Tensor tensor, StoredType type) {
    float largest = type == StoredType.F16 ? HalfFloats.MAX_HALF : HalfFloats.MAX_BFLOAT;
    ByteBuffer values = tensor.bytes();
    while (values.hasRemaining()) {
      float value = values.getFloat();
      // Few values are that large, so few are rounded here.
      if (Math.abs(value) > largest && !Float.isInfinite(value) && isInfinite(value, type)) {
        throw new IllegalArgumentException(
            "tensor '%s' holds %s, beyond the range of %s (%s)"
                .formatted(name, value, type, largest));
      }
    }
  }

  private static boolean isInfinite(float value, StoredType type) {
    int bits = Float.floatToRawIntBits(value);
    return type == StoredType.F16
        ? (HalfFloats.halfOfFloatBits(bits) & 0x7fff) == 0x7c00
        : (HalfFloats.bfloatOfFloatBits(bits) & 0x7fff) == 0x7f80;
  }

  /** Writes a tensor that {@link #require} accepts. */
  static void write(FileChannel channel, Tensor tensor, StoredType type) throws IOException {
    if (type.isHostLayout()) {
      writeFully(channel, tensor.bytes());
      return;
    }
    ByteBuffer values = tensor.bytes();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      chunk.clear();
      while (chunk.hasRemaining() && values.hasRemaining()) {
        put(chunk, values.getInt(), type);
      }
      writeFully(channel, chunk.flip());
    }
  }

  /** One element of four bytes on the host. */
  private static void put(ByteBuffer chunk, int element, StoredType type) {
    switch (type) {
      case F16 -> chunk.putShort(HalfFloats.halfOfFloatBits(element));
      case BF16 -> chunk.putShort(HalfFloats.bfloatOfFloatBits(element));
      case I16 -> chunk.putShort((short) element);
      case I8, U8 -> chunk.put((byte) element);
      case F64, F32, I64, I32, BOOL -> throw new IllegalStateException("needs no conversion");
    }
  }

  static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * A floating-point tensor as F32, rounded where it is wider.
   *
   * @throws IllegalArgumentException if a finite value would become infinite
   */
  static Tensor single(String name, Tensor tensor) {
    if (tensor.type() == DType.F32) {
      return tensor;
    }
    for (double value : tensor.toDoubles()) {
      if (Float.isInfinite((float) value) && !Double.isInfinite(value)) {
        throw new IllegalArgumentException(
            "tensor '%s' holds %s, beyond the range of F32 (%s)"
                .formatted(name, value, Float.MAX_VALUE));
      }
    }
    return tensor.toFloat32();
  }
}
