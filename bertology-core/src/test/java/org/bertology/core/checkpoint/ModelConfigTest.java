package org.bertology.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bertology.api.model.Activation;
import org.bertology.api.model.Bert;
import org.bertology.api.model.LayerGeometry;
import org.bertology.api.model.TransformerConfig;
import org.bertology.core.ContentException;
import org.bertology.core.family.Families;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelConfigTest {
  private static final String NEEDED =
      "'model_type':'bert','vocab_size':97,'hidden_size':32,'num_hidden_layers':2,"
          + "'num_attention_heads':4,'intermediate_size':48,'max_position_embeddings':40";

  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("config.json");
  }

  @Test
  void whatIsNotStatedHasTheLibrarysDefault() throws IOException {
    ModelConfig config = read("");

    assertThat(config)
        .isEqualTo(
            new ModelConfig(
                Families.of("bert").orElseThrow(),
                List.of(),
                new TransformerConfig(
                    new Bert(),
                    97,
                    32,
                    List.of(layer(4, 48), layer(4, 48)),
                    40,
                    2,
                    1e-12,
                    Activation.GELU,
                    2),
                4,
                48,
                List.of("LABEL_0", "LABEL_1"),
                ProblemType.UNSPECIFIED,
                0,
                Map.of(),
                List.of()));
    assertThat(config.isPruned()).isFalse();
  }

  @Test
  void everythingThatIsStatedIsRead() throws IOException {
    ModelConfig config =
        read(
            "'architectures':['BertForSequenceClassification'],'head_dim':16,'type_vocab_size':1,"
                + "'layer_norm_eps':1e-5,'hidden_act':'gelu_new',"
                + "'id2label':{'1':'pos','0':'neg'},'problem_type':'single_label_classification',"
                + "'pad_token_id':1,'tie_word_embeddings':false,'unknown':{'x':[null]}");

    assertThat(config.architectures()).containsExactly("BertForSequenceClassification");
    assertThat(config.layers().get(0).headSize()).isEqualTo(16);
    assertThat(config.transformer().tokenTypes()).isEqualTo(1);
    assertThat(config.transformer().layerNormEpsilon()).isEqualTo(1e-5);
    assertThat(config.transformer().activation()).isEqualTo(Activation.GELU_TANH);
    assertThat(config.labels()).containsExactly("neg", "pos");
    assertThat(config.problemType()).isEqualTo(ProblemType.SINGLE_LABEL_CLASSIFICATION);
    assertThat(config.paddingId()).isEqualTo(1);
    assertThat(config.transformer().tiedEmbeddings()).isFalse();
  }

  @Test
  void theGraphsPartIsTheGeometryAfterPruning() throws IOException {
    ModelConfig config = read("'num_labels':3,'pruned_heads':{'1':[0]},'type_vocab_size':1");

    assertThat(config.transformer())
        .isEqualTo(
            new TransformerConfig(
                new Bert(),
                97,
                32,
                List.of(layer(4, 48), layer(3, 48)),
                40,
                1,
                1e-12,
                Activation.GELU,
                3));
  }

  @ParameterizedTest
  @CsvSource({
    "gelu, GELU",
    "gelu_python, GELU",
    "gelu_new, GELU_TANH",
    "gelu_fast, GELU_TANH",
    "gelu_pytorch_tanh, GELU_TANH",
    "relu, RELU",
    "silu, SILU",
    "swish, SILU",
    "tanh, TANH"
  })
  void activationsHaveTheLibrarysNames(String name, Activation activation) throws IOException {
    assertThat(read("'hidden_act':'" + name + "'").transformer().activation())
        .isEqualTo(activation);
  }

  @Test
  void aNullValueCountsAsAbsent() throws IOException {
    assertThat(read("'problem_type':null,'pad_token_id':null").problemType())
        .isEqualTo(ProblemType.UNSPECIFIED);
    assertRefused(
        Files.writeString(file, "{\"model_type\":\"bert\",\"hidden_size\":null}"),
        "'%s': the key 'hidden_size' is missing");
  }

  @Test
  void theNumberOfLabelsSufficesForTheirNames() throws IOException {
    assertThat(read("'num_labels':3").labels()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
    assertThat(read("'num_labels':3,'id2label':{'0':'x'}").labels()).containsExactly("x");
  }

  @Test
  void labelsAreOrderedByNumberAndNotByText() throws IOException {
    StringBuilder labels = new StringBuilder("'0':'label 0'");
    for (int i = 11; i > 0; i--) {
      labels.append(",'%d':'label %d'".formatted(i, i));
    }

    assertThat(read("'id2label':{" + labels + "}").labels())
        .hasSize(12)
        .startsWith("label 0", "label 1", "label 2")
        .endsWith("label 10", "label 11");
  }

  @Test
  void prunedHeadsLeaveFewerHeadsInTheirLayers() throws IOException {
    ModelConfig config = read("'pruned_heads':{'1':[3,0],'0':[]}");

    assertThat(config.prunedHeads()).isEqualTo(Map.of(1, List.of(0, 3)));
    assertThat(config.layers()).containsExactly(layer(4, 48), layer(2, 48));
    assertThat(config.isPruned()).isTrue();
  }

  @Test
  void aLayerMayLoseAllItsHeads() throws IOException {
    assertThat(read("'pruned_heads':{'0':[0,1,2,3]}").layers())
        .containsExactly(layer(0, 48), layer(4, 48));
  }

  @Test
  void ourOwnKeyDescribesEveryLayer() throws IOException {
    ModelConfig config =
        read(
            "'pruned_heads':{'0':[0,1,2,3]},'bertology':{'layers':["
                + "{'heads':0,'intermediate':7},{'heads':2,'intermediate':0}]}");

    assertThat(config.layers()).containsExactly(layer(0, 7), layer(2, 0));
    assertThat(config.intermediateSize()).isEqualTo(48);
    assertThat(config.attentionHeads()).isEqualTo(4);
  }

  @Test
  void ourOwnKeyHasOneEntryPerLayer() throws IOException {
    write("'bertology':{'layers':[{'heads':4,'intermediate':48}]}");

    assertRefused(
        file, "'%s' 'bertology': 'layers' must be as many as num_hidden_layers, 2, got 1 layers");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "{'heads':5,'intermediate':1}~'heads' must be an integer from 0 to 4, got 5",
        "{'heads':-1,'intermediate':1}~'heads' must be an integer from 0 to 4, got -1",
        "{'heads':1,'intermediate':49}~'intermediate' must be an integer from 0 to 48, got 49",
        "{'heads':1}~the key 'intermediate' is missing"
      },
      quoteCharacter = '|')
  void ourOwnKeyKeepsToTheUnprunedNumbers(String layer, String fault) throws IOException {
    write("'bertology':{'layers':[{'heads':4,'intermediate':48}," + layer + "]}");

    assertRefused(file, "'%s' 'bertology' 'layers' [1]: " + fault);
  }

  @Test
  void ourOwnKeyTellsTheNumbersOfLayersBeforeSomeWereTakenAway() throws IOException {
    ModelConfig config =
        read(
            "'bertology':{'layers':[{'layer':1,'heads':4,'intermediate':48},"
                + "{'layer':5,'heads':4,'intermediate':48}]}");

    assertThat(config.originalLayers()).containsExactly(1, 5);
    assertThat(config.isPruned()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "'layer':0,~'layer':0,~'layer' must be an integer from 1 to 10000, got 0",
        "'layer':1,~'layer':-1,~'layer' must be an integer from 2 to 10000, got -1",
        "'layer':1,~||~the key 'layer' is missing"
      },
      quoteCharacter = '|')
  void theNumbersOfLayersAscend(String first, String second, String fault) throws IOException {
    write(
        "'bertology':{'layers':[{%s'heads':4,'intermediate':48},{%s'heads':4,'intermediate':48}]}"
            .formatted(first, second));

    assertRefused(file, "'%s' 'bertology' 'layers' [1]: " + fault);
  }

  @Test
  void theNumbersOfLayersAreInAllEntriesOrInNone() throws IOException {
    write(
        "'bertology':{'layers':[{'heads':4,'intermediate':48},"
            + "{'layer':1,'heads':4,'intermediate':48}]}");

    assertRefused(
        file,
        "'%s' 'bertology' 'layers' [1]: 'layer' must be in all entries or in none, got"
            + " {\"layer\":1,\"heads\":4,\"intermediate\":48}");
  }

  @Test
  void ourOwnKeyMustAgreeWithThePrunedHeads() throws IOException {
    write(
        "'pruned_heads':{'1':[2]},'bertology':{'layers':["
            + "{'heads':4,'intermediate':48},{'heads':4,'intermediate':48}]}");

    assertRefused(file, "'%s': 'pruned_heads' leaves 3 heads in layer 1, 'bertology' states 4");
  }

  @Test
  void aMissingFileIsNamed() {
    assertRefused(file, "'%s' is missing");
  }

  @Test
  void textThatIsNotJsonIsRefused() throws IOException {
    Files.writeString(file, "{\"hidden_size\": 32,}");

    assertThatThrownBy(() -> ModelConfig.read(file))
        .isInstanceOf(ContentException.class)
        .hasMessageStartingWith("'%s' is not JSON: ".formatted(file));
  }

  @Test
  void anArrayIsRefused() throws IOException {
    Files.writeString(file, "[]");

    assertRefused(file, "'%s' must be a JSON object, got []");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model_type",
        "vocab_size",
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        "intermediate_size",
        "max_position_embeddings"
      })
  void aNeededKeyThatIsMissingIsNamed(String key) throws IOException {
    Files.writeString(file, "{%s}".formatted(NEEDED).replaceFirst(key, "other").replace('\'', '"'));

    assertRefused(file, "'%s': the key '" + key + "' is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '|',
      value = {
        "'hidden_size':32~'hidden_size':0~'hidden_size' must be an integer of at least 1, got 0",
        "'hidden_size':32~'hidden_size':-8~'hidden_size' must be an integer of at least 1, got -8",
        "'hidden_size':32~'hidden_size':'32'~"
            + "'hidden_size' must be an integer of at least 1, got \"32\"",
        "'hidden_size':32~'hidden_size':3.5~"
            + "'hidden_size' must be an integer of at least 1, got 3.5",
        "'hidden_size':32~'hidden_size':4294967328~"
            + "'hidden_size' must be an integer of at least 1, got 4294967328",
        "'hidden_size':32~'hidden_size':30~"
            + "hidden_size 30 is not a multiple of num_attention_heads 4",
        "'num_hidden_layers':2~'num_hidden_layers':1000000000~"
            + "'num_hidden_layers' must be an integer from 1 to 10000, got 1000000000",
        "'model_type':'bert'~'model_type':7~'model_type' must be a string, got 7"
      })
  void aNeededKeyWithAWrongValueIsNamed(String right, String wrong, String fault)
      throws IOException {
    Files.writeString(file, "{%s}".formatted(NEEDED).replace(right, wrong).replace('\'', '"'));

    assertRefused(file, "'%s': " + fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '|',
      value = {
        "'hidden_act':'mish'~hidden_act 'mish' is not supported; known are gelu, gelu_fast, gelu_new,"
            + " gelu_python, gelu_pytorch_tanh, relu, silu, swish, tanh",
        "'position_embedding_type':'relative_key'~"
            + "position_embedding_type 'relative_key' is not supported; known is absolute",
        "'problem_type':'ranking'~problem_type 'ranking' is unknown; known are"
            + " regression, single_label_classification, multi_label_classification",
        "'layer_norm_eps':0~'layer_norm_eps' must be a positive number, got 0",
        "'layer_norm_eps':'small'~'layer_norm_eps' must be a positive number, got \"small\"",
        "'layer_norm_eps':1e999~'layer_norm_eps' must be a positive number, got 1e999",
        "'type_vocab_size':0~'type_vocab_size' must be an integer of at least 1, got 0",
        "'pad_token_id':97~'pad_token_id' must be an integer from 0 to 96, got 97",
        "'tie_word_embeddings':'no'~'tie_word_embeddings' must be true or false, got \"no\"",
        "'architectures':'BertModel'~"
            + "'architectures' must be an array of strings, got \"BertModel\"",
        "'architectures':[1]~'architectures' must be an array of strings, got [1]",
        "'id2label':{'0':'a','2':'b'}~"
            + "'id2label' must be indexed 0, 1, 2, … without gaps, got [0, 2]",
        "'id2label':{'0':'a','00':'b'}~"
            + "'id2label' must be indexed 0, 1, 2, … without gaps, got [0, 00]",
        "'id2label':{'x':'a'}~'id2label' must be indexed 0, 1, 2, … without gaps, got [x]",
        "'id2label':{}~'id2label' must be indexed 0, 1, 2, … without gaps, got []",
        "'id2label':['a']~'id2label' must be an object, got [\"a\"]",
        "'num_labels':0~'num_labels' must be an integer from 1 to 1000000, got 0",
        "'pruned_heads':{'2':[0]}~"
            + "'pruned_heads' names the layer '2'; expected an integer from 0 to 1",
        "'pruned_heads':{'a':[0]}~"
            + "'pruned_heads' names the layer 'a'; expected an integer from 0 to 1"
      })
  void anOptionalKeyWithAWrongValueIsNamed(String json, String rest) throws IOException {
    write(json);

    assertRefused(file, "'%s': " + rest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[4]", "[-1]", "[4294967296]"})
  void aPrunedHeadThatIsNotThereIsNamed(String heads) throws IOException {
    write("'pruned_heads':{'1':" + heads + "}");

    assertRefused(
        file,
        "'%s' 'pruned_heads': '1' must be an array of head indices from 0 to 3, got " + heads);
  }

  private static LayerGeometry layer(int heads, int neurons) {
    return new LayerGeometry(heads, 8, neurons);
  }

  private ModelConfig read(String more) throws IOException {
    write(more);
    return ModelConfig.read(file);
  }

  private void write(String more) throws IOException {
    String json = "{%s%s%s}".formatted(NEEDED, more.isEmpty() ? "" : ",", more);
    Files.writeString(file, json.replace('\'', '"'));
  }

  private static void assertRefused(Path file, String message) {
    assertThatThrownBy(() -> ModelConfig.read(file))
        .isInstanceOf(ContentException.class)
        .hasMessage(message, file);
  }
}
