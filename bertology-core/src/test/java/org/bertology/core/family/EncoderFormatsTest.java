package org.bertology.core.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bertology.api.model.Activation;
import org.bertology.api.model.Albert;
import org.bertology.api.model.Electra;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Nezha;
import org.bertology.api.model.Roberta;
import org.bertology.api.model.Task;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.core.ContentException;
import org.bertology.core.GoldenModel;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.ModelConfig;
import org.bertology.core.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the configurations of encoders say besides what all families have in common. */
class EncoderFormatsTest {
  @TempDir Path directory;

  /** The configuration of a reference model with something else in it. */
  private ModelConfig read(String folder, String... replacements) throws IOException {
    return ModelConfig.read(changed(folder, replacements).resolve("config.json"));
  }

  private Path changed(String folder, String... replacements) throws IOException {
    new GoldenModel(directory, folder).close();
    Path file = directory.resolve("config.json");
    String json = Files.readString(file);
    for (int i = 0; i < replacements.length; i += 2) {
      assertThat(json).contains(replacements[i]);
      json = json.replace(replacements[i], replacements[i + 1]);
    }
    Files.writeString(file, json);
    return directory;
  }

  @Test
  void robertasPositionsBeginAfterThatOfPadding() throws IOException {
    ModelConfig config = read("roberta-masked-lm", "\"pad_token_id\": 1", "\"pad_token_id\": 5");

    assertThat(config.transformer().family()).isEqualTo(new Roberta(5));
    assertThat(config.transformer().maxPositions()).isEqualTo(34);
    assertThat(config.paddingId()).isEqualTo(5);
  }

  @Test
  void aRobertaWithoutPositionsForTokensIsRefused() throws IOException {
    Path file = changed("roberta-masked-lm", "embeddings\": 40", "embeddings\": 2");

    assertThatThrownBy(() -> Checkpoint.open(file))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "'%s': max_position_embeddings 2 leaves no position for a token: the first 2 belong to padding (pad_token_id 1)",
            file.resolve("config.json"));
  }

  @Test
  void distilBertReadsNoEpsilonAndNoTokenTypes() throws IOException {
    ModelConfig config =
        read(
            "distilbert-masked-lm",
            "\"dim\": 32",
            "\"dim\": 32, \"layer_norm_eps\": 1e-5, \"type_vocab_size\": 2",
            "sinusoidal_pos_embds\": false",
            "sinusoidal_pos_embds\": true");

    assertThat(config.transformer().layerNormEpsilon()).isEqualTo(1e-12);
    assertThat(config.transformer().tokenTypes()).isZero();
    assertThat(config.layers()).hasSize(3).allMatch(new LayerGeometry(4, 8, 48)::equals);
  }

  @Test
  void electrasEmbeddingsAreOfAWidthOfTheirOwn() throws IOException {
    assertThat(read("electra-sequence-classification").transformer().family())
        .isEqualTo(new Electra(20));
  }

  @Test
  void electrasEmbeddingsAreUsuallyOfWidth128() throws IOException {
    ModelConfig config = read("electra-sequence-classification", "\"embedding_size\": 20,", "");

    assertThat(config.transformer().family()).isEqualTo(new Electra(128));
  }

  @Test
  void nezhasDistancesHaveAnEnd() throws IOException {
    assertThat(read("nezha-masked-lm").transformer().family()).isEqualTo(new Nezha(4));
  }

  @Test
  void albertsLayersShareTheirParametersInGroups() throws IOException {
    ModelConfig config =
        read("albert-masked-lm", "\"num_hidden_groups\": 1", "\"num_hidden_groups\": 2");

    assertThat(config.transformer().family()).isEqualTo(new Albert(20, 3, 2));
    assertThat(config.transformer().activation()).isEqualTo(Activation.GELU_TANH);
  }

  @Test
  void albertsGroupsHaveOneLayer() throws IOException {
    Path model = changed("albert-masked-lm", "inner_group_num\": 1", "inner_group_num\": 2");

    assertThatThrownBy(() -> Checkpoint.open(model))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "'%s': inner_group_num 2 is not supported; known are groups of one layer that is repeated, inner_group_num 1",
            model.resolve("config.json"));
  }

  @Test
  void albertsPrunedHeadsAreThoseOfGroups() throws IOException {
    ModelConfig config =
        read(
            "albert-masked-lm",
            "\"num_hidden_groups\": 1",
            "\"num_hidden_groups\": 2, \"pruned_heads\": {\"0\": [3, 1]}");

    assertThat(config.prunedHeads()).isEqualTo(Map.of(0, List.of(1, 3), 1, List.of(1, 3)));
    assertThat(config.layers()).extracting(LayerGeometry::heads).containsExactly(2, 2, 4);
  }

  @Test
  void prunedHeadsOfAGroupThatIsNotThereAreRefused() throws IOException {
    Path model =
        changed(
            "albert-masked-lm",
            "\"num_hidden_groups\": 1",
            "\"num_hidden_groups\": 1, \"pruned_heads\": {\"1\": [3]}");

    assertThatThrownBy(() -> Checkpoint.open(model))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "'%s': 'pruned_heads' names the layer '1'; expected an integer from 0 to 0",
            model.resolve("config.json"));
  }

  @Test
  void layersThatShareParametersAreNotStatedDifferently() throws IOException {
    String layer = "{\"heads\": %d, \"intermediate\": 48}";
    Path model =
        changed(
            "albert-masked-lm",
            "\"num_hidden_groups\": 1",
            "\"num_hidden_groups\": 1, \"bertology\": {\"layers\": [%s, %s, %s]}"
                .formatted(layer.formatted(4), layer.formatted(3), layer.formatted(3)));

    assertThatThrownBy(() -> Checkpoint.open(model))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "'%s': layers 0 and 1 share their parameters, but 'bertology' states other heads or neurons for the second",
            model.resolve("config.json"));
  }

  @Test
  void anUnsharedModelHasTheParametersOfEachLayerAndSaysSo() throws IOException {
    Checkpoint shared = Checkpoint.open(changed("albert-sequence-classification"));

    Checkpoint own = shared.unshared();

    String third = "albert.encoder.albert_layer_groups.2.albert_layers.0.ffn.weight";
    assertThat(own.config().transformer().family()).isEqualTo(new Albert(20, 3, 3));
    assertThat(own.configText(Optional.empty())).contains("\"num_hidden_groups\": 3");
    assertThat(own.weights().names()).hasSize(shared.weights().names().size() + 2 * 16);
    assertThat(own.weights().get(third).toFloats())
        .isEqualTo(shared.weights().get(third.replace("groups.2", "groups.0")).toFloats());
    assertThat(own.unshared()).isSameAs(own);
  }

  @ParameterizedTest
  @CsvSource({"xlm-roberta, XLMRoberta", "camembert, Camembert"})
  void modelsThatAreRobertaUnderAnotherNameAreReadAsSuch(String modelType, String classes)
      throws IOException {
    Path model =
        changed(
            "roberta-sequence-classification",
            "\"model_type\": \"roberta\"",
            "\"model_type\": \"%s\"".formatted(modelType),
            "RobertaFor",
            classes + "For");

    try (ReferenceBackend backend = new ReferenceBackend();
        Model opened = Model.openWithoutTokenizer(model, backend)) {
      assertThat(opened.config().family()).isEqualTo(new Roberta(1));
      assertThat(opened.task()).isEqualTo(Task.SEQUENCE_CLASSIFICATION);
    }
  }

  /** The tasks that need no parameters which the reference models lack. */
  @ParameterizedTest
  @CsvSource({
    "roberta-masked-lm, RobertaForMaskedLM, RobertaModel",
    "distilbert-masked-lm, DistilBertForMaskedLM, DistilBertModel",
    "electra-replaced-token-detection, ElectraForPreTraining, ElectraModel",
    "nezha-masked-lm, NezhaForMaskedLM, NezhaModel",
    "albert-masked-lm, AlbertForMaskedLM, AlbertModel"
  })
  void aModelWithoutATaskEndsWithItsLastLayer(String folder, String from, String to)
      throws IOException {
    Path model = changed(folder, from, to);

    try (ReferenceBackend backend = new ReferenceBackend();
        Model opened = Model.openWithoutTokenizer(model, backend)) {
      assertThat(opened.task()).isEqualTo(Task.ENCODER);
      assertThat(opened.output()).isEqualTo("layer.2");
    }
  }
}
