package org.bertology.core.checkpoint.torch;

import java.io.IOException;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.torch.Python.PyList;

/**
 * The format of PyTorch before 1.6: five pickles, namely a magic number, a version, facts about the
 * system, the saved object, and the keys of its storages; then these in that order, each with the
 * number of its elements in front. All numbers are little-endian.
 */
final class LegacyFormat {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long VERSION = 1001;

  private final String source;
  private final FileMap file;
  private long position;

  private LegacyFormat(String source, FileMap file) {
    this.source = source;
    this.file = file;
  }

  static SavedObject read(String source, FileMap file) throws IOException {
    return new LegacyFormat(source, file).read();
  }

  private SavedObject read() throws IOException {
    if (!MAGIC.equals(pickle(new Storages()))) {
      throw new ContentException(
          "%s is a pickle, but not of torch.save: its magic number is missing".formatted(source));
    }
    Object version = pickle(new Storages());
    if (!version.equals(VERSION)) {
      throw new ContentException(
          "%s is not of version %d of its format".formatted(source, VERSION));
    }
    pickle(new Storages());
    Storages storages = new Storages();
    Object object = pickle(storages);
    return new SavedObject(object, data(keys(), storages.declared()));
  }

  private Object pickle(Storages storages) throws IOException {
    long length = Math.min(file.size() - position, PickleInput.MAXIMUM_BYTES);
    PickleInput input = new PickleInput(source, file.slice(position, length), position);
    Object object = Pickle.read(input, storages);
    position = input.position();
    return object;
  }

  private List<Object> keys() throws IOException {
    if (!(pickle(new Storages()) instanceof PyList keys)) {
      throw new ContentException("%s: the keys of its storages are no list".formatted(source));
    }
    return keys.items();
  }

  private Map<String, Long> data(List<Object> keys, Map<String, Storage> declared)
      throws IOException {
    Map<String, Long> data = new HashMap<>();
    for (Object key : keys) {
      Storage storage = key instanceof String name ? declared.get(name) : null;
      if (storage == null || data.containsKey(storage.key())) {
        throw new ContentException(
            "%s: the keys of its storages are not those that its tensors have".formatted(source));
      }
      data.put(storage.key(), skip(storage));
    }
    for (String key : declared.keySet()) {
      if (!data.containsKey(key)) {
        throw new ContentException(
            "%s lacks the storage '%s'".formatted(source, Quoted.shortened(key)));
      }
    }
    return data;
  }

  /** The position of a storage's data; afterwards the file's position is behind it. */
  private long skip(Storage storage) throws IOException {
    long begin = position + Long.BYTES;
    if (begin > file.size() || storage.bytes() > file.size() - begin) {
      throw new ContentException(
          "%s is truncated: storage '%s' of %d bytes begins at byte %d of %d"
              .formatted(
                  source, Quoted.shortened(storage.key()), storage.bytes(), begin, file.size()));
    }
    long elements = file.slice(position, Long.BYTES).getLong();
    if (elements != storage.elements()) {
      throw new ContentException(
          "%s: storage '%s' has %d elements, and the pickle says %d"
              .formatted(source, Quoted.shortened(storage.key()), elements, storage.elements()));
    }
    position = begin + storage.bytes();
    return begin;
  }
}
