package org.bertology.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads models that Hugging Face's own library has written. */
class GoldenCheckpointTest {
  /** Softmax rows sum to one in double arithmetic, up to a rounding per key. */
  private static final double ROW_SUM_TOLERANCE = 1e-14;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-masked-lm",
        "bert-regression",
        "bert-sequence-classification",
        "bert-token-classification"
      })
  void aModelHasTheParametersThatItsMakerCounted(String folder) throws IOException {
    Goldens.copy(directory, folder, "config.json", "model.safetensors", "inputs.json");

    Checkpoint checkpoint = Checkpoint.open(directory);

    assertThat(checkpoint.weights().names()).containsExactlyInAnyOrderElementsOf(parameterNames());
    assertThat(checkpoint.config().layers()).isEqualTo(List.of(layer(4), layer(4), layer(4)));
    assertThat(checkpoint.config().architectures())
        .singleElement()
        .asString()
        .startsWith("BertFor");
  }

  private List<String> parameterNames() throws IOException {
    List<String> names = new ArrayList<>();
    for (JsonElement name :
        JsonParser.parseString(Files.readString(directory.resolve("inputs.json")))
            .getAsJsonObject()
            .getAsJsonArray("parameter_names")) {
      names.add(name.getAsString());
    }
    return names;
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-masked-lm", "bert-regression", "bert-token-classification"})
  void aPrunedModelHasParametersOfThePrunedShapes(String folder) throws IOException {
    Goldens.copy(directory, folder + "/pruned", "config.json", "model.safetensors");

    Checkpoint checkpoint = Checkpoint.open(directory);

    ModelConfig config = checkpoint.config();
    assertThat(config.prunedHeads())
        .isEqualTo(Map.of(0, List.of(1, 2, 3), 1, List.of(1), 2, List.of(0, 2)));
    assertThat(config.layers()).containsExactly(layer(1), layer(3), layer(2));
    attentionShapes(config)
        .forEach((name, shape) -> assertThat(checkpoint.weights().shape(name)).isEqualTo(shape));
  }

  private static LayerGeometry layer(int heads) {
    return new LayerGeometry(heads, 8, 48);
  }

  private static Map<String, long[]> attentionShapes(ModelConfig config) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (int i = 0; i < config.layers().size(); i++) {
      long width = (long) config.layers().get(i).heads() * 8;
      String attention = "bert.encoder.layer.%d.attention.".formatted(i);
      for (String projection : List.of("query", "key", "value")) {
        shapes.put(attention + "self." + projection + ".weight", new long[] {width, 32});
        shapes.put(attention + "self." + projection + ".bias", new long[] {width});
      }
      shapes.put(attention + "output.dense.weight", new long[] {32, width});
    }
    return shapes;
  }

  @Test
  void aFloatTensorHasTheValuesInTheFile() throws IOException {
    Goldens.copy(directory, "bert-masked-lm", "config.json", "model.safetensors");

    Checkpoint checkpoint = Checkpoint.open(directory);

    // Decoded from the file by Python's struct module.
    assertThat(checkpoint.weights().get("cls.predictions.bias").toFloats())
        .hasSize(97)
        .startsWith(0.0635230615735054f, 0.5245307683944702f, 0.014460832811892033f);
    assertThat(SafeTensors.open(directory.resolve("model.safetensors")).metadata())
        .isEqualTo(Map.of("format", "pt"));
  }

  @Test
  void aDoubleTensorHasTheValuesInTheFile() throws IOException {
    Goldens.copy(directory, "bert-masked-lm", "expected.safetensors");

    SafeTensors expected = SafeTensors.open(directory.resolve("expected.safetensors"));

    // Decoded from the file by Python's struct module.
    assertThat(expected.get("loss_per_example").toDoubles())
        .containsExactly(10.704449308028428, 6.59785961588163, 9.809574403272384);
    assertThat(expected.get("attentions.2").type()).isEqualTo(DType.F64);
    assertRowsSumToOne(expected.get("attentions.2").toDoubles(), 9);
  }

  private static void assertRowsSumToOne(double[] probabilities, int keys) {
    for (int row = 0; row < probabilities.length; row += keys) {
      double sum = 0;
      for (int key = 0; key < keys; key++) {
        sum += probabilities[row + key];
      }
      assertThat(sum).isCloseTo(1, within(ROW_SUM_TOLERANCE));
    }
  }

  @Test
  void theHashIsWhatTheCommandLinePrints() throws IOException {
    Goldens.copy(directory, "bert-masked-lm", "config.json", "model.safetensors");

    // cat config.json model.safetensors | sha256sum
    assertThat(Checkpoint.open(directory).sha256())
        .isEqualTo("c048c9dfba0b7da1c147e27db388548c807ad83fb3c2255c3b8c50984e63cfa1");
  }
}
