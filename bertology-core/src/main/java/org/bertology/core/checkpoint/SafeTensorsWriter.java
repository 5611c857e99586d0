package org.bertology.core.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.tensor.DType;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.file.AtomicFiles;
import org.bertology.core.file.AtomicFiles.Existing;

/**
 * Collects named tensors and writes them as a {@code .safetensors} file.
 *
 * <p>The data begins at a multiple of eight bytes, and tensors with wider elements come first (in
 * order of insertion among themselves), so that every tensor is aligned to its elements. The
 * metadata {@code format = pt}, without which Hugging Face's loader refuses a model, is there
 * unless it is set otherwise.
 */
public final class SafeTensorsWriter {
  private static final int CHUNK_BYTES = 1 << 16;

  private final Map<String, Item> items = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>(Map.of("format", "pt"));

  private record Item(String name, Tensor tensor, StoredType type) {
    long bytes() {
      return (long) tensor.size() * type.bytes();
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
    List<Item> sorted = new ArrayList<>(items.values());
    sorted.sort(Comparator.comparingInt((Item item) -> item.type().bytes()).reversed());
    ByteBuffer header = header(sorted);
    AtomicFiles.writeChannel(
        file,
        existing,
        channel -> {
          writeFully(channel, header);
          for (Item item : sorted) {
            writeData(channel, item);
          }
        });
  }

  private ByteBuffer header(List<Item> sorted) {
    JsonObject json = new JsonObject();
    JsonObject texts = new JsonObject();
    metadata.forEach(texts::addProperty);
    json.add(SafeTensorsHeader.METADATA, texts);
    long begin = 0;
    for (Item item : sorted) {
      json.add(item.name(), entry(item, begin));
      begin += item.bytes();
    }
    byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
    int padded = (text.length + 7) / 8 * 8;
    ByteBuffer header = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(padded).put(text);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.flip();
  }

  private static JsonObject entry(Item item, long begin) {
    JsonObject entry = new JsonObject();
    entry.addProperty("dtype", item.type().name());
    entry.add("shape", array(item.tensor().shape()));
    entry.add("data_offsets", array(begin, begin + item.bytes()));
    return entry;
  }

  private static JsonArray array(long... values) {
    JsonArray array = new JsonArray();
    for (long value : values) {
      array.add(value);
    }
    return array;
  }

  private static void writeData(FileChannel channel, Item item) throws IOException {
    if (item.type() == StoredType.F16) {
      writeHalves(channel, item.tensor().bytes());
    } else {
      writeFully(channel, item.tensor().bytes());
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
