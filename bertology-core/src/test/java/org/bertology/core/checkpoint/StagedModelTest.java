package org.bertology.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.file.AtomicFiles.Existing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StagedModelTest {
  /** Half the distance of two neighbours as a fraction of them: ten and seven bits are stored. */
  private static final double HALF_ROUNDING = 0x1p-11;

  private static final double BFLOAT_ROUNDING = 0x1p-8;

  @TempDir Path parent;

  private Path source;
  private Path target;

  @BeforeEach
  void copyModel() throws IOException {
    source = Files.createDirectory(parent.resolve("source"));
    target = parent.resolve("target");
    Goldens.copy(source, "bert-regression", "config.json", "model.safetensors");
  }

  @Test
  void aModelIsSavedAsItWas() throws IOException {
    Files.writeString(source.resolve("vocab.txt"), "[PAD]\n[UNK]\n");
    Files.writeString(source.resolve("notes.txt"), "not the tokenizer's");
    Checkpoint model = Checkpoint.open(source);

    List<Path> files = save(model, Optional.empty());

    assertThat(files)
        .containsExactly(
            target.resolve("model.safetensors"),
            target.resolve("vocab.txt"),
            target.resolve("config.json"));
    assertThat(target.toFile().list()).hasSize(3);
    assertThat(target.resolve("vocab.txt")).hasContent("[PAD]\n[UNK]\n");
    assertThat(json(target)).isEqualTo(json(source));
    Checkpoint saved = Checkpoint.open(target);
    assertThat(saved.config()).isEqualTo(model.config());
    assertThat(saved.weights().names())
        .containsExactlyInAnyOrderElementsOf(model.weights().names());
    for (String name : model.weights().names()) {
      assertThat(saved.weights().get(name).bytes())
          .as(name)
          .isEqualTo(model.weights().get(name).bytes());
    }
  }

  @Test
  void tensorsHaveCanonicalNamesAndKeepTheirTypes() {
    new SafeTensorsWriter()
        .add(
            "encoder.layer.0.output.LayerNorm.gamma", Tensor.of(new float[] {1}, 1), StoredType.F16)
        .add("embeddings.position_ids", Tensor.of(new long[] {0, 1}, 1, 2))
        .add("counts", Tensor.of(new long[] {0, 1}, 1, 2))
        .add("pooler.dense.bias", Tensor.of(new double[] {Math.PI}, 1))
        .add("other", Tensor.of(new float[] {3.140625f}, 1), StoredType.BF16)
        .write(source.resolve("model.safetensors"), Existing.REPLACE);

    save(Checkpoint.open(source), Optional.empty());

    SafeTensors saved = SafeTensors.open(target.resolve("model.safetensors"));
    assertThat(saved.names())
        .containsExactlyInAnyOrder(
            "bert.encoder.layer.0.output.LayerNorm.weight",
            "counts",
            "bert.pooler.dense.bias",
            "other");
    assertThat(saved.storedType("bert.encoder.layer.0.output.LayerNorm.weight"))
        .isEqualTo(StoredType.F16);
    assertThat(saved.tensor("counts").toLongs()).containsExactly(0, 1);
    assertThat(saved.get("bert.pooler.dense.bias").toDoubles()).containsExactly(Math.PI);
    assertThat(saved.storedType("other")).isEqualTo(StoredType.BF16);
    assertThat(saved.get("other").toFloats()).containsExactly(3.140625f);
    assertThat(saved.metadata()).isEqualTo(Map.of("format", "pt"));
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void weightsAreRoundedToTheTypeThatIsAskedFor(StoredType type) throws IOException {
    Checkpoint model = Checkpoint.open(source);

    save(model, Optional.of(type));

    SafeTensors saved = SafeTensors.open(target.resolve("model.safetensors"));
    double rounding = type == StoredType.F16 ? HALF_ROUNDING : BFLOAT_ROUNDING;
    for (String name : saved.names()) {
      assertThat(saved.storedType(name)).isEqualTo(type);
      float[] exact = model.weights().get(name).toFloats();
      float[] rounded = saved.get(name).toFloats();
      for (int i = 0; i < exact.length; i++) {
        assertThat(Math.abs(rounded[i] - exact[i]))
            .isLessThanOrEqualTo((float) Math.max(Math.abs(exact[i]) * rounding, 0x1p-25));
      }
    }
    assertThat(json(target).get("torch_dtype").getAsString())
        .isEqualTo(type == StoredType.F16 ? "float16" : "bfloat16");
    assertThat(json(source).get("torch_dtype").getAsString()).isEqualTo("float32");
  }

  @Test
  void widerNumbersBecomeSingles() {
    write("x", Tensor.of(new double[] {Math.PI, -0.1}, 2));

    save(Checkpoint.open(source), Optional.of(StoredType.F32));

    assertThat(SafeTensors.open(target.resolve("model.safetensors")).get("x").toFloats())
        .containsExactly((float) Math.PI, -0.1f);
  }

  @Test
  void aWeightThatWouldBecomeInfiniteIsRefusedAndNothingIsLeft() {
    write("x", Tensor.of(new float[] {1, 65520}, 2));

    assertThatThrownBy(() -> save(Checkpoint.open(source), Optional.of(StoredType.F16)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor 'x' holds 65520.0, beyond the range of F16 (65504.0)");
    assertThat(parent.toFile().list()).containsExactly("source");

    save(Checkpoint.open(source), Optional.of(StoredType.BF16));
    assertThat(Checkpoint.open(target).weights().get("x").toFloats()).containsExactly(1, 65536);
  }

  @Test
  void valuesBeyondTheRangeOfSinglesAndBfloatsAreRefused() {
    write("x", Tensor.of(new double[] {1e39}, 1));
    assertThatThrownBy(() -> save(Checkpoint.open(source), Optional.of(StoredType.F32)))
        .hasMessage("tensor 'x' holds 1.0E39, beyond the range of F32 (3.4028235E38)");

    write("x", Tensor.of(new float[] {Float.MAX_VALUE, Float.NEGATIVE_INFINITY}, 2));
    assertThatThrownBy(() -> save(Checkpoint.open(source), Optional.of(StoredType.BF16)))
        .hasMessage("tensor 'x' holds 3.4028235E38, beyond the range of BF16 (3.3895314E38)");
  }

  @Test
  void otherTypesAreRefused() {
    assertThatThrownBy(() -> save(Checkpoint.open(source), Optional.of(StoredType.I8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weights are stored as F32, F16 or BF16, not as I8");
  }

  private ModelConfig pruned(
      Map<Integer, List<Integer>> heads, List<LayerGeometry> layers, List<Integer> original) {
    ModelConfig config = Checkpoint.open(source).config();
    return config.pruned(heads, config.transformer().withLayers(layers), original);
  }

  @Test
  void theConfigurationSaysInTheLibrarysKeysWhatThoseCanSay() throws IOException {
    ModelConfig config =
        pruned(
            Map.of(0, List.of(1, 3)), List.of(layer(2, 40), layer(4, 40), layer(4, 40)), List.of());

    JsonObject json = saved(config);

    assertThat(json.getAsJsonObject("pruned_heads").toString()).isEqualTo("{\"0\":[1,3]}");
    assertThat(json.get("intermediate_size").getAsInt()).isEqualTo(40);
    assertThat(json.has("bertology")).isFalse();
    assertThat(json.keySet()).containsAll(json(source).keySet());
    assertThat(ModelConfig.read(target.resolve("config.json"))).isEqualTo(config);
  }

  @Test
  void theConfigurationSaysTheRestUnderAKeyOfOurs() throws IOException {
    ModelConfig config =
        pruned(
            Map.of(0, List.of(0, 1, 2, 3), 1, List.of(2)),
            List.of(layer(0, 48), layer(3, 0)),
            List.of(0, 2));

    JsonObject json = saved(config);

    assertThat(json.get("num_hidden_layers").getAsInt()).isEqualTo(2);
    assertThat(json.get("intermediate_size").getAsInt()).isEqualTo(48);
    assertThat(json.getAsJsonObject("pruned_heads").toString())
        .isEqualTo("{\"0\":[0,1,2,3],\"1\":[2]}");
    assertThat(json.getAsJsonObject("bertology").toString())
        .isEqualTo(
            "{\"layers\":[{\"layer\":0,\"heads\":0,\"intermediate\":48},"
                + "{\"layer\":2,\"heads\":3,\"intermediate\":0}]}");
    assertThat(ModelConfig.read(target.resolve("config.json"))).isEqualTo(config);
  }

  @Test
  void headsWhoseNumbersAreNotKnownAreCounted() throws IOException {
    ModelConfig config =
        pruned(Map.of(), List.of(layer(3, 48), layer(4, 48), layer(4, 48)), List.of());

    JsonObject json = saved(config);

    assertThat(json.has("pruned_heads")).isFalse();
    assertThat(json.getAsJsonObject("bertology").getAsJsonArray("layers")).hasSize(3);
    assertThat(ModelConfig.read(target.resolve("config.json"))).isEqualTo(config);
  }

  @Test
  void aModelMayTakeThePlaceOfItsSource() throws IOException {
    Files.writeString(source.resolve("vocab.txt"), "[PAD]\n");
    Files.writeString(source.resolve("notes.txt"), "mine");
    Checkpoint model = Checkpoint.open(source);
    float[] before = model.weights().get("classifier.weight").toFloats();
    target = source;

    try (StagedModel staged =
        StagedModel.write(model, Optional.of(StoredType.BF16), target, Existing.REPLACE)) {
      staged.publish();
    }

    assertThat(target.toFile().list())
        .containsExactlyInAnyOrder("config.json", "model.safetensors", "notes.txt", "vocab.txt");
    assertThat(Checkpoint.open(target).weights().storedType("classifier.weight"))
        .isEqualTo(StoredType.BF16);
    assertThat(model.weights().get("classifier.weight").toFloats()).isEqualTo(before);
  }

  @Test
  void weightsOfAnotherFormatInItsPlaceGo() throws IOException {
    Files.createDirectory(target);
    for (String name : List.of("pytorch_model.bin", "pytorch_model.bin.index.json", "other.bin")) {
      Files.writeString(target.resolve(name), "old");
    }

    try (StagedModel staged =
        StagedModel.write(Checkpoint.open(source), Optional.empty(), target, Existing.REPLACE)) {
      staged.publish();
    }

    assertThat(target.toFile().list())
        .containsExactlyInAnyOrder("config.json", "model.safetensors", "other.bin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pytorch_model.bin", "pytorch_model.legacy.bin"})
  void aModelOfPyTorchsIsSavedAsTheSameSafetensors(String file) throws IOException {
    Path torch = Files.createDirectory(parent.resolve("torch"));
    Goldens.copy(torch, "bert-sequence-classification", "config.json", file, "model.safetensors");
    Checkpoint expected = Checkpoint.open(torch);
    Files.delete(torch.resolve("model.safetensors"));
    Files.move(torch.resolve(file), torch.resolve("pytorch_model.bin"));

    save(Checkpoint.open(torch), Optional.empty());

    Checkpoint saved = Checkpoint.open(target);
    assertThat(saved.weights().names())
        .containsExactlyInAnyOrderElementsOf(expected.weights().names());
    for (String name : saved.weights().names()) {
      assertThat(saved.weights().tensor(name).bytes())
          .as(name)
          .isEqualTo(expected.weights().tensor(name).bytes());
    }
  }

  @Test
  void aDirectoryThatIsNotEmptyIsKept() throws IOException {
    Files.createDirectory(target);
    Files.writeString(target.resolve("config.json"), "old");

    assertThatThrownBy(() -> save(Checkpoint.open(source), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "output directory '%s' is not empty; choose another, or replace files in it with --force",
            target);
    assertThat(target.resolve("config.json")).hasContent("old");
  }

  private JsonObject saved(ModelConfig config) throws IOException {
    Checkpoint model = Checkpoint.open(source);
    save(model.with(config, model.weights()), Optional.empty());
    return json(target);
  }

  private List<Path> save(Checkpoint model, Optional<StoredType> type) {
    try (StagedModel staged = StagedModel.write(model, type, target, Existing.REFUSE)) {
      return staged.publish();
    }
  }

  private void write(String name, Tensor tensor) {
    new SafeTensorsWriter()
        .add(name, tensor)
        .write(source.resolve("model.safetensors"), Existing.REPLACE);
  }

  private static LayerGeometry layer(int heads, int intermediate) {
    return new LayerGeometry(heads, 8, intermediate);
  }

  private static JsonObject json(Path directory) throws IOException {
    return JsonParser.parseString(Files.readString(directory.resolve("config.json")))
        .getAsJsonObject();
  }
}
