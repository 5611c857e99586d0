package org.bertology.core.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.torch.TorchFile;
import org.bertology.core.checkpoint.torch.TorchTensor;
import org.bertology.core.checkpoint.torch.TorchType;

/**
 * The tensors of a file that {@code torch.save} has written, such as {@code pytorch_model.bin}; see
 * {@link TorchFile} for what is read. They are {@link MappedTensors}, and copied where their
 * elements lie apart.
 */
public final class TorchCheckpoint {
  private TorchCheckpoint() {}

  /**
   * Opens a file; tensors are in the order in which they were saved.
   *
   * @throws IllegalArgumentException if there is no such file
   * @throws ContentException if it is broken, or asks for more than a checkpoint may construct
   */
  public static StoredWeights open(Path file) {
    String source = "'%s'".formatted(file);
    List<StoredTensor> tensors = new ArrayList<>();
    TorchFile.read(file)
        .forEach(
            (name, tensor) ->
                tensors.add(new StoredTensor(source, entry(name, tensor), tensor::data)));
    return MappedTensors.of(source, tensors);
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
}
