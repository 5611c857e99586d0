package org.bertology.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads what PyTorch has written; {@code make.py} beside the files says what they hold. */
class TorchCheckpointTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "types.bin, types",
    "types.legacy.bin, types",
    "views.bin, views",
    "views.legacy.bin, views",
    "views.protocol-3.bin, views",
    "views.protocol-3.legacy.bin, views",
    "views.protocol-4.bin, views",
    "views.protocol-4.legacy.bin, views",
    "views.protocol-5.bin, views",
    "views.protocol-5.legacy.bin, views",
    "training.bin, training",
    "training.legacy.bin, training",
    "parameters.bin, parameters",
    "parameters.legacy.bin, parameters",
    "model.bin, model",
    "model.legacy.bin, model",
    "untyped.bin, untyped",
    "untyped.legacy.bin, untyped"
  })
  void allTensorsEqualThoseOfTheSafetensorsFile(String file, String expected) throws IOException {
    StoredWeights torch = TorchCheckpoint.open(TorchResources.copy(directory, file));

    assertSame(torch, SafeTensors.open(TorchResources.copy(directory, expected + ".safetensors")));
  }

  @ParameterizedTest
  @CsvSource({
    "bert-sequence-classification, pytorch_model.bin",
    "bert-sequence-classification, pytorch_model.legacy.bin",
    "gpt2-causal-lm, pytorch_model.bin",
    "gpt2-causal-lm, pytorch_model.legacy.bin"
  })
  void aModelHasTheTensorsOfItsSafetensorsFile(String folder, String file) throws IOException {
    Goldens.copy(directory, folder, file, "model.safetensors");

    assertSame(
        TorchCheckpoint.open(directory.resolve(file)),
        SafeTensors.open(directory.resolve("model.safetensors")));
  }

  private static void assertSame(StoredWeights torch, StoredWeights expected) {
    assertThat(torch.names()).containsExactlyInAnyOrderElementsOf(expected.names());
    for (String name : expected.names()) {
      assertThat(torch.storedType(name)).as(name).isEqualTo(expected.storedType(name));
      assertThat(torch.shape(name)).as(name).isEqualTo(expected.shape(name));
      assertSame(name, torch.tensor(name), expected.tensor(name));
    }
  }

  private static void assertSame(String name, Tensor tensor, Tensor expected) {
    assertThat(tensor.type()).as(name).isEqualTo(expected.type());
    assertThat(tensor.shape()).as(name).isEqualTo(expected.shape());
    // Bit for bit: NaN is among the values.
    assertThat(tensor.bytes()).as(name).isEqualTo(expected.bytes());
  }

  @Test
  void namesAreInTheOrderInWhichTheyWereSaved() throws IOException {
    StoredWeights torch = TorchCheckpoint.open(TorchResources.copy(directory, "views.bin"));

    assertThat(torch.names()).startsWith("base", "tied", "part", "row", "scalar", "transposed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"views.bin", "views.legacy.bin"})
  void onlyElementsThatLieApartAreCopied(String name) throws IOException {
    Path file = TorchResources.copy(directory, name);
    StoredWeights torch = TorchCheckpoint.open(file);
    List<Tensor> mapped =
        Stream.of("base", "tied", "part", "row", "scalar").map(torch::get).toList();
    Tensor copied = torch.get("transposed");

    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate((int) channel.size()));
    }

    assertThat(mapped).allSatisfy(tensor -> assertThat(tensor.toFloats()).containsOnly(0));
    assertThat(copied.toFloats()).startsWith(0, 6, 12, 18, 1);
    assertThat(torch.get("transposed")).isSameAs(copied);
  }

  @Test
  void integersAreNotGivenAsWeights() throws IOException {
    Path file = TorchResources.copy(directory, "types.bin");
    StoredWeights torch = TorchCheckpoint.open(file);

    assertThatThrownBy(() -> torch.get("int16"))
        .isInstanceOf(ContentException.class)
        .hasMessage("'%s': tensor 'int16' is I16, expected a floating-point type", file);
    assertThatThrownBy(() -> torch.tensor("other"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'%s' has no tensor 'other'", file);
  }
}
