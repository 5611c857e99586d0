package org.bertology.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bertology.api.model.Activation;
import org.bertology.api.model.AttentionPattern;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.Stack;
import org.bertology.api.model.T5;
import org.bertology.api.model.TransformerConfig;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.bertology.core.json.JsonFields;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.prune.Cut;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class T5ConfigTest {
  @TempDir Path directory;

  private Path file(String more) throws IOException {
    String json =
        ("{'model_type':'t5','vocab_size':97,'d_model':32,'d_kv':6,'d_ff':48,'num_layers':3,"
                + "'num_heads':4,'architectures':['T5ForConditionalGeneration']%s}")
            .formatted(more);
    return Files.writeString(directory.resolve("config.json"), json.replace('\'', '"'));
  }

  private ModelConfig read(String more) throws IOException {
    return ModelConfig.read(file(more));
  }

  private static LayerGeometry layer(Stack stack, int neurons) {
    return new LayerGeometry(stack, 4, 6, neurons);
  }

  @Test
  void whatIsNotStatedHasTheLibrarysDefault() throws IOException {
    TransformerConfig config = read("").transformer();

    assertThat(config.family()).isEqualTo(new T5(32, 128, false, false, 0));
    assertThat(config.count(Stack.ENCODER)).isEqualTo(3);
    assertThat(config.count(Stack.DECODER)).isEqualTo(3);
    assertThat(config.layerNormEpsilon()).isEqualTo(1e-6);
    assertThat(config.activation()).isEqualTo(Activation.RELU);
    assertThat(config.maxPositions()).isEqualTo(512);
    assertThat(config.tokenTypes()).isZero();
    assertThat(config.tiedEmbeddings()).isTrue();
  }

  @Test
  void aDecoderMayHaveItsOwnNumberOfLayersAndAGate() throws IOException {
    TransformerConfig config =
        read(",'num_decoder_layers':1,'feed_forward_proj':'gated-gelu','tie_word_embeddings':false")
            .transformer();

    assertThat(config.layers())
        .containsExactly(
            layer(Stack.ENCODER, 48),
            layer(Stack.ENCODER, 48),
            layer(Stack.ENCODER, 48),
            layer(Stack.DECODER, 48),
            layer(Stack.CROSS, 0));
    assertThat(config.family()).isEqualTo(new T5(32, 128, true, false, 0));
    assertThat(config.activation()).isEqualTo(Activation.GELU_TANH);
    assertThat(config.tiedEmbeddings()).isFalse();
  }

  @Test
  void headsOfAllAttentionsThatAreGoneAreWrittenAndRead() throws IOException {
    ModelConfig config = read(",'num_decoder_layers':2");
    ModelMask ones = ModelMask.ones(config.transformer());

    ModelConfig again = again(config, ones.without(List.of(Unit.head(3, 1), Unit.head(6, 0))));

    assertThat(again.prunedHeads().keySet()).containsExactly(3, 6);
    assertThat(again.transformer().family()).isEqualTo(new T5(32, 128, false, true, 0));
  }

  @Test
  void neuronsThatAreGoneLeaveTheSharedTable() throws IOException {
    ModelConfig config = read("");
    ModelMask ones = ModelMask.ones(config.transformer());

    ModelConfig again = again(config, ones.without(List.of(Unit.neuron(4, 7))));

    assertThat(again.transformer().family()).isEqualTo(config.transformer().family());
  }

  @Test
  void aLayerOfTheDecoderTakesItsCrossAttentionAway() throws IOException {
    ModelConfig config = read("");
    ModelMask ones = ModelMask.ones(config.transformer());

    ModelConfig again = again(config, ones.without(List.of(Unit.layer(0), Unit.layer(4))));

    assertThat(again.originalLayers()).containsExactly(1, 2, 3, 5, 6, 8);
    assertThat(again.transformer().count(Stack.ENCODER)).isEqualTo(2);
    assertThat(again.transformer().count(Stack.CROSS)).isEqualTo(2);
    JsonObject json =
        JsonParser.parseString(Files.readString(directory.resolve("again.json"))).getAsJsonObject();
    assertThat(json.get("num_layers").getAsInt()).isEqualTo(2);
    assertThat(json.get("num_decoder_layers").getAsInt()).isEqualTo(2);
    JsonArray layers = json.getAsJsonObject("bertology").getAsJsonArray("layers");
    assertThat(layers.get(5).toString()).isEqualTo("{\"layer\":8,\"heads\":4,\"intermediate\":0}");
  }

  /** The configuration without what a mask takes away, written and read. */
  private ModelConfig again(ModelConfig config, ModelMask mask) throws IOException {
    String source = Files.readString(directory.resolve("config.json"));
    JsonFields json = new JsonFields("config", JsonParser.parseString(source).getAsJsonObject());
    Checkpoint whole = new Checkpoint(directory, config, json, new NoWeights(), List.of());
    Checkpoint cut = Cut.of(whole, mask);
    Path file = directory.resolve("again.json");
    Files.writeString(file, cut.configText(Optional.empty()));
    ModelConfig again = ModelConfig.read(file);
    assertThat(again).isEqualTo(cut.config());
    return again;
  }

  private record NoWeights() implements StoredWeights {
    @Override
    public Set<String> names() {
      return Set.of();
    }

    @Override
    public long[] shape(String name) {
      throw new IllegalArgumentException(name);
    }

    @Override
    public Tensor get(String name) {
      throw new IllegalArgumentException(name);
    }

    @Override
    public Tensor tensor(String name) {
      throw new IllegalArgumentException(name);
    }

    @Override
    public StoredType storedType(String name) {
      throw new IllegalArgumentException(name);
    }
  }

  private static Stream<Arguments> wrongSettings() {
    return Stream.of(
        arguments(
            ",'relative_attention_num_buckets':7",
            "'relative_attention_num_buckets' must be an even number, got 7"),
        arguments(
            ",'relative_attention_max_distance':16", "'relative_attention_max_distance' must be"),
        arguments(",'decoder_start_token_id':97", "'decoder_start_token_id' must be"),
        arguments(
            ",'bertology':{'relative_attention_bias':'none'}",
            "'relative_attention_bias' must be 'per-layer', got none"),
        arguments(
            ",'feed_forward_proj':'gated-silu'",
            "feed_forward_proj 'gated-silu' is not supported; known are gated-gelu, gated-relu,"
                + " gelu, relu"),
        arguments(
            ",'bertology':{'attention':'left-to-right'}",
            "left-to-right attention is for models of one stack; this one has an encoder, which"
                + " sees all of the text, and a decoder"));
  }

  @ParameterizedTest
  @MethodSource("wrongSettings")
  void wrongSettingsAreRefused(String more, String message) throws IOException {
    Path file = file(more);

    assertThatThrownBy(() -> ModelConfig.read(file))
        .isInstanceOf(ContentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anAttentionPatternIsForOneStack() throws IOException {
    TransformerConfig config = read("").transformer();

    assertThatThrownBy(() -> config.withAttention(AttentionPattern.LEFT_TO_RIGHT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("left-to-right attention is for models of one stack");
  }
}
