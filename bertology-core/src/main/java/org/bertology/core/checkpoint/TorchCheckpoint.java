package org.bertology.core.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.torch.TorchFile;
import org.bertology.core.checkpoint.torch.TorchTensor;
import org.bertology.core.checkpoint.torch.TorchType;

/**
 * The tensors of a file that {@code torch.save} has written, such as {@code pytorch_model.bin}; see
 * {@link TorchFile} for what is read. As with {@link SafeTensors}, F64 and F32 are views of the
 * file, unless their elements lie apart, and there is nothing to close. Thread-safe.
 */
public final class TorchCheckpoint implements StoredWeights {
  private final Path file;
  private final Map<String, StoredTensor> tensors;

  private TorchCheckpoint(Path file, Map<String, StoredTensor> tensors) {
    this.file = file;
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /**
   * Opens a file.
   *
   * @throws IllegalArgumentException if there is no such file
   * @throws ContentException if it is broken, or asks for more than a checkpoint may construct
   */
  public static TorchCheckpoint open(Path file) {
    String source = "'%s'".formatted(file);
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    TorchFile.read(file)
        .forEach(
            (name, tensor) ->
                tensors.put(name, new StoredTensor(source, entry(name, tensor), tensor::data)));
    return new TorchCheckpoint(file, tensors);
  }

  private static TensorEntry entry(String name, TorchTensor tensor) {
    return new TensorEntry(name, type(tensor.type()), tensor.shape(), 0, tensor.bytes());
  }

  private static StoredType type(TorchType type) {
    return switch (type) {
      case DOUBLE -> StoredType.F64;
      case FLOAT -> StoredType.F32;
      case HALF -> StoredType.F16;
      case BFLOAT16 -> StoredType.BF16;
      case LONG -> StoredType.I64;
      case INT -> StoredType.I32;
      case SHORT -> StoredType.I16;
      case CHAR -> StoredType.I8;
      case BYTE -> StoredType.U8;
      case BOOL -> StoredType.BOOL;
    };
  }

  /** All names, in the order in which the tensors were saved. */
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

  private StoredTensor stored(String name) {
    StoredTensor stored = tensors.get(name);
    if (stored == null) {
      throw new IllegalArgumentException("'%s' has no tensor '%s'".formatted(file, name));
    }
    return stored;
  }
}
