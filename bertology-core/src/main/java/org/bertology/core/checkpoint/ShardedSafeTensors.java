package org.bertology.core.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.bertology.core.file.FileName;
import org.bertology.core.json.JsonFields;
import org.bertology.core.json.StrictJson;

/**
 * The tensors of several safetensors files under a {@code model.safetensors.index.json}, whose
 * {@code weight_map} says which file holds which tensor. Tensors that it does not name are left
 * out. As with {@link SafeTensors}, there is nothing to close.
 */
public final class ShardedSafeTensors implements StoredWeights {
  private final Path index;
  private final Map<String, SafeTensors> tensors;
  private final List<Path> shards;

  private ShardedSafeTensors(Path index, Map<String, SafeTensors> tensors, List<Path> shards) {
    this.index = index;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.shards = List.copyOf(shards);
  }

  /**
   * Opens an index and every shard that it names.
   *
   * @throws IllegalArgumentException if there is no such file
   * @throws ContentException if the index or a shard is broken, a shard is missing, or a tensor is
   *     not in its shard
   */
  public static ShardedSafeTensors open(Path index) {
    if (!Files.isRegularFile(index)) {
      throw new IllegalArgumentException("file '%s' does not exist".formatted(index));
    }
    JsonFields weightMap = StrictJson.read(index).fields("weight_map");
    Map<String, SafeTensors> shards = new TreeMap<>();
    Map<String, SafeTensors> tensors = new LinkedHashMap<>();
    for (String name : weightMap.keys()) {
      String file = weightMap.text(name);
      SafeTensors shard = shards.computeIfAbsent(file, f -> shard(index, name, f));
      if (!shard.names().contains(name)) {
        throw new ContentException(
            "'%s' says that tensor '%s' is in '%s', which lacks it".formatted(index, name, file));
      }
      tensors.put(name, shard);
    }
    return new ShardedSafeTensors(
        index, tensors, shards.values().stream().map(SafeTensors::file).toList());
  }

  private static SafeTensors shard(Path index, String name, String file) {
    if (!FileName.isPlain(file)) {
      throw new ContentException(
          "'%s' names the shard '%s' for tensor '%s'; expected a file name without directories"
              .formatted(index, file, name));
    }
    Path path = index.resolveSibling(file);
    if (!Files.isRegularFile(path)) {
      throw new ContentException(
          "'%s' names the shard '%s' for tensor '%s', but the file is missing"
              .formatted(index, file, name));
    }
    return SafeTensors.open(path);
  }

  /** All names, in the order of the index. */
  @Override
  public Set<String> names() {
    return tensors.keySet();
  }

  @Override
  public long[] shape(String name) {
    return shard(name).shape(name);
  }

  @Override
  public Tensor get(String name) {
    return shard(name).get(name);
  }

  @Override
  public StoredType storedType(String name) {
    return shard(name).storedType(name);
  }

  @Override
  public Tensor tensor(String name) {
    return shard(name).tensor(name);
  }

  /** The shards, sorted by name. */
  public List<Path> shards() {
    return shards;
  }

  private SafeTensors shard(String name) {
    SafeTensors shard = tensors.get(name);
    if (shard == null) {
      throw new IllegalArgumentException("'%s' has no tensor '%s'".formatted(index, name));
    }
    return shard;
  }
}
