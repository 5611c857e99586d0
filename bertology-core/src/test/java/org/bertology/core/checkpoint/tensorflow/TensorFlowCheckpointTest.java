package org.bertology.core.checkpoint.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorFlowCheckpointTest {
  private static final String[] PUBLISHED = {
    "bert_config.json", "bert_model.ckpt.index", "bert_model.ckpt.data-00000-of-00001"
  };

  @TempDir Path parent;

  private Path directory;

  @BeforeEach
  void makeTheDirectory() throws IOException {
    directory = Files.createDirectory(parent.resolve("model"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-sequence-classification", "bert-masked-lm"})
  void aCheckpointInGooglesLayoutIsTheSameModelAsTheConvertedOne(String folder) throws IOException {
    Path converted = Files.createDirectory(parent.resolve("converted"));
    Goldens.copy(directory, folder + "/tensorflow-checkpoint", PUBLISHED);
    Goldens.copy(converted, folder, "config.json", "model.safetensors");

    Checkpoint checkpoint = Checkpoint.open(directory);

    assertThat(checkpoint.config()).isEqualTo(Checkpoint.open(converted).config());
    assertSameTensors(
        checkpoint.weights(), SafeTensors.open(converted.resolve("model.safetensors")));
    assertThat(checkpoint.files())
        .containsExactly(
            directory.resolve(PUBLISHED[0]),
            directory.resolve(PUBLISHED[1]),
            directory.resolve(PUBLISHED[2]));
  }

  private static void assertSameTensors(StoredWeights actual, StoredWeights expected) {
    assertThat(actual.names()).containsExactlyInAnyOrderElementsOf(expected.names());
    for (String name : expected.names()) {
      assertThat(actual.shape(name)).as(name).isEqualTo(expected.shape(name));
      assertThat(actual.storedType(name)).as(name).isEqualTo(expected.storedType(name));
      assertThat(actual.get(name).bytes()).as(name).isEqualTo(expected.get(name).bytes());
      assertThat(actual.tensor(name).shape()).as(name).isEqualTo(expected.shape(name));
    }
  }

  @Test
  void whatIsSavedOfItIsAHuggingFaceDirectory() throws IOException {
    Goldens.copy(directory, "bert-sequence-classification/tensorflow-checkpoint", PUBLISHED);
    Files.writeString(directory.resolve("vocab.txt"), "[PAD]\n");
    Checkpoint checkpoint = Checkpoint.open(directory.resolve("bert_model.ckpt"));
    Path target = parent.resolve("saved");

    try (StagedModel staged =
        StagedModel.write(checkpoint, Optional.empty(), target, Existing.REFUSE)) {
      staged.publish();
    }

    assertThat(target.toFile().list())
        .containsExactlyInAnyOrder("config.json", "model.safetensors", "vocab.txt");
    assertThat(target.resolve("config.json"))
        .content()
        .contains(
            "\"model_type\": \"bert\"",
            "\"BertForSequenceClassification\"",
            "\"2\": \"LABEL_2\"",
            "\"LABEL_2\": 2",
            "\"attention_probs_dropout_prob\": 0.1");
    Checkpoint saved = Checkpoint.open(target);
    assertThat(saved.config()).isEqualTo(checkpoint.config());
    assertSameTensors(saved.weights(), checkpoint.weights());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert_model.ckpt", "bert_model.ckpt.index"})
  void aCheckpointMayBeNamedByPrefixOrIndex(String name) throws IOException {
    Goldens.copy(directory, "bert-masked-lm/tensorflow-checkpoint", PUBLISHED);
    Files.copy(directory.resolve(PUBLISHED[1]), directory.resolve("other.ckpt.index"));

    Checkpoint checkpoint = Checkpoint.open(directory.resolve(name));

    assertThat(checkpoint.source()).isEqualTo(directory.resolve(name));
    assertThat(checkpoint.directory()).isEqualTo(directory);
    assertThat(checkpoint.config().architectures()).containsExactly("BertForMaskedLM");
  }

  @Test
  void severalCheckpointsAreNotChosenFrom() throws IOException {
    Files.createFile(directory.resolve("model.ckpt-1000.index"));
    Files.createFile(directory.resolve("model.ckpt-0.index"));

    assertThatThrownBy(() -> Checkpoint.open(directory))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "'%s' holds several TensorFlow checkpoints: model.ckpt-0, model.ckpt-1000;"
                + " name one, such as '%s'",
            directory, directory.resolve("model.ckpt-0"));
  }

  @Test
  void theConfigurationIsBesideTheCheckpoint() throws IOException {
    Path index = Files.createFile(directory.resolve("model.ckpt-1000.index"));

    assertThatThrownBy(() -> Checkpoint.open(directory))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "'%s' is a TensorFlow checkpoint without a configuration;"
                + " put its config.json or bert_config.json or albert_config.json beside it",
            index);
  }

  @ParameterizedTest
  @CsvSource({
    "output_weights, BertForSequenceClassification",
    "cls/predictions/output_bias, BertForMaskedLM",
    "cls/seq_relationship/output_weights, BertModel",
    "bert/encoder/transformer/group_0/inner_group_0/LayerNorm/beta, AlbertModel",
    "electra/embeddings_project/bias, ElectraModel",
    "discriminator_predictions/dense/bias, ElectraForPreTraining"
  })
  void theTaskFollowsFromTheVariables(String variable, String architecture) throws IOException {
    String family = architecture.startsWith("Electra") ? "electra/embeddings/LayerNorm/beta" : "x";
    StoredModel model = open("{}", new BundleFiles(1).floats(variable, 2, 1).floats(family, 1));

    assertThat(model.config().texts("architectures")).containsExactly(architecture);
    assertThat(architecture.toLowerCase(Locale.ROOT)).startsWith(model.config().text("model_type"));
  }

  @Test
  void aClassifierHasAsManyLabelsAsRows() throws IOException {
    StoredModel three = open("{}", new BundleFiles(1).floats("output_weights", 3, 2));
    StoredModel one = open("{}", new BundleFiles(1).floats("output_weights", 1, 2));

    assertThat(three.config().fields("id2label").keys()).containsExactly("0", "1", "2");
    assertThat(three.weights().shape("classifier.weight")).containsExactly(3, 2);
    assertThat(one.config().fields("id2label").keys()).containsExactly("0");
  }

  @Test
  void whatTheConfigurationSaysIsNotChanged() throws IOException {
    StoredModel model =
        open(
            "{\"model_type\":\"bert\",\"architectures\":[\"BertModel\"],\"num_labels\":7,\"x\":null}",
            new BundleFiles(1).floats("output_weights", 3, 2));

    assertThat(model.config().object().toString())
        .isEqualTo(
            "{\"model_type\":\"bert\",\"architectures\":[\"BertModel\"],\"num_labels\":7,\"x\":null}");
  }

  @Test
  void labelsThatNoClassifierHasAreRefused() throws IOException {
    BundleFiles none = new BundleFiles(1).add(0, "output_weights", 1, new byte[0], 1L << 40, 0);

    assertRefused(
        none,
        "'%s': the checkpoint's variable 'output_weights' must have one row per label,"
            + " at most 1000000; its shape is [1099511627776, 0]",
        directory.resolve("bert_config.json"));
  }

  @Test
  void anotherFamilyIsRefused() throws IOException {
    BundleFiles files = new BundleFiles(1).floats("x", 1);

    assertThatThrownBy(() -> open("{\"model_type\":\"t5\"}", files))
        .isInstanceOf(ContentException.class)
        .hasMessage(
            "'%s': TensorFlow checkpoints of family 't5' are not read; read are bert, albert, electra",
            directory.resolve("bert_config.json"));
  }

  @ParameterizedTest
  @CsvSource({
    "BertModel, bert/embeddings/token_type_embeddings, bert.embeddings.token_type_embeddings.weight",
    "BertModel, bert/encoder/layer_11/output/LayerNorm/gamma, bert.encoder.layer.11.output.LayerNorm.weight",
    "BertModel, cls/seq_relationship/output_bias, cls.seq_relationship.bias",
    "AlbertModel, bert/embeddings/LayerNorm/beta, albert.embeddings.LayerNorm.bias",
    "AlbertModel, bert/encoder/transformer/group_1/inner_group_2/attention_1/output/dense/bias,"
        + " albert.encoder.albert_layer_groups.1.albert_layers.2.attention.dense.bias",
    "AlbertModel, bert/encoder/transformer/group_0/inner_group_0/LayerNorm/gamma,"
        + " albert.encoder.albert_layer_groups.0.albert_layers.0.attention.LayerNorm.weight",
    "AlbertModel, bert/encoder/transformer/group_0/inner_group_0/LayerNorm_1/gamma,"
        + " albert.encoder.albert_layer_groups.0.albert_layers.0.full_layer_layer_norm.weight",
    "AlbertModel, bert/encoder/transformer/group_0/inner_group_0/ffn_1/intermediate/output/dense/bias,"
        + " albert.encoder.albert_layer_groups.0.albert_layers.0.ffn_output.bias",
    "AlbertModel, cls/predictions/output_bias, predictions.bias",
    "ElectraForPreTraining, electra/encoder/layer_2/attention/self/key/bias,"
        + " electra.encoder.layer.2.attention.self.key.bias",
    "ElectraForPreTraining, discriminator_predictions/dense_1/bias,"
        + " discriminator_predictions.dense_prediction.bias",
    "ElectraForPreTraining, generator/encoder/layer_2/output/dense/bias,"
        + " generator/encoder/layer_2/output/dense/bias",
    "ElectraForMaskedLM, generator/encoder/layer_2/output/dense/bias,"
        + " electra.encoder.layer.2.output.dense.bias",
    "ElectraForMaskedLM, electra/embeddings/word_embeddings,"
        + " electra.embeddings.word_embeddings.weight",
    "ElectraForMaskedLM, generator_predictions/output_bias, generator_lm_head.bias",
    "BertModel, something/else, something/else"
  })
  void variablesGetTheNamesOfParameters(String architecture, String variable, String parameter)
      throws IOException {
    String family = architecture.replaceFirst("(For|Model).*", "").toLowerCase(Locale.ROOT);

    StoredModel model =
        open(
            "{\"model_type\":\"%s\",\"architectures\":[\"%s\"]}".formatted(family, architecture),
            new BundleFiles(1).floats(variable, 2));

    assertThat(model.weights().names()).containsExactly(parameter);
    assertThat(model.weights().get(parameter).toFloats()).containsExactly(0.125f, 0.25f);
  }

  @Test
  void kernelsAreTransposed() throws IOException {
    BundleFiles files = new BundleFiles(1);
    files.floats("bert/pooler/dense/kernel", 2, 3);
    files.floats("bert/encoder/layer_0/output/dense/kernel", 65, 33);
    files.floats("bert/embeddings/word_embeddings", 2, 3);

    StoredWeights weights = open("{}", files).weights();

    assertThat(weights.shape("bert.pooler.dense.weight")).containsExactly(3, 2);
    assertThat(weights.get("bert.pooler.dense.weight").toFloats())
        .containsExactly(0.125f, 0.5f, 0.25f, 0.625f, 0.375f, 0.75f);
    assertThat(weights.get("bert.pooler.dense.weight"))
        .isSameAs(weights.tensor("bert.pooler.dense.weight"));
    assertThat(weights.shape("bert.embeddings.word_embeddings.weight")).containsExactly(2, 3);
    float[] large = weights.get("bert.encoder.layer.0.output.dense.weight").toFloats();
    for (int row = 0; row < 65; row++) {
      for (int column = 0; column < 33; column++) {
        assertThat(large[column * 65 + row]).isEqualTo((row * 33 + column + 1) / 8f);
      }
    }
  }

  @Test
  void typesAreConvertedAsInOtherFormats() throws IOException {
    BundleFiles files = new BundleFiles(2);
    files.add(1, "half", 19, little(2).putShort((short) 0x3c00).array(), 1);
    files.add(0, "bfloat", 14, little(2).putShort((short) 0xbf80).array(), 1);
    files.add(
        0, "bert/pooler/dense/kernel", 2, little(16).putDouble(0.1).putDouble(2).array(), 1, 2);
    files.add(1, "integer", 9, little(8).putLong(-5).array());

    StoredWeights weights = open("{}", files).weights();

    assertThat(weights.get("half").toFloats()).containsExactly(1);
    assertThat(weights.storedType("half")).isEqualTo(StoredType.F16);
    assertThat(weights.get("bfloat").toFloats()).containsExactly(-1);
    assertThat(weights.get("bert.pooler.dense.weight").toDoubles()).containsExactly(0.1, 2);
    assertThat(weights.get("bert.pooler.dense.weight").shape()).containsExactly(2, 1);
    assertThat(weights.tensor("integer").toLongs()).containsExactly(-5);
    assertThatThrownBy(() -> weights.get("integer"))
        .isInstanceOf(ContentException.class)
        .hasMessageEndingWith("tensor 'integer' is I64, expected a floating-point type");
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void whatBelongsToTheTrainingIsLeftOut() throws IOException {
    BundleFiles files = new BundleFiles(1);
    files.floats("bert/pooler/dense/bias", 1);
    files.floats("bert/pooler/dense/bias/adam_m", 1).floats("bert/pooler/dense/bias/adam_v", 1);
    files.add(0, "global_step", 9, new byte[8]);

    assertThat(open("{}", files).weights().names()).containsExactly("bert.pooler.dense.bias");
  }

  @Test
  void aChangedVariableIsRefusedWhenItIsRead() throws IOException {
    Path index =
        new BundleFiles(1).floats("a", 2).floats("b", 2).write(directory.resolve("x.ckpt"));
    Path data = directory.resolve("x.ckpt.data-00000-of-00001");
    byte[] bytes = Files.readAllBytes(data);
    bytes[9] ^= 1;
    Files.write(data, bytes);
    Files.writeString(directory.resolve("bert_config.json"), "{}");

    StoredWeights weights = TensorFlowCheckpoint.open(directory).orElseThrow().weights();

    assertThat(weights.get("a").toFloats()).containsExactly(0.125f, 0.25f);
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> weights.get("b"))
          .isInstanceOf(ContentException.class)
          .hasMessage(
              "'%s' is damaged: variable 'b' does not have the checksum that '%s' states;"
                  + " fetch the file again",
              data, index);
    }
  }

  @Test
  void variablesOutsideOfTheirFileAreRefused() throws IOException {
    BundleFiles files = new BundleFiles(1).floats("a", 2);
    files.entry("b", BundleFiles.variable(1, 1).number(4, 8).number(5, 4));

    assertRefused(
        files,
        "'%s' is truncated: tensor 'b' ends at byte 12, but it has 8",
        directory.resolve("x.ckpt.data-00000-of-00001"));
  }

  @Test
  void variablesThatOverlapAreRefused() throws IOException {
    BundleFiles files = new BundleFiles(1).floats("a", 2);
    files.entry("b", BundleFiles.variable(1, 1).number(4, 4).number(5, 4));

    assertRefused(
        files,
        "'%s' is broken: tensor 'b' overlaps another",
        directory.resolve("x.ckpt.data-00000-of-00001"));
  }

  @Test
  void aVariableInAFileThatIsNotCountedIsRefused() throws IOException {
    BundleFiles files = new BundleFiles(1).floats("a", 2);
    files.entry("b", BundleFiles.variable(1, 0).number(3, Integer.MAX_VALUE));

    assertRefused(
        files, "'%s': variable 'b' is in data file 2147483648, but there are only 1", index());
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    BundleFiles files = new BundleFiles(1).floats("a", 2);
    files.entry("", new MessageBytes().number(1, 2));

    assertRefused(
        files,
        "'%s' belongs to '%s', but the file is missing",
        directory.resolve("x.ckpt.data-00000-of-00002"),
        index());
  }

  @Test
  void sizesThatDisagreeAreRefused() throws IOException {
    BundleFiles files = new BundleFiles(1).floats("a", 4);

    for (long[] wrong :
        List.of(new long[] {2, 4}, new long[] {-1, -4}, new long[] {1L << 62, 1L << 62})) {
      files.entry("b", BundleFiles.variable(1, wrong).number(4, 0).number(5, 16));
      assertRefused(
          files,
          "'%s': variable 'b' is broken: it is F32 %s and has 16 bytes at position 0",
          index(),
          Arrays.toString(wrong));
    }
    files.entry("b", BundleFiles.variable(1, 4).number(4, Long.MAX_VALUE).number(5, 16));
    assertRefused(
        files,
        "'%s': variable 'b' is broken: it is F32 [4] and has 16 bytes at position %d",
        index(),
        Long.MAX_VALUE);
  }

  @Test
  void whatIsNotReadIsRefusedByName() throws IOException {
    BundleFiles partitioned = new BundleFiles(1);
    partitioned.entry("a", BundleFiles.variable(1, 4).message(7, new MessageBytes()));
    assertRefused(
        partitioned,
        "'%s': variable 'a' is stored in partitions, which is not read;"
            + " save it whole, without a partitioner",
        index());

    BundleFiles text = new BundleFiles(1).entry("a", BundleFiles.variable(7));
    assertRefused(
        text,
        "'%s': variable 'a' has TensorFlow's data type 7, which is not read; read are float,"
            + " double, half, bfloat16, bool and the integers",
        index());

    BundleFiles objects =
        new BundleFiles(1).entry("_CHECKPOINTABLE_OBJECT_GRAPH", BundleFiles.variable(7));
    assertRefused(
        objects,
        "'%s' holds TensorFlow 2 objects, whose variables have names of their own making; read are"
            + " variables by name, as Google's BERT, ALBERT and ELECTRA save them",
        index());

    BundleFiles big = new BundleFiles(1).entry("", new MessageBytes().number(1, 1).number(2, 1));
    assertRefused(
        big, "'%s': the header: the variables are big-endian, which is not read", index());
  }

  @Test
  void aHeaderSaysHowManyFilesThereAre() throws IOException {
    BundleFiles none = new BundleFiles(1).entry("", new MessageBytes());

    assertRefused(
        none, "'%s': the header is broken: it has 0 data files, expected at least 1", index());
  }

  @Test
  void aKernelIsAMatrixOfNumbersWithAPoint() throws IOException {
    assertRefused(
        new BundleFiles(1).floats("bert/pooler/dense/kernel", 2),
        "'%s': variable 'bert/pooler/dense/kernel' is a kernel and so must be a floating-point"
            + " matrix, got F32 [2]",
        index());
    assertRefused(
        new BundleFiles(1).add(0, "bert/pooler/dense/kernel", 6, new byte[2], 2, 1),
        "'%s': variable 'bert/pooler/dense/kernel' is a kernel and so must be a floating-point"
            + " matrix, got I8 [2, 1]",
        index());
  }

  @Test
  void twoVariablesAreNotOneParameter() throws IOException {
    assertRefused(
        new BundleFiles(1).floats("classifier.bias", 2).floats("output_bias", 2),
        "'%s': the variables 'classifier.bias' and 'output_bias' are the same parameter",
        index());
  }

  private Path index() {
    return directory.resolve("x.ckpt.index");
  }

  private StoredModel open(String config, BundleFiles files) throws IOException {
    files.write(directory.resolve("x.ckpt"));
    Files.writeString(directory.resolve("bert_config.json"), config);
    return TensorFlowCheckpoint.open(directory).orElseThrow();
  }

  private void assertRefused(BundleFiles files, String message, Object... arguments) {
    assertThatThrownBy(() -> open("{}", files))
        .isInstanceOf(ContentException.class)
        .hasMessage(message, arguments);
  }
}
