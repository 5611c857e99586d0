package org.bertology.core.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;

/**
 * The tensors of a {@code .safetensors} file.
 *
 * <p>The file is mapped into memory: opening reads the header only, F64 and F32 are views of the
 * file, F16 and BF16 become F32 when asked for (exactly; the conversion is shared as long as
 * somebody holds it). There is nothing to close: the mapping ends when the garbage collector finds
 * neither this object nor one of its tensors in use. The file must not be changed or shortened
 * while it is mapped; replacing it by a move is safe.
 *
 * <p>The format's own rule that data has no holes is enforced, as its reference implementation
 * does, so that a file which is read here can be read everywhere. Thread-safe.
 */
public final class SafeTensors implements StoredWeights {
  private static final int SEGMENT_BYTES = 1 << 30;

  private final Path file;
  private final Map<String, StoredTensor> tensors;
  private final Map<String, String> metadata;

  private SafeTensors(Path file, Map<String, StoredTensor> tensors, Map<String, String> metadata) {
    this.file = file;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.metadata = metadata;
  }

  /**
   * Opens a file.
   *
   * @throws IllegalArgumentException if there is no such file
   * @throws ContentException if it is not a sound safetensors file
   */
  public static SafeTensors open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("file '%s' does not exist".formatted(file));
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      SafeTensorsHeader header = SafeTensorsHeader.read(file, channel);
      return new SafeTensors(file, tensors(file, header, map(channel, header)), header.metadata());
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' could not be read: %s".formatted(file, e), e);
    }
  }

  private static Map<String, StoredTensor> tensors(
      Path file, SafeTensorsHeader header, Map<String, ByteBuffer> data) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    String source = "'%s'".formatted(file);
    header
        .entries()
        .forEach(
            (name, entry) -> {
              ByteBuffer bytes = Objects.requireNonNull(data.get(name), name);
              tensors.put(name, new StoredTensor(source, entry, bytes));
            });
    return tensors;
  }

  /** The bytes of every tensor; none for one that is too large for a mapping. */
  private static Map<String, ByteBuffer> map(FileChannel channel, SafeTensorsHeader header)
      throws IOException {
    Map<String, ByteBuffer> data = new HashMap<>();
    long dataLength = channel.size() - header.dataStart();
    ByteBuffer segment = ByteBuffer.allocate(0);
    long start = 0;
    for (TensorEntry entry : header.byOffset()) {
      if (entry.bytes() > Integer.MAX_VALUE) {
        data.put(entry.name(), ByteBuffer.allocate(0));
        continue;
      }
      // A mapping holds less than 2 GiB: the next one begins with the tensor that no longer fits.
      if (entry.end() > start + segment.capacity()) {
        start = entry.begin();
        long length = Math.max(entry.bytes(), Math.min(SEGMENT_BYTES, dataLength - start));
        segment = channel.map(MapMode.READ_ONLY, header.dataStart() + start, length);
      }
      data.put(entry.name(), segment.slice((int) (entry.begin() - start), (int) entry.bytes()));
    }
    return data;
  }

  /** All names, in the order of the file's header. */
  @Override
  public Set<String> names() {
    return tensors.keySet();
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

  /** The free text that the file carries, such as {@code format = pt}. */
  public Map<String, String> metadata() {
    return metadata;
  }

  public Path file() {
    return file;
  }

  private StoredTensor stored(String name) {
    StoredTensor stored = tensors.get(name);
    if (stored == null) {
      throw new IllegalArgumentException("'%s' has no tensor '%s'".formatted(file, name));
    }
    return stored;
  }
}
