package org.bertology.core.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.file.AtomicFiles;
import org.bertology.core.file.AtomicFiles.Existing;

/**
 * Collects named tensors and writes them as a {@code .safetensors} file.
 *
 * <p>{@link SafeTensorsLayout} says where the data lies. The metadata {@code format = pt}, without
 * which Hugging Face's loader refuses a model, is there unless it is set otherwise.
 */
public final class SafeTensorsWriter {
  private static final int CHUNK_BYTES = 1 << 16;

  private final Map<String, Item> items = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>(Map.of("format", "pt"));

  private record Item(String name, Tensor tensor, StoredType type) {
    SafeTensorsLayout.Entry entry() {
      return new SafeTensorsLayout.Entry(name, type, tensor.shape());
    }
  }

  /** Adds a tensor in its own element type. */
  public SafeTensorsWriter add(String name, Tensor tensor) {
    return add(name, tensor, StoredType.of(tensor.type()));
  }

  /**
   * Adds a tensor that is stored as {@code type}: its own element type, or F16 for an F32 tensor,
   * whose values are then rounded to the nearest, ties to even.
   *
   * @throws IllegalArgumentException if the name is taken or reserved, the type is another one, or
   *     a finite value is beyond the range of F16
   */
  public SafeTensorsWriter add(String name, Tensor tensor, StoredType type) {
    if (name.equals(SafeTensorsHeader.METADATA)) {
      throw new IllegalArgumentException("the name '%s' is reserved".formatted(name));
    }
    if (type == StoredType.F16 && tensor.type() == DType.F32) {
      checkHalfRange(name, tensor);
    } else if (type != StoredType.of(tensor.type())) {
      throw new IllegalArgumentException(
          "tensor '%s' is %s and cannot be stored as %s".formatted(name, tensor.type(), type));
    }
    if (items.putIfAbsent(name, new Item(name, tensor, type)) != null) {
      throw new IllegalArgumentException("a tensor is named '%s' already".formatted(name));
    }
    return this;
  }

  private static void checkHalfRange(String name, Tensor tensor) {
    for (float value : tensor.toFloats()) {
      boolean overflows =
          (HalfFloats.halfOfFloatBits(Float.floatToRawIntBits(value)) & 0x7fff) == 0x7c00;
      if (overflows && !Float.isInfinite(value)) {
        throw new IllegalArgumentException(
            "tensor '%s' holds %s, beyond the range of F16 (%s)"
                .formatted(name, value, HalfFloats.MAX_HALF));
      }
    }
  }

  /** Adds free text, or replaces the text under the same key. */
  public SafeTensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /**
   * Writes the file, completely or not at all.
   *
   * @see AtomicFiles#writeChannel
   */
  public void write(Path file, Existing existing) {
    SafeTensorsLayout layout =
        new SafeTensorsLayout(items.values().stream().map(Item::entry).toList(), metadata);
    AtomicFiles.writeChannel(
        file,
        existing,
        channel -> {
          writeFully(channel, layout.header());
          for (SafeTensorsLayout.Entry entry : layout.entries()) {
            writeData(channel, entry.type(), tensor(entry));
          }
        });
  }

  @SuppressWarnings("NullAway") // the layout was made of these items
  private Tensor tensor(SafeTensorsLayout.Entry entry) {
    return items.get(entry.name()).tensor();
  }

  private static void writeData(FileChannel channel, StoredType type, Tensor tensor)
      throws IOException {
    if (type == StoredType.F16) {
      writeHalves(channel, tensor.bytes());
    } else {
      writeFully(channel, tensor.bytes());
    }
  }

  private static void writeHalves(FileChannel channel, ByteBuffer floats) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (floats.hasRemaining()) {
      chunk.clear();
      while (chunk.hasRemaining() && floats.hasRemaining()) {
        chunk.putShort(HalfFloats.halfOfFloatBits(floats.getInt()));
      }
      writeFully(channel, chunk.flip());
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
