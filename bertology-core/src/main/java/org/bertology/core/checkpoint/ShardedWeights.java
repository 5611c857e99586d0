package org.bertology.core.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.bertology.core.file.FileName;
import org.bertology.core.json.JsonFields;
import org.bertology.core.json.StrictJson;

/**
 * The tensors of several files of one format under an index, such as {@code
 * model.safetensors.index.json}, whose {@code weight_map} says which file holds which tensor.
 * Tensors that it does not name are left out. There is nothing to close.
 */
public final class ShardedWeights implements StoredWeights {
  private final Path index;
  private final Map<String, StoredWeights> tensors;
  private final List<Path> shards;

  private ShardedWeights(Path index, Map<String, StoredWeights> tensors, List<Path> shards) {
    this.index = index;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.shards = List.copyOf(shards);
  }

  /**
   * Opens an index and every shard that it names.
   *
   * @param opener opens a shard
   * @throws IllegalArgumentException if there is no such file
   * @throws ContentException if the index or a shard is broken, a shard is missing, or a tensor is
   *     not in its shard
   */
  public static ShardedWeights open(Path index, Function<Path, StoredWeights> opener) {
    if (!Files.isRegularFile(index)) {
      throw new IllegalArgumentException("file '%s' does not exist".formatted(index));
    }
    JsonFields weightMap = StrictJson.read(index).fields("weight_map");
    Map<Path, StoredWeights> shards = new TreeMap<>();
    Map<String, StoredWeights> tensors = new LinkedHashMap<>();
    for (String name : weightMap.keys()) {
      String file = weightMap.text(name);
      StoredWeights shard = shards.computeIfAbsent(shard(index, name, file), opener);
      if (!shard.names().contains(name)) {
        throw new ContentException(
            "'%s' says that tensor '%s' is in '%s', which lacks it".formatted(index, name, file));
      }
      tensors.put(name, shard);
    }
    return new ShardedWeights(index, tensors, List.copyOf(shards.keySet()));
  }

  private static Path shard(Path index, String name, String file) {
    // A downloaded index must not reach outside its own directory.
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
    return path;
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

  private StoredWeights shard(String name) {
    StoredWeights shard = tensors.get(name);
    if (shard == null) {
      throw new IllegalArgumentException("'%s' has no tensor '%s'".formatted(index, name));
    }
    return shard;
  }
}
