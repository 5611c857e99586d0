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
import org.bertology.api.model.Activation;
import org.bertology.api.model.AttentionPattern;
import org.bertology.api.model.Gpt;
import org.bertology.api.model.Gpt2;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.ContentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GptConfigTest {
  private static final LayerGeometry LAYER = new LayerGeometry(4, 8, 128);

  @TempDir Path directory;

  private ModelConfig read(String modelType, String more) throws IOException {
    Path file = directory.resolve("config.json");
    String json =
        "{'model_type':'%s','vocab_size':97,'n_embd':32,'n_layer':2,'n_head':4,'n_positions':40%s}"
            .formatted(modelType, more);
    Files.writeString(file, json.replace('\'', '"'));
    return ModelConfig.read(file);
  }

  private static JsonObject written(ModelConfig config, Path source) throws IOException {
    JsonObject json = JsonParser.parseString(Files.readString(source)).getAsJsonObject();
    return JsonParser.parseString(ModelConfigJson.text(json, config, Optional.empty()))
        .getAsJsonObject();
  }

  @Test
  void whatIsNotStatedHasTheLibrarysDefault() throws IOException {
    TransformerConfig gpt2 = read("gpt2", ",'n_inner':null").transformer();
    TransformerConfig gpt = read("openai-gpt", "").transformer();

    assertThat(gpt2.family()).isEqualTo(new Gpt2(true, false));
    assertThat(gpt2.layers()).containsExactly(LAYER, LAYER);
    assertThat(gpt2.layerNormEpsilon()).isEqualTo(1e-5);
    assertThat(gpt2.activation()).isEqualTo(Activation.GELU_TANH);
    assertThat(gpt2.tokenTypes()).isZero();
    assertThat(gpt2.attention()).isEqualTo(AttentionPattern.LEFT_TO_RIGHT);
    assertThat(gpt2.tiedEmbeddings()).isTrue();
    assertThat(gpt).isEqualTo(gpt2.withFamily(new Gpt()));
  }

  @Test
  void scoresAreScaledAsTheFileSays() throws IOException {
    ModelConfig config =
        read("gpt2", ",'scale_attn_weights':false,'scale_attn_by_inverse_layer_idx':true");

    assertThat(config.transformer().family()).isEqualTo(new Gpt2(false, true));
  }

  @Test
  void layersThatAreLeftKeepTheNumbersOfTheirScale() throws IOException {
    ModelConfig config =
        read(
            "gpt2",
            ",'scale_attn_by_inverse_layer_idx':true,'bertology':{'layers':["
                + "{'layer':1,'heads':4,'intermediate':128},{'layer':3,'heads':4,'intermediate':128}]}");

    assertThat(config.transformer().family()).isEqualTo(new Gpt2(true, true, List.of(1, 3)));
  }

  /** The library's class for GPT maps the name to the tanh approximation. */
  @Test
  void theGeluOfGptIsTheApproximation() throws IOException {
    assertThat(read("openai-gpt", ",'afn':'gelu'").transformer().activation())
        .isEqualTo(Activation.GELU_TANH);
    assertThat(read("openai-gpt", ",'afn':'relu'").transformer().activation())
        .isEqualTo(Activation.RELU);
    assertThat(read("gpt2", ",'activation_function':'gelu'").transformer().activation())
        .isEqualTo(Activation.GELU);
    assertThatThrownBy(() -> read("openai-gpt", ",'afn':'swish'"))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "'%s': afn 'swish' is not supported; known are gelu, relu",
            directory.resolve("config.json"));
  }

  @Test
  void anAttentionOtherThanTheFamilysIsReadAndWritten() throws IOException {
    ModelConfig config = read("gpt2", ",'bertology':{'attention':'prefix:3'}");
    ModelConfig usual = config.withAttention(AttentionPattern.LEFT_TO_RIGHT);
    Path file = directory.resolve("config.json");

    assertThat(config.transformer().attention()).isEqualTo(AttentionPattern.prefix(3));
    assertThat(written(config, file).get("bertology").toString())
        .isEqualTo("{\"attention\":\"prefix:3\"}");
    assertThat(written(usual, file).has("bertology")).isFalse();
  }

  @Test
  void anUnknownAttentionIsRefused() {
    assertThatThrownBy(() -> read("gpt2", ",'bertology':{'attention':'causal'}"))
        .isInstanceOf(ContentException.class)
        .hasMessageContaining("unknown attention 'causal'; expected full, left-to-right,");
  }

  @Test
  void segmentsThatTheModelDoesNotHaveAreRefused() {
    assertThatThrownBy(() -> read("gpt2", ",'bertology':{'attention':'sequence-to-sequence'}"))
        .isInstanceOf(ContentException.class)
        .hasMessageContaining("this model has 0 types of tokens, it needs 2");
  }

  @Test
  void theUsualNumberOfNeuronsStaysUnsaid() throws IOException {
    ModelConfig config = read("openai-gpt", "");
    Path file = directory.resolve("config.json");
    LayerGeometry fewer = LAYER.with(4, 100);
    TransformerConfig cut = config.transformer().withLayers(List.of(fewer, fewer));

    assertThat(written(config, file).has("n_inner")).isFalse();
    assertThat(written(config.pruned(Map.of(), cut, List.of()), file).get("n_inner").getAsInt())
        .isEqualTo(100);
  }
}
