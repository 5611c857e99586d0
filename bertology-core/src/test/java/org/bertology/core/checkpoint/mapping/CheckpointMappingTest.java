package org.bertology.core.checkpoint.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.ContentException;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.SafeTensorsWriter;
import org.bertology.core.file.AtomicFiles.Existing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointMappingTest {
  @TempDir Path directory;

  private Path mapping;

  /** One layer of width 2 whose query, key and value are one parameter, as [inputs, outputs]. */
  @BeforeEach
  void writeAForeignModel() throws IOException {
    mapping = directory.resolve("mapping.json");
    Files.writeString(
        directory.resolve("config.json"),
        "{'d_model':2,'vocab_size':7,'num_hidden_layers':1,'num_attention_heads':1,'intermediate_size':3,'max_position_embeddings':5}"
            .replace('\'', '"'));
    new SafeTensorsWriter()
        .add("blocks.0.qkv.w", Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 2, 6))
        .add("blocks.0.qkv.b", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 6))
        .add("step", Tensor.of(new float[] {1}))
        .add("other", Tensor.of(new float[] {1}, 1))
        .write(directory.resolve("model.safetensors"), Existing.REFUSE);
  }

  private Checkpoint open(String text) throws IOException {
    Files.writeString(mapping, text.replace('\'', '"'));
    return Checkpoint.open(directory, Optional.of(mapping));
  }

  private static String mapping(String tensors) {
    return "{'config':{'model_type':'bert','hidden_size':{'from':'d_model'}},'tensors':[%s]}"
        .formatted(tensors);
  }

  private static String fused(String source, String suffix, String more) {
    return "{'name':'%s','is':['bert.encoder.layer.$1.query.%s','bert.encoder.layer.$1.key.%s','bert.encoder.layer.$1.value.%s']%s}"
        .formatted(source, suffix, suffix, suffix, more);
  }

  @Test
  void parametersAreRenamedDividedAndTransposed() throws IOException {
    Checkpoint checkpoint =
        open(
            mapping(
                fused("blocks\\\\.(\\\\d+)\\\\.qkv\\\\.w", "weight", ",'transposed':true")
                    + ","
                    + fused("blocks\\\\.(\\\\d+)\\\\.qkv\\\\.b", "bias", "")
                    + ",{'name':'step','is':[]}"));

    assertThat(checkpoint.config().transformer().hiddenSize()).isEqualTo(2);
    assertThat(checkpoint.weights().names())
        .containsExactlyInAnyOrder(
            "bert.encoder.layer.0.query.weight",
            "bert.encoder.layer.0.key.weight",
            "bert.encoder.layer.0.value.weight",
            "bert.encoder.layer.0.query.bias",
            "bert.encoder.layer.0.key.bias",
            "bert.encoder.layer.0.value.bias",
            "other");
    assertThat(checkpoint.weights().shape("bert.encoder.layer.0.key.weight")).containsExactly(2, 2);
    assertThat(checkpoint.weights().get("bert.encoder.layer.0.key.weight").toFloats())
        .containsExactly(3, 9, 4, 10);
    assertThat(checkpoint.weights().get("bert.encoder.layer.0.value.bias").toFloats())
        .containsExactly(5, 6);
  }

  @Test
  void aDescriptionBesideTheWeightsIsFound() throws IOException {
    Files.writeString(directory.resolve("bertology-mapping.json"), mapping("").replace('\'', '"'));

    assertThat(Checkpoint.open(directory).config().modelType()).isEqualTo("bert");
  }

  @Test
  void aModelOfNoKnownFamilyNamesTheWayOut() throws IOException {
    Files.writeString(directory.resolve("config.json"), "{\"model_type\":\"mega\"}");

    assertThatThrownBy(() -> Checkpoint.open(directory))
        .isInstanceOf(ContentException.class)
        .hasMessageStartingWith(
            "'%s': model_type 'mega' is not a known family; known are "
                .formatted(directory.resolve("config.json")))
        .hasMessageEndingWith(
            "; a checkpoint of one of them whose parameters have other names can be described in a"
                + " mapping file, bertology-mapping.json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'tensor':[]} | '%s': the key 'tensor' is unknown; known are config, tensors",
        "{'config':{'model_type':'bert','hidden_size':{'from':'width'}}}"
            + " | '%s' takes a value from the key 'width', which '%c' does not have",
        "{'tensors':[{'name':'(','is':'x'}]}"
            + " | '%s' 'tensors' [0]: 'name' must be a regular expression: Unclosed group near index 1",
        "{'tensors':[{'name':'step','is':'x','axis':1}]}"
            + " | '%s' 'tensors' [0]: the key 'axis' is unknown; known are name, is, transposed",
        "{'tensors':[{'name':'step','is':'x.$1'}]}"
            + " | '%s' 'tensors' [0]: '[x.$1]' asks for a group that 'step' does not have",
        "{'tensors':[{'name':'[so]t.*','is':'x'}]}"
            + " | '%s' makes both 'step' and 'other' the parameter 'x'",
        "{'tensors':[{'name':'step','is':'x','transposed':true}]}"
            + " | '%s' 'tensors' [0]: 'step' is to be transposed, but its shape is [], not that of a matrix",
        "{'tensors':[{'name':'.*b','is':['1','2','3','4']}]}"
            + " | '%s' 'tensors' [0]: 'blocks.0.qkv.b' is to be 4 parameters, but its shape [6] cannot be divided so",
      })
  void wrongDescriptionsAreRefused(String text, String message) {
    assertThatThrownBy(() -> open(text))
        .isInstanceOf(ContentException.class)
        .hasMessageStartingWith(
            message
                .replace("%s", mapping.toString())
                .replace("%c", directory.resolve("config.json").toString()));
  }
}
