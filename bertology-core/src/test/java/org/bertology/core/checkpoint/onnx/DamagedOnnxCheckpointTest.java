package org.bertology.core.checkpoint.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.Goldens;
import org.bertology.core.checkpoint.Mutations;
import org.bertology.core.checkpoint.SafeTensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedOnnxCheckpointTest {
  @TempDir Path parent;

  /** Named as the model, so that a message which names any file beside it names that. */
  private Path directory;

  private Path file;
  private String config = "";

  @BeforeEach
  void readTheConfiguration() throws IOException {
    directory = Files.createDirectory(parent.resolve("model.onnx"));
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

    Mutations.assertReadOrRefused(model.toArray(), file, DamagedOnnxCheckpointTest::read);
  }

  @Test
  void smallModels() throws IOException {
    Files.write(directory.resolve("model.onnx.data"), OnnxBytes.floats(0, 1, 2, 3));
    OnnxBytes model = new OnnxBytes().config(config);
    model.tensor("a", OnnxBytes.FLOAT, OnnxBytes.floats(1, 2), 1, 2);
    model.tensor("half", 10, new byte[4], 2);
    model.external("b", "model.onnx.data", "4", "8", 2);
    model.external("c", "model.onnx.data", "12", "4", 1);

    Mutations.assertReadOrRefused(model.toArray(), file, DamagedOnnxCheckpointTest::read);
  }

  private static void read(Path file) {
    Checkpoint checkpoint = Checkpoint.open(file);
    for (String name : checkpoint.weights().names()) {
      assertThat(checkpoint.weights().tensor(name).shape())
          .isEqualTo(checkpoint.weights().shape(name));
    }
  }
}
