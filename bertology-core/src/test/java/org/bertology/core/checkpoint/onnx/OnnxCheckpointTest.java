package org.bertology.core.checkpoint.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.Goldens;
import org.bertology.core.checkpoint.SafeTensors;
import org.bertology.core.checkpoint.StagedModel;
import org.bertology.core.checkpoint.StoredModel;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.checkpoint.StoredWeights;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.protobuf.MessageBytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxCheckpointTest {
  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("model.onnx");
  }

  @Test
  void parametersAndConfigurationAreRead() throws IOException {
    byte[] half = {0x00, 0x3c};
    OnnxBytes model = new OnnxBytes().config("{\"a\":1}").metadata("other", "text");
    model.tensor("bert.x.weight", OnnxBytes.FLOAT, OnnxBytes.floats(1, 2, 3, 4, 5, 6), 2, 3);
    model.tensor("bert.x.bias", 10, half, 1);
    model.tensor("constant/1.0", OnnxBytes.FLOAT, OnnxBytes.floats(1));
    model.tensor("computed", OnnxBytes.FLOAT, OnnxBytes.floats(1));
    model.tensor("computed too", OnnxBytes.FLOAT, OnnxBytes.floats(1));
    model.metadata(OnnxCheckpoint.CONSTANTS, "computed\ncomputed too");
    model.tensor(
        new MessageBytes()
            .message(1, new MessageBytes().varint(1).varint(2))
            .number(2, OnnxBytes.FLOAT)
            .text(8, "packed")
            .bytes(9, OnnxBytes.floats(7, 8)));

    StoredModel read = open(model);

    assertThat(read.config().object()).hasToString("{\"a\":1}");
    assertThat(read.files()).containsExactly(file);
    StoredWeights weights = read.weights();
    assertThat(weights.names()).containsExactly("bert.x.weight", "bert.x.bias", "packed");
    assertThat(weights.shape("bert.x.weight")).containsExactly(2, 3);
    assertThat(weights.get("bert.x.weight").toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(weights.storedType("bert.x.bias")).isEqualTo(StoredType.F16);
    assertThat(weights.get("bert.x.bias").toFloats()).containsExactly(1);
    assertThat(weights.shape("packed")).containsExactly(1, 2);
  }

  @Test
  void parametersMayBeInAFileBesideTheModel() throws IOException {
    Files.write(directory.resolve("model.onnx.data"), OnnxBytes.floats(0, 1, 2, 3));
    OnnxBytes model = new OnnxBytes().config("{}");
    model.external("late", "model.onnx.data", "12", "4", 1);
    model.external("early", "model.onnx.data", "4", "8", 2);
    model.tensor("inside", OnnxBytes.FLOAT, OnnxBytes.floats(4), 1);

    StoredModel read = open(model);

    assertThat(read.files()).containsExactly(file, directory.resolve("model.onnx.data"));
    assertThat(read.weights().names()).containsExactlyInAnyOrder("early", "late", "inside");
    assertThat(read.weights().get("early").toFloats()).containsExactly(1, 2);
    assertThat(read.weights().get("late").toFloats()).containsExactly(3);
    assertThat(read.weights().get("inside").toFloats()).containsExactly(4);
  }

  @Test
  void aModelIsOpenedAndSavedAsOtherFormatsAre() throws IOException {
    Path golden = Files.createDirectory(directory.resolve("golden"));
    Goldens.copy(golden, "bert-regression", "config.json", "model.safetensors");
    SafeTensors expected = SafeTensors.open(golden.resolve("model.safetensors"));
    OnnxBytes model = new OnnxBytes().config(Files.readString(golden.resolve("config.json")));
    for (String name : expected.names()) {
      byte[] data = new byte[expected.get(name).bytes().remaining()];
      expected.get(name).bytes().get(data);
      model.tensor(name, OnnxBytes.FLOAT, data, expected.shape(name));
    }
    Files.write(file, model.toArray());
    Files.writeString(directory.resolve("vocab.txt"), "[PAD]\n");

    Checkpoint checkpoint = Checkpoint.open(file);

    assertThat(checkpoint.source()).isEqualTo(file);
    assertThat(checkpoint.directory()).isEqualTo(directory);
    assertThat(checkpoint.config()).isEqualTo(Checkpoint.open(golden).config());
    Path target = directory.resolve("saved");
    try (StagedModel staged =
        StagedModel.write(checkpoint, Optional.empty(), target, Existing.REFUSE)) {
      staged.publish();
    }
    assertThat(target.toFile().list())
        .containsExactlyInAnyOrder("config.json", "model.safetensors", "vocab.txt");
    SafeTensors saved = SafeTensors.open(target.resolve("model.safetensors"));
    for (String name : expected.names()) {
      assertThat(saved.get(name).bytes()).as(name).isEqualTo(expected.get(name).bytes());
    }
  }

  @Test
  void otherFilesAreOfAnotherFormat() throws IOException {
    assertThat(OnnxCheckpoint.open(directory)).isEmpty();
    assertThat(OnnxCheckpoint.open(file)).isEmpty();
    assertThat(OnnxCheckpoint.open(Files.createFile(directory.resolve("model.bin")))).isEmpty();
  }

  @Test
  void aModelOfAnotherProgramIsRefused() {
    assertRefused(
        new OnnxBytes().tensor("x", OnnxBytes.FLOAT, OnnxBytes.floats(1), 1),
        "'%s' carries no configuration ('bertology.config' in its metadata);"
            + " only an ONNX model that 'bertology export' wrote can be read",
        file);
  }

  @Test
  void aConfigurationIsJson() {
    assertRefused(
        new OnnxBytes().config("[1]"),
        "the configuration in '%s' must be a JSON object, got [1]",
        file);
  }

  @Test
  void aNameIsThereOnce() {
    OnnxBytes model = new OnnxBytes().config("{}");
    model.tensor("x", OnnxBytes.FLOAT, OnnxBytes.floats(1), 1);
    model.tensor("x", OnnxBytes.FLOAT, OnnxBytes.floats(1), 1);

    assertRefused(model, "'%s': the graph: tensor 'x' is there twice", file);
  }

  @Test
  void aTensorHasAName() {
    assertRefused(
        new OnnxBytes().config("{}").tensor(new MessageBytes().number(2, OnnxBytes.FLOAT)),
        "'%s': the graph: tensor is broken: it has no name",
        file);
  }

  @Test
  void aTensorHasAsManyBytesAsItsShapeNeeds() {
    assertRefused(
        new OnnxBytes().config("{}").tensor("x", OnnxBytes.FLOAT, new byte[7], 2),
        "'%s': the graph: tensor 'x' is broken: it is F32 [2] and has 7 bytes at position 0",
        file);
    assertRefused(
        new OnnxBytes().config("{}").tensor("x", OnnxBytes.FLOAT, new byte[4], new long[33]),
        "'%s': the graph: tensor 'x' is broken: it has 33 axes, expected at most 32",
        file);
  }

  @Test
  void anotherTypeIsRefused() {
    assertRefused(
        new OnnxBytes().config("{}").tensor("x", 17, new byte[1], 1),
        "'%s': the graph: tensor 'x' has ONNX's data type 17, which is not read; read are float,"
            + " double, float16, bfloat16, bool and the integers",
        file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "../secrets", "/etc/passwd", "a\\b"})
  void aFileElsewhereIsRefused(String location) {
    assertRefused(
        new OnnxBytes().config("{}").external("x", location, "0", "4", 1),
        "'%s': the graph: tensor 'x' is in the file '%s';"
            + " expected a file name without directories",
        file,
        location);
  }

  @Test
  void aMissingFileIsNamed() {
    assertRefused(
        new OnnxBytes().config("{}").external("x", "model.onnx.data", "0", "4", 1),
        "'%s' belongs to '%s', but the file is missing",
        directory.resolve("model.onnx.data"),
        file);
  }

  @Test
  void bytesOutsideOfTheFileBesideAreRefused() throws IOException {
    Path beside = Files.write(directory.resolve("model.onnx.data"), new byte[8]);

    assertRefused(
        new OnnxBytes().config("{}").external("x", "model.onnx.data", "8", "4", 1),
        "'%s' is truncated: tensor 'x' ends at byte 12, but it has 8",
        beside);
    assertRefused(
        new OnnxBytes().config("{}").external("x", "model.onnx.data", "-4", "4", 1),
        "'%s': the graph: tensor 'x' is broken: it is F32 [1] and has 4 bytes at position -4",
        file);
    assertRefused(
        new OnnxBytes().config("{}").external("x", "model.onnx.data", "zero", "4", 1),
        "'%s': the graph: tensor 'x' is broken: the offset of its bytes is 'zero', expected a number",
        file);
  }

  @Test
  void aFileThatIsNoModelIsRefused() throws IOException {
    Files.write(file, new byte[] {0x3a, 0x7f});

    assertThatThrownBy(() -> OnnxCheckpoint.open(file))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "'%s' is broken or truncated: field 7 has 127 bytes, but only 0 are left", file);
  }

  private StoredModel open(OnnxBytes model) throws IOException {
    Files.write(file, model.toArray());
    return OnnxCheckpoint.open(file).orElseThrow();
  }

  private void assertRefused(OnnxBytes model, String message, Object... arguments) {
    assertThatThrownBy(() -> open(model))
        .isInstanceOf(ContentException.class)
        .hasMessage(message, arguments);
  }
}
