package org.bertology.core.checkpoint;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.jspecify.annotations.Nullable;

/** A tensor in a mapped file, and its converted form while somebody uses that. */
public final class StoredTensor {
  private final String source;
  private final TensorEntry entry;
  private final ByteBuffer bytes;

  // Weak, not soft: conversions lie in direct memory, whose shortage clears no soft references.
  private WeakReference<@Nullable Tensor> converted = new WeakReference<>(null);

  /**
   * A tensor.
   *
   * @param source what messages call the file
   * @param bytes that are the tensor's in the file; none if there are more than a buffer holds
   */
  public StoredTensor(String source, TensorEntry entry, ByteBuffer bytes) {
    this.source = source;
    this.entry = entry;
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  TensorEntry entry() {
    return entry;
  }

  /** The tensor's bytes in the file. */
  ByteBuffer bytes() {
    return bytes.asReadOnlyBuffer();
  }

  /** The tensor: a view of the file where the layout allows it, otherwise converted once. */
  synchronized Tensor read() {
    Tensor tensor = converted.get();
    if (tensor == null) {
      checkSize();
      tensor = entry.type().isHostLayout() ? view() : convert();
      converted = new WeakReference<>(tensor);
    }
    return tensor;
  }

  private void checkSize() {
    if (entry.hostBytes() > Integer.MAX_VALUE) {
      throw new ContentException(
          "%s: tensor '%s' takes %d bytes in memory; at most %d can be read"
              .formatted(source, entry.name(), entry.hostBytes(), Integer.MAX_VALUE));
    }
  }

  private Tensor view() {
    if (entry.type() == StoredType.BOOL) {
      checkBooleans();
    }
    return Tensor.of(entry.type().host(), entry.shape(), bytes);
  }

  private void checkBooleans() {
    for (int i = 0; i < bytes.limit(); i++) {
      if (bytes.get(i) < 0 || bytes.get(i) > 1) {
        throw new ContentException(
            "%s: tensor '%s' is BOOL and holds the byte %d; expected 0 or 1"
                .formatted(source, entry.name(), bytes.get(i)));
      }
    }
  }

  private Tensor convert() {
    int width = entry.type().bytes();
    ByteBuffer host =
        ByteBuffer.allocateDirect((int) entry.hostBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < bytes.limit(); i += width) {
      host.putInt(element(i));
    }
    return Tensor.of(entry.type().host(), entry.shape(), host.flip());
  }

  /** The four host bytes of the element at a byte offset. */
  private int element(int offset) {
    return switch (entry.type()) {
      case F16 -> HalfFloats.floatBitsOfHalf(bytes.getShort(offset));
      case BF16 -> HalfFloats.floatBitsOfBfloat(bytes.getShort(offset));
      case I16 -> bytes.getShort(offset);
      case I8 -> bytes.get(offset);
      case U8 -> Byte.toUnsignedInt(bytes.get(offset));
      case F64, F32, I64, I32, BOOL -> throw new IllegalStateException("needs no conversion");
    };
  }
}
