package org.bertology.core.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;

/**
 * Tensors of a file that is mapped into memory: F64 and F32 are views of it, other types are
 * converted when asked for, and the conversion is shared as long as somebody holds it. There is
 * nothing to close. Thread-safe.
 */
public final class MappedTensors implements StoredWeights {
  private static final int SEGMENT_BYTES = 1 << 30;

  private final String source;
  private final Map<String, StoredTensor> tensors;

  private MappedTensors(String source, Map<String, StoredTensor> tensors) {
    this.source = source;
    this.tensors = tensors;
  }

  /**
   * Maps the tensors of a file.
   *
   * @param source what messages call the file
   * @param start the position in the file from which the entries count
   * @param entries in the order of the names
   * @throws ContentException if one does not end within the file, or overlaps another
   */
  public static MappedTensors of(
      String source, FileChannel channel, long start, Collection<TensorEntry> entries)
      throws IOException {
    List<TensorEntry> sorted = byOffset(entries);
    checkPlaces(source, sorted, channel.size() - start);
    Map<String, ByteBuffer> data = map(channel, start, sorted);
    return of(
        source,
        entries.stream()
            .map(
                entry -> {
                  ByteBuffer bytes = Objects.requireNonNull(data.get(entry.name()), entry.name());
                  return new StoredTensor(source, entry, bytes);
                })
            .toList());
  }

  /** Tensors that are mapped already, each with a name of its own. */
  public static MappedTensors of(String source, List<StoredTensor> tensors) {
    Map<String, StoredTensor> byName = new LinkedHashMap<>();
    tensors.forEach(tensor -> byName.put(tensor.entry().name(), tensor));
    return new MappedTensors(source, byName);
  }

  /** These tensors and those of another file, whose names are other ones. */
  public MappedTensors and(MappedTensors others) {
    Map<String, StoredTensor> all = new LinkedHashMap<>(tensors);
    all.putAll(others.tensors);
    return new MappedTensors(source, all);
  }

  private static void checkPlaces(String source, List<TensorEntry> sorted, long size) {
    long end = 0;
    for (TensorEntry tensor : sorted) {
      if (tensor.end() > size) {
        throw new ContentException(
            "%s is truncated: tensor '%s' ends at byte %d, but it has %d"
                .formatted(source, tensor.name(), tensor.end(), size));
      }
      if (tensor.begin() < end) {
        throw new ContentException(
            "%s is broken: tensor '%s' overlaps another".formatted(source, tensor.name()));
      }
      end = tensor.end();
    }
  }

  /** The bytes of every tensor; none for one that is too large for a mapping. */
  private static Map<String, ByteBuffer> map(
      FileChannel channel, long dataStart, List<TensorEntry> sorted) throws IOException {
    Map<String, ByteBuffer> data = new HashMap<>();
    long dataLength = channel.size() - dataStart;
    ByteBuffer segment = ByteBuffer.allocate(0);
    long start = 0;
    for (TensorEntry entry : sorted) {
      if (entry.bytes() > Integer.MAX_VALUE) {
        data.put(entry.name(), ByteBuffer.allocate(0));
        continue;
      }
      // A mapping holds less than 2 GiB: the next one begins with the tensor that no longer fits.
      if (entry.end() > start + segment.capacity()) {
        start = entry.begin();
        long length = Math.max(entry.bytes(), Math.min(SEGMENT_BYTES, dataLength - start));
        segment = channel.map(MapMode.READ_ONLY, dataStart + start, length);
      }
      data.put(entry.name(), segment.slice((int) (entry.begin() - start), (int) entry.bytes()));
    }
    return data;
  }

  private static List<TensorEntry> byOffset(Collection<TensorEntry> entries) {
    return entries.stream()
        .sorted(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end))
        .toList();
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  @Override
  public long[] shape(String name) {
    return stored(name).entry().shape().clone();
  }

  @Override
  public StoredType storedType(String name) {
    return stored(name).entry().type();
  }

  /**
   * A floating-point tensor.
   *
   * @throws ContentException if the tensor holds integers or truth values
   */
  @Override
  public Tensor get(String name) {
    return stored(name).readFloating();
  }

  @Override
  public Tensor tensor(String name) {
    return stored(name).read();
  }

  /** A tensor's bytes as they are in the file; none if it is too large to be read. */
  public ByteBuffer bytes(String name) {
    return stored(name).bytes();
  }

  private StoredTensor stored(String name) {
    StoredTensor stored = tensors.get(name);
    if (stored == null) {
      throw new IllegalArgumentException("%s has no tensor '%s'".formatted(source, name));
    }
    return stored;
  }
}
