package org.bertology.core.checkpoint;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.jspecify.annotations.Nullable;

/** A tensor in a mapped file, and its converted form while somebody uses that. */
public final class StoredTensor {
  private final String source;
  private final TensorEntry entry;
  private final Supplier<ByteBuffer> bytes;

  // Weak, not soft: conversions lie in direct memory, whose shortage clears no soft references.
  private WeakReference<@Nullable Tensor> converted = new WeakReference<>(null);

  /**
   * A tensor.
   *
   * @param source what messages call the file
   * @param bytes that are the tensor's in the file; none if there are more than a buffer holds
   */
  public StoredTensor(String source, TensorEntry entry, ByteBuffer bytes) {
    this(source, entry, () -> bytes);
  }

  /**
   * A tensor.
   *
   * @param bytes gives its elements in row-major order each time that it is asked
   */
  StoredTensor(String source, TensorEntry entry, Supplier<ByteBuffer> bytes) {
    this.source = source;
    this.entry = entry;
    this.bytes = bytes;
  }

  TensorEntry entry() {
    return entry;
  }

  /** The tensor's bytes in the file. */
  ByteBuffer bytes() {
    return bytes.get().asReadOnlyBuffer();
  }

  /** The tensor: a view of the file where the layout allows it, otherwise converted once. */
  synchronized Tensor read() {
    Tensor tensor = converted.get();
    if (tensor == null) {
      checkSize();
      ByteBuffer data = bytes.get().duplicate().order(ByteOrder.LITTLE_ENDIAN);
      tensor = entry.type().isHostLayout() ? view(data) : convert(data);
      converted = new WeakReference<>(tensor);
    }
    return tensor;
  }

  /**
   * The tensor, see {@link #read}.
   *
   * @throws ContentException if it holds integers or truth values
   */
  Tensor readFloating() {
    if (!entry.type().host().isFloating()) {
      throw new ContentException(
          "%s: tensor '%s' is %s, expected a floating-point type"
              .formatted(source, entry.name(), entry.type()));
    }
    return read();
  }

  private void checkSize() {
    if (entry.hostBytes() > Integer.MAX_VALUE) {
      throw new ContentException(
          "%s: tensor '%s' takes %d bytes in memory; at most %d can be read"
              .formatted(source, entry.name(), entry.hostBytes(), Integer.MAX_VALUE));
    }
  }

  private Tensor view(ByteBuffer data) {
    if (entry.type() == StoredType.BOOL) {
      checkBooleans(data);
    }
    return Tensor.of(entry.type().host(), entry.shape(), data);
  }

  private void checkBooleans(ByteBuffer data) {
    for (int i = 0; i < data.limit(); i++) {
      if (data.get(i) < 0 || data.get(i) > 1) {
        throw new ContentException(
            "%s: tensor '%s' is BOOL and holds the byte %d; expected 0 or 1"
                .formatted(source, entry.name(), data.get(i)));
      }
    }
  }

  private Tensor convert(ByteBuffer data) {
    int width = entry.type().bytes();
    ByteBuffer host =
        ByteBuffer.allocateDirect((int) entry.hostBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < data.limit(); i += width) {
      host.putInt(element(data, i));
    }
    return Tensor.of(entry.type().host(), entry.shape(), host.flip());
  }

  /** The four host bytes of the element at a byte offset. */
  private int element(ByteBuffer data, int offset) {
    return switch (entry.type()) {
      case F16 -> HalfFloats.floatBitsOfHalf(data.getShort(offset));
      case BF16 -> HalfFloats.floatBitsOfBfloat(data.getShort(offset));
      case I16 -> data.getShort(offset);
      case I8 -> data.get(offset);
      case U8 -> Byte.toUnsignedInt(data.get(offset));
      case F64, F32, I64, I32, BOOL -> throw new IllegalStateException("needs no conversion");
    };
  }
}
