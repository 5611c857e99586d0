package org.bertology.core.checkpoint.tensorflow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.bertology.core.protobuf.MessageBytes;

/** The files of a TensorFlow checkpoint, written as TensorFlow does or wrongly. */
final class BundleFiles {
  static final int FLOAT = 1;

  private final Map<String, byte[]> table = new TreeMap<>();
  private final MessageBytes[] shards;

  BundleFiles(int shards) {
    this.shards = new MessageBytes[shards];
    for (int shard = 0; shard < shards; shard++) {
      this.shards[shard] = new MessageBytes();
    }
    entry("", new MessageBytes().number(1, shards).message(3, new MessageBytes().number(1, 1)));
  }

  /** One float variable per shape, counting from 1 in eighths. */
  BundleFiles floats(String name, long... shape) {
    int size = 1;
    for (long extent : shape) {
      size *= (int) extent;
    }
    ByteBuffer data = ByteBuffer.allocate(4 * size).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < size; i++) {
      data.putFloat((i + 1) / 8f);
    }
    return add(0, name, FLOAT, data.array(), shape);
  }

  /** A variable at the end of a data file. */
  BundleFiles add(int shard, String name, int type, byte[] data, long... shape) {
    int offset = shards[shard].toArray().length;
    shards[shard].raw(data);
    return entry(
        name,
        variable(type, shape)
            .number(3, shard)
            .number(4, offset)
            .number(5, data.length)
            .fixed32(6, MaskedChecksum.of(ByteBuffer.wrap(data))));
  }

  /** The beginning of what the index says of a variable. */
  static MessageBytes variable(int type, long... shape) {
    MessageBytes extents = new MessageBytes();
    for (long extent : shape) {
      extents.message(2, new MessageBytes().number(1, extent));
    }
    return new MessageBytes().number(1, type).message(2, extents);
  }

  /** What the index says under a key. */
  BundleFiles entry(String key, MessageBytes value) {
    table.put(key, value.toArray());
    return this;
  }

  /** Writes all files; their index is the result. */
  Path write(Path prefix) throws IOException {
    for (int shard = 0; shard < shards.length; shard++) {
      Path file = Path.of("%s.data-%05d-of-%05d".formatted(prefix, shard, shards.length));
      Files.write(file, shards[shard].toArray());
    }
    return Files.write(Path.of(prefix + ".index"), TableBytes.of(table));
  }
}
