package org.bertology.core.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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
   * Adds a tensor that is stored as {@code type}: its own element type, or F16 or BF16 for an F32
   * tensor, whose values are then rounded to the nearest, ties to even.
   *
   * @throws IllegalArgumentException if the name is taken or reserved, the type is another one, or
   *     a finite value is beyond the type's range
   */
  public SafeTensorsWriter add(String name, Tensor tensor, StoredType type) {
    if (name.equals(SafeTensorsHeader.METADATA)) {
      throw new IllegalArgumentException("the name '%s' is reserved".formatted(name));
    }
    StoredData.require(name, tensor, type);
    if (items.putIfAbsent(name, new Item(name, tensor, type)) != null) {
      throw new IllegalArgumentException("a tensor is named '%s' already".formatted(name));
    }
    return this;
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
          StoredData.writeFully(channel, layout.header());
          for (SafeTensorsLayout.Entry entry : layout.entries()) {
            StoredData.write(channel, tensor(entry), entry.type());
          }
        });
  }

  @SuppressWarnings("NullAway") // the layout was made of these items
  private Tensor tensor(SafeTensorsLayout.Entry entry) {
    return items.get(entry.name()).tensor();
  }
}
