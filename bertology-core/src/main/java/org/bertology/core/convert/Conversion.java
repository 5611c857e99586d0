package org.bertology.core.convert;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bertology.api.tensor.Tensor;
import org.bertology.api.tensor.Weights;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.StagedModel;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.file.AtomicFiles.Existing;

/**
 * A checkpoint written as a Hugging Face directory.
 *
 * @param checkpoint that was read
 * @param tensors how many there are
 * @param files that were written; none if a tensor was read back otherwise
 * @param wrong the first tensor that was not read back as it should be
 */
public record Conversion(
    Checkpoint checkpoint, int tensors, List<Path> files, Optional<String> wrong) {

  public Conversion {
    files = List.copyOf(files);
  }

  /**
   * Writes a checkpoint under a hidden name, reads it back, and gives it its own name if all
   * tensors are the same, bit for bit.
   *
   * @param type F32, F16 or BF16 for all floating-point tensors, rounded to the nearest; otherwise
   *     each keeps its own
   * @throws IllegalArgumentException as {@link StagedModel#write}
   */
  public static Conversion save(
      Checkpoint checkpoint, Optional<StoredType> type, Path target, Existing existing) {
    try (StagedModel staged = StagedModel.write(checkpoint, type, target, existing)) {
      Weights saved = Checkpoint.open(staged.directory()).weights();
      // A narrower type rounds, which is what was asked for.
      Optional<String> wrong =
          checkpoint.weights().names().stream()
              .filter(name -> !isSame(checkpoint, saved, name, type.isPresent()))
              .findFirst();
      List<Path> files = wrong.isPresent() ? List.of() : staged.publish();
      return new Conversion(checkpoint, checkpoint.weights().names().size(), files, wrong);
    }
  }

  private static boolean isSame(
      Checkpoint checkpoint, Weights saved, String name, boolean isRounded) {
    long[] shape = checkpoint.weights().shape(name);
    if (!saved.names().contains(name) || !Arrays.equals(saved.shape(name), shape)) {
      return false;
    }
    return isRounded || isEqual(checkpoint, saved, name);
  }

  private static boolean isEqual(Checkpoint checkpoint, Weights saved, String name) {
    if (!checkpoint.weights().storedType(name).host().isFloating()) {
      return true;
    }
    Tensor written = checkpoint.weights().get(name);
    Tensor read = saved.get(name);
    return written.type() == read.type() && written.bytes().equals(read.bytes());
  }
}
