package org.bertology.core.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where everything lies in a {@code .safetensors} file that is yet to be written, known from names,
 * types and shapes alone: whoever computes tensors piece by piece writes each piece to its place.
 *
 * <p>The data begins at a multiple of eight bytes, and tensors with wider elements come first (in
 * the given order among themselves), so that every tensor is aligned to its elements.
 */
public final class SafeTensorsLayout {
  /** A tensor to come. */
  @SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, never compared
  public record Entry(String name, StoredType type, long[] shape) {
    public Entry {
      if (name.equals(SafeTensorsHeader.METADATA)) {
        throw new IllegalArgumentException("the name '%s' is reserved".formatted(name));
      }
      shape = shape.clone();
    }

    @Override
    public long[] shape() {
      return shape.clone();
    }

    /** The tensor's size in the file. */
    public long bytes() {
      long bytes = type.bytes();
      for (long extent : shape) {
        bytes = Math.multiplyExact(bytes, extent);
      }
      return bytes;
    }
  }

  private final List<Entry> entries;
  private final Map<String, Long> offsets = new LinkedHashMap<>();
  private final byte[] text;
  private final long dataBytes;

  /**
   * A layout.
   *
   * @param metadata free text by key
   * @throws IllegalArgumentException if two tensors have the same name
   */
  public SafeTensorsLayout(List<Entry> tensors, Map<String, String> metadata) {
    entries = new ArrayList<>(tensors);
    entries.sort(Comparator.comparingInt((Entry entry) -> entry.type().bytes()).reversed());
    JsonObject json = new JsonObject();
    JsonObject texts = new JsonObject();
    metadata.forEach(texts::addProperty);
    json.add(SafeTensorsHeader.METADATA, texts);
    long begin = 0;
    for (Entry entry : entries) {
      if (offsets.putIfAbsent(entry.name(), begin) != null) {
        throw new IllegalArgumentException(
            "a tensor is named '%s' already".formatted(entry.name()));
      }
      json.add(entry.name(), json(entry, begin));
      begin = Math.addExact(begin, entry.bytes());
    }
    dataBytes = begin;
    text = json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static JsonObject json(Entry entry, long begin) {
    JsonObject json = new JsonObject();
    json.addProperty("dtype", entry.type().name());
    json.add("shape", array(entry.shape()));
    json.add("data_offsets", array(begin, begin + entry.bytes()));
    return json;
  }

  private static JsonArray array(long... values) {
    JsonArray array = new JsonArray();
    for (long value : values) {
      array.add(value);
    }
    return array;
  }

  /** The tensors in the order of their data. */
  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** The bytes in front of the data. */
  public ByteBuffer header() {
    ByteBuffer header = ByteBuffer.allocate(headerBytes()).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(headerBytes() - 8L).put(text);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.flip();
  }

  private int headerBytes() {
    return 8 + (text.length + 7) / 8 * 8;
  }

  /**
   * The position of a tensor's first byte in the file.
   *
   * @throws IllegalArgumentException if there is no such tensor
   */
  public long position(String name) {
    Long offset = offsets.get(name);
    if (offset == null) {
      throw new IllegalArgumentException("this layout has no tensor '%s'".formatted(name));
    }
    return headerBytes() + offset;
  }

  /** The size of the whole file. */
  public long bytes() {
    return headerBytes() + dataBytes;
  }
}
