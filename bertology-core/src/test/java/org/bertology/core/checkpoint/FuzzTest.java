package org.bertology.core.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.file.AtomicFiles.Existing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Broken files of every format; see {@link Mutations}. */
class FuzzTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "types.bin",
        "types.legacy.bin",
        "views.bin",
        "views.protocol-4.legacy.bin",
        "training.bin",
        "training.legacy.bin",
        "parameters.legacy.bin",
        "untyped.legacy.bin"
      })
  void aBrokenTorchFileIsReadOrRefused(String name) throws IOException {
    byte[] original = Files.readAllBytes(TorchResources.copy(directory, name));

    Mutations.assertReadOrRefused(
        original, directory.resolve("broken.bin"), file -> readAll(TorchCheckpoint.open(file)));
  }

  @Test
  void aBrokenSafetensorsFileIsReadOrRefused() throws IOException {
    Path sound = directory.resolve("sound.safetensors");
    new SafeTensorsWriter()
        .add("embeddings.weight", Tensor.filled(0.5f, 3, 2))
        .add("halves", Tensor.filled(0.5f, 4), StoredType.F16)
        .add("position_ids", Tensor.of(new long[] {0, 1, 2}, 1, 3))
        .add("nothing", Tensor.of(new float[0], 0, 2))
        .write(sound, Existing.REFUSE);

    Mutations.assertReadOrRefused(
        Files.readAllBytes(sound),
        directory.resolve("broken.safetensors"),
        file -> readAll(SafeTensors.open(file)));
  }

  private static void readAll(StoredWeights weights) {
    weights.names().forEach(weights::tensor);
  }
}
