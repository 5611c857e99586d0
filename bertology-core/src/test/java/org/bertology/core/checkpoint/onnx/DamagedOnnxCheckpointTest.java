package org.bertology.core.checkpoint.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.DamagedModel;
import org.bertology.core.checkpoint.Goldens;
import org.bertology.core.checkpoint.Mutations;
import org.bertology.core.checkpoint.SafeTensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedOnnxCheckpointTest {
  @TempDir Path directory;

  private Path file;
  private String config = "";

  @BeforeEach
  void readTheConfiguration() throws IOException {
    file = directory.resolve("model.onnx");
    Goldens.copy(directory, "bert-regression", "config.json", "model.safetensors");
    config = Files.readString(directory.resolve("config.json"));
  }

  @Test
  void wholeModels() throws IOException {
    SafeTensors tensors = SafeTensors.open(directory.resolve("model.safetensors"));
    OnnxBytes model = new OnnxBytes().config(config);
    for (String name : tensors.names()) {
      byte[] data = new byte[tensors.get(name).bytes().remaining()];
      tensors.get(name).bytes().get(data);
      model.tensor(name, OnnxBytes.FLOAT, data, tensors.shape(name));
    }

    assertReadOrRefused(Mutations.of(model.toArray(), 1));
  }

  @Test
  void smallModelsWhoseDamageIsInTheDescription() throws IOException {
    OnnxBytes model = new OnnxBytes();
    model.tensor("a", OnnxBytes.FLOAT, OnnxBytes.floats(1, 2), 1, 2);
    model.tensor("half", 10, new byte[4], 2);
    model.external("b", "model.onnx.data", "4", "8", 2);
    model.external("c", "model.onnx.data", "12", "4", 1);
    model.config(config);
    Files.write(directory.resolve("model.onnx.data"), OnnxBytes.floats(0, 1, 2, 3));
    replace(model.toArray());
    assertThat(Checkpoint.open(file).weights().names())
        .containsExactlyInAnyOrder("a", "half", "b", "c");
    byte[] bytes = model.toArray();
    int description = bytes.length - config.length();

    assertReadOrRefused(
        Mutations.of(Arrays.copyOf(bytes, description), 2)
            .map(
                damaged -> {
                  byte[] whole = Arrays.copyOf(damaged, damaged.length + config.length());
                  System.arraycopy(bytes, description, whole, damaged.length, config.length());
                  return whole;
                }));
  }

  private void assertReadOrRefused(Stream<byte[]> models) {
    models.forEach(
        damaged -> {
          try {
            replace(damaged);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          DamagedModel.assertReadOrRefused(file, damaged.length);
        });
  }

  /** By a new file, because the old one may still be mapped. */
  private void replace(byte[] bytes) throws IOException {
    Files.deleteIfExists(file);
    Files.write(file, bytes);
  }
}
