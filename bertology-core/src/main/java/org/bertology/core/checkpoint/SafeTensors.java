package org.bertology.core.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
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
  private final Path file;
  private final MappedTensors tensors;
  private final Map<String, String> metadata;

  private SafeTensors(Path file, MappedTensors tensors, Map<String, String> metadata) {
    this.file = file;
    this.tensors = tensors;
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
      MappedTensors tensors =
          MappedTensors.of(
              "'%s'".formatted(file), channel, header.dataStart(), header.entries().values());
      return new SafeTensors(file, tensors, header.metadata());
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' could not be read: %s".formatted(file, e), e);
    }
  }

  /** All names, in the order of the file's header. */
  @Override
  public Set<String> names() {
    return tensors.names();
  }

  @Override
  public long[] shape(String name) {
    return tensors.shape(name);
  }

  @Override
  public StoredType storedType(String name) {
    return tensors.storedType(name);
  }

  /**
   * A floating-point tensor.
   *
   * @throws ContentException if the tensor holds integers or truth values
   */
  @Override
  public Tensor get(String name) {
    return tensors.get(name);
  }

  @Override
  public Tensor tensor(String name) {
    return tensors.tensor(name);
  }

  /** The free text that the file carries, such as {@code format = pt}. */
  public Map<String, String> metadata() {
    return metadata;
  }

  public Path file() {
    return file;
  }
}
