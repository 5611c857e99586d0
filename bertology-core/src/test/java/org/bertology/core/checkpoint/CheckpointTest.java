package org.bertology.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.file.Hashes;
import org.bertology.core.json.StrictJson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  private static final String CONFIG =
      "{\"model_type\":\"bert\",\"vocab_size\":7,\"hidden_size\":4,\"num_hidden_layers\":1,"
          + "\"num_attention_heads\":2,\"intermediate_size\":6,\"max_position_embeddings\":5}";

  @TempDir Path parent;

  private Path directory;

  @BeforeEach
  void makeTheDirectory() throws IOException {
    directory = Files.createDirectory(parent.resolve("model"));
  }

  @Test
  void configurationAndWeightsAreOpened() throws IOException {
    writeConfig();
    write("model.safetensors", "bert.pooler.dense.bias");

    Checkpoint checkpoint = Checkpoint.open(directory);

    assertThat(checkpoint.source()).isEqualTo(directory);
    assertThat(checkpoint.directory()).isEqualTo(directory);
    assertThat(checkpoint.config().transformer().hiddenSize()).isEqualTo(4);
    assertThat(checkpoint.weights().get("bert.pooler.dense.bias").toFloats()).containsExactly(1);
    assertThat(checkpoint.files())
        .containsExactly(directory.resolve("config.json"), directory.resolve("model.safetensors"));
  }

  @Test
  void weightsMayBeSharded() throws IOException {
    writeConfig();
    write("b.safetensors", "pooler.dense.bias");
    write("a.safetensors", "classifier.bias");
    Files.writeString(
        directory.resolve("model.safetensors.index.json"),
        "{\"weight_map\":{\"pooler.dense.bias\":\"b.safetensors\","
            + "\"classifier.bias\":\"a.safetensors\"}}");

    Checkpoint checkpoint = Checkpoint.open(directory);

    assertThat(checkpoint.weights().names())
        .containsExactly("bert.pooler.dense.bias", "classifier.bias");
    assertThat(checkpoint.files())
        .extracting(file -> file.getFileName().toString())
        .containsExactly(
            "config.json", "model.safetensors.index.json", "a.safetensors", "b.safetensors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pytorch_model.bin", "pytorch_model.legacy.bin"})
  void weightsMayBePyTorchs(String file) throws IOException {
    Goldens.copy(directory, "bert-sequence-classification", "config.json", file);
    Path weights = directory.resolve("pytorch_model.bin");
    Files.move(directory.resolve(file), weights);

    Checkpoint checkpoint = Checkpoint.open(directory);

    assertThat(checkpoint.files()).containsExactly(directory.resolve("config.json"), weights);
    assertThat(checkpoint.weights().shape("classifier.weight")).containsExactly(3, 32);
    assertThat(checkpoint.sha256())
        .isEqualTo(Hashes.sha256(List.of(directory.resolve("config.json"), weights)));
  }

  @Test
  void pyTorchsWeightsMayBeSharded() throws IOException {
    writeConfig();
    for (String file :
        List.of(
            "pytorch_model.bin.index.json",
            "pytorch_model-00001-of-00002.bin",
            "pytorch_model-00002-of-00002.bin")) {
      TorchResources.copy(directory, file);
    }

    Checkpoint checkpoint = Checkpoint.open(directory);

    assertThat(checkpoint.weights().names())
        .containsExactly("base", "tied", "transposed", "permuted", "numbers");
    assertThat(checkpoint.weights().get("transposed").toFloats()).startsWith(0, 6, 12, 18, 1);
    assertThat(checkpoint.files())
        .extracting(file -> file.getFileName().toString())
        .containsExactly(
            "config.json",
            "pytorch_model.bin.index.json",
            "pytorch_model-00001-of-00002.bin",
            "pytorch_model-00002-of-00002.bin");
  }

  @Test
  void theFirstOfSeveralFormatsCounts() throws IOException {
    writeConfig();
    Files.createFile(directory.resolve("pytorch_model.bin"));
    Files.createFile(directory.resolve("model.safetensors.index.json"));
    write("model.safetensors", "classifier.bias");
    assertThat(Checkpoint.open(directory).weights().names()).containsExactly("classifier.bias");

    Files.delete(directory.resolve("model.safetensors"));
    assertThatThrownBy(() -> Checkpoint.open(directory))
        .hasMessageStartingWith("'%s' ", directory.resolve("model.safetensors.index.json"));

    Files.delete(directory.resolve("model.safetensors.index.json"));
    Files.createFile(directory.resolve("pytorch_model.bin.index.json"));
    assertThatThrownBy(() -> Checkpoint.open(directory))
        .hasMessageStartingWith("'%s' ", directory.resolve("pytorch_model.bin"));
  }

  @Test
  void weightsHaveCanonicalNames() throws IOException {
    writeConfig();
    write(
        "model.safetensors",
        "embeddings.LayerNorm.gamma",
        "embeddings.LayerNorm.beta",
        "cls.predictions.decoder.bias");

    Checkpoint checkpoint = Checkpoint.open(directory);

    assertThat(checkpoint.weights().names())
        .containsExactly(
            "bert.embeddings.LayerNorm.weight",
            "bert.embeddings.LayerNorm.bias",
            "cls.predictions.bias");
    assertThat(checkpoint.weights().get("bert.embeddings.LayerNorm.bias").toFloats())
        .containsExactly(2);
    assertThat(checkpoint.weights().shape("cls.predictions.bias")).containsExactly(1);
    assertThatThrownBy(() -> checkpoint.weights().get("embeddings.LayerNorm.gamma"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no parameter is named 'embeddings.LayerNorm.gamma'");
  }

  @Test
  void theBiasOfTheDecoderIsAnAliasOnlyWhereTheOtherNameIsAbsent() throws IOException {
    writeConfig();
    write("model.safetensors", "cls.predictions.decoder.bias", "cls.predictions.bias");

    Checkpoint checkpoint = Checkpoint.open(directory);

    assertThat(checkpoint.weights().names())
        .containsExactly("cls.predictions.decoder.bias", "cls.predictions.bias");
    assertThat(checkpoint.weights().get("cls.predictions.bias").toFloats()).containsExactly(2);
  }

  @Test
  void twoNamesForOneParameterAreRefused() throws IOException {
    writeConfig();
    write("model.safetensors", "pooler.dense.bias", "bert.pooler.dense.bias");

    assertRefused(
        "'%s': the tensors 'pooler.dense.bias' and 'bert.pooler.dense.bias' are the same"
            + " parameter");
  }

  @Test
  void aModelsParametersAreChecked() throws IOException {
    writeConfig();
    write("model.safetensors", "pooler.dense.bias");
    Checkpoint checkpoint = Checkpoint.open(directory);

    checkpoint.require(Map.of("bert.pooler.dense.bias", new long[] {1}), Set.of());

    assertThatThrownBy(
            () -> checkpoint.require(Map.of("bert.pooler.dense.bias", new long[] {4}), Set.of()))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "'%s' does not hold the parameters of this model: 0 missing, 1 of the wrong shape\n"
                + "  wrong shape: bert.pooler.dense.bias, expected [4], got [1]",
            directory);
  }

  @Test
  void aDirectoryThatDoesNotExistIsAWrongArgument() {
    Path absent = parent.resolve("absent");

    assertThatThrownBy(() -> Checkpoint.open(absent))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "model directory '%s' does not exist;"
                + " expected a directory with config.json and model.safetensors",
            absent);
  }

  @Test
  void aFileIsAWrongArgument() throws IOException {
    Path file = Files.createFile(parent.resolve("model.safetensors"));

    assertThatThrownBy(() -> Checkpoint.open(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'%s' is no model; expected a directory with config.json and model.safetensors,"
                + " the prefix of a TensorFlow checkpoint, or an .onnx file that 'bertology export' wrote",
            file);
  }

  @Test
  void aDirectoryWithoutConfigurationIsRefused() throws IOException {
    Files.createFile(directory.resolve("vocab.txt"));
    Files.createFile(directory.resolve("bert_config.json"));

    assertRefused(
        "model directory '%s' has no config.json; it must contain config.json and"
            + " model.safetensors or pytorch_model.bin (or the index of either with its shards);"
            + " found bert_config.json, vocab.txt");
  }

  @Test
  void aDirectoryWithoutWeightsIsRefused() throws IOException {
    writeConfig();
    for (int i = 0; i < 9; i++) {
      Files.createFile(directory.resolve("file" + i));
    }

    assertRefused(
        "model directory '%s' has no model.safetensors; it must contain config.json and"
            + " model.safetensors or pytorch_model.bin (or the index of either with its shards); found"
            + " config.json, file0, file1, file2, file3, file4, file5, file6 and 2 more");
  }

  @Test
  void anEmptyDirectoryIsRefused() {
    assertRefused(
        "model directory '%s' has no config.json; it must contain config.json and"
            + " model.safetensors or pytorch_model.bin (or the index of either with its shards);"
            + " found nothing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tf_model.h5", "flax_model.msgpack", "model.ckpt"})
  void weightsOfAnotherFormatAreRefusedWithAWayOut(String file) throws IOException {
    writeConfig();
    Files.createFile(directory.resolve(file));

    assertRefused(
        "model directory '%s' holds its weights as "
            + file
            + ", a format that is not read yet; convert it to model.safetensors with Hugging Face"
            + " transformers: from_pretrained, then save_pretrained(..., safe_serialization=True)");
  }

  @Test
  void theHashIsThatOfAllFilesInARow() throws IOException {
    writeConfig();
    write("model.safetensors", "x");
    Checkpoint checkpoint =
        new Checkpoint(
            directory,
            ModelConfig.read(directory.resolve("config.json")),
            StrictJson.read(directory.resolve("config.json")),
            SafeTensors.open(directory.resolve("model.safetensors")),
            List.of(
                Files.writeString(parent.resolve("a"), "ab"),
                Files.writeString(parent.resolve("b"), "c")));

    // FIPS 180-4's example: the digest of "abc".
    assertThat(checkpoint.sha256())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  private void writeConfig() throws IOException {
    Files.writeString(directory.resolve("config.json"), CONFIG);
  }

  /** A file whose tensors hold 1, 2, … in the order of their names here. */
  private void write(String file, String... names) {
    SafeTensorsWriter writer = new SafeTensorsWriter();
    for (int i = 0; i < names.length; i++) {
      writer.add(names[i], Tensor.of(new float[] {i + 1}, 1));
    }
    writer.write(directory.resolve(file), Existing.REFUSE);
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> Checkpoint.open(directory))
        .isInstanceOf(ContentException.class)
        .hasMessage(message, directory);
  }
}
