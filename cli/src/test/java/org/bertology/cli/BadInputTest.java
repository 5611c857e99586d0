package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One clear line and the right exit code for everything that users and their files get wrong. */
class BadInputTest {
  @TempDir Path directory;

  private TinyModel model;
  private Path data;

  @BeforeEach
  void writeFiles() {
    model = TinyModel.classifier(directory);
    data = model.examples(6);
  }

  @Test
  void aWrongOptionIsNamedWithNearMisses() {
    Result result = Result.of("importance", "--modle", "x");

    assertFailure(
        result,
        ExitCode.USAGE,
        "unknown option '--modle'; did you mean '--model'? See 'bertology importance --help'");
  }

  @Test
  void aWrongCommandIsNamedWithNearMisses() {
    Result result = Result.of("importanc");

    assertFailure(
        result,
        ExitCode.USAGE,
        "unknown command 'importanc'; did you mean 'importance'? See 'bertology --help'");
  }

  @Test
  void aMissingCommandIsSaid() {
    Result result = Result.of();

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).startsWith("bertology: a command is missing: ");
  }

  @Test
  void missingOptionsAreNamed() {
    Result result = Result.of("evaluate", "--model", "x");

    assertFailure(
        result,
        ExitCode.USAGE,
        "missing required option: '--data=FILE'; see 'bertology evaluate --help'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --task          | mprc     | no task is named 'mprc'; did you mean 'mrpc'?
          --criterion     | gradeint | no criterion is named 'gradeint'; did you mean 'gradient'?
          --normalization | layers   | no normalization is named 'layers'; did you mean 'layer'?
          --target        | head     | no target is named 'head'; did you mean 'heads'?
          """)
  void aWrongNameIsAnsweredWithNearMisses(String option, String value, String message) {
    Result result = importance(option, value);

    assertFailure(
        result,
        ExitCode.USAGE,
        "invalid value for option '%s': %s See 'bertology importance --help'"
            .formatted(option, message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --limit        | 0   | the limit must be at least 1 example, got 0
          --max-length   | 0   | the maximum length must be at least 1 token, got 0
          --max-length   | 41  | a maximum length of 41 tokens is more than the model's 40 positions
          --threads      | 0   | threads must be at least 1, got 0
          --batch-tokens | -1  | batch tokens must be at least 1, got -1
          --batch-size   | 0   | batch size must be at least 1, got 0
          --resamples    | -1  | resamples must not be negative, got -1
          --device       | gpu | unknown device 'gpu'; use cpu, cuda or cuda:0, cuda:1 and so on
          --head-mask    | 4:1 | head mask '4:1': layer 4 is not between 1 and 3
          --head-mask    | 1:5 | head mask '1:5': head 5 is not between 1 and 4
          --head-mask    | a   | head mask 'a': 'a' is not of the form layer:head,head (counted from 1)
          """)
  void aNumberThatMakesNoSenseIsRefused(String option, String value, String message) {
    Result result = importance(option, value);

    assertFailure(result, ExitCode.USAGE, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --mode=leave-one   | invalid value for option '--mode': no mode is named 'leave-one'; did you mean 'leave-one-out'? See 'bertology ablate --help'
          --correction=hulm  | invalid value for option '--correction': no correction is named 'hulm'; did you mean 'holm'? See 'bertology ablate --help'
          --group-size=3     | --group-size is for --target neurons; heads and layers go singly; see 'bertology ablate --help'
          --resamples=-1     | resamples must not be negative, got -1
          --head-mask=1:1,2,3,4 2:1,2,3,4 3:1,2,3,4 | there is nothing to ablate: the model and its mask leave no heads
          """)
  void anAblationThatMakesNoSenseIsRefused(String option, String message) {
    Result result = run("ablate", model.directory(), data, option);

    assertFailure(result, ExitCode.USAGE, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --mode       | keep-one | keep-one is for heads, got neurons; use leave-one-out for them
          --group-size | 0        | group size must be at least 1 neuron, got 0
          """)
  void anAblationOfNeuronsThatMakesNoSenseIsRefused(String option, String value, String message) {
    Result result = run("ablate", model.directory(), data, "--target", "neurons", option, value);

    assertFailure(result, ExitCode.USAGE, message);
  }

  @Test
  void ablationNeedsLabels() {
    data = model.data("test.tsv", "sentence\na b\n");

    Result result = run("ablate", model.directory(), data);

    assertContentFailure(result, "has no labels, which are needed here");
  }

  @Test
  void aValueThatIsNoNumberIsRefused() {
    Result result = importance("--limit", "many");

    assertFailure(
        result,
        ExitCode.USAGE,
        "invalid value for option '--limit': 'many' is not an int;"
            + " see 'bertology importance --help'");
  }

  @Test
  void aMatrixPerExampleNeedsADirectory() {
    Result result = importance("--per-example");

    assertFailure(
        result, ExitCode.USAGE, "--per-example needs --out; see 'bertology importance --help'");
  }

  @Test
  void anUnknownBackendIsAnsweredWithNearMisses() {
    Result result = importance("--backend", "referense");

    assertFailure(
        result, ExitCode.USAGE, "no backend is named 'referense'; did you mean 'reference'?");
  }

  @Test
  void aMissingEngineHasItsOwnExitCode() {
    Result result = importance("--backend", "onnx");

    assertFailure(
        result,
        ExitCode.UNSUPPORTED,
        "the backend 'onnx' is missing from this installation, which has broken, reference; add org.bertology:bertology-backend-onnx");
  }

  @Test
  void anEngineThatDoesNotLoadHasItsOwnExitCode() {
    Result result = importance("--backend", ReferenceModule.BROKEN);

    assertFailure(
        result,
        ExitCode.UNSUPPORTED,
        "backend 'broken' does not load: its library needs another system");
  }

  @Test
  void aDeviceThatTheEngineLacksIsAMissingCapability() {
    Result result = importance("--device", "cuda:0");

    assertFailure(result, ExitCode.UNSUPPORTED, "reference runs on cpu, not on cuda:0");
  }

  @Test
  void aModelDirectoryMustExist() {
    Path missing = directory.resolve("nowhere");

    Result result = run("importance", missing, data);

    assertFailure(
        result,
        ExitCode.USAGE,
        "model directory '%s' does not exist; expected a directory with config.json and model.safetensors"
            .formatted(missing));
  }

  @Test
  void aFileIsNoModelDirectory() {
    Result result = run("importance", data, data);

    assertFailure(
        result,
        ExitCode.USAGE,
        "'%s' is no model; expected a directory with config.json and model.safetensors, the prefix of a TensorFlow checkpoint, or an .onnx file that 'bertology export' wrote"
            .formatted(data));
  }

  @Test
  void aDirectoryWithoutAModelSaysWhatItHolds() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));

    Result result = run("importance", empty, data);

    assertThat(result.exitCode()).isEqualTo(ExitCode.CONTENT);
    assertThat(result.err())
        .startsWith("bertology: model directory '%s' has no config.json; ".formatted(empty))
        .endsWith("found nothing\n");
  }

  @Test
  void aDataFileMustExist() {
    Path missing = directory.resolve("no.tsv");

    Result result = run("evaluate", model.directory(), missing);

    assertFailure(
        result,
        ExitCode.USAGE,
        "data file '%s' does not exist; check the path and the working directory"
            .formatted(missing));
  }

  @Test
  void aHeadMaskFileMustExist() {
    Result result = importance("--head-mask", "no.npy");

    assertFailure(
        result,
        ExitCode.USAGE,
        "head mask 'no.npy' does not exist; expected a .npy file, or heads such as 1:2,3");
  }

  @Test
  void anOutputDirectoryThatIsNotEmptyNeedsForce() {
    Result result = importance("--out", model.directory().toString());

    assertFailure(
        result,
        ExitCode.USAGE,
        "output directory '%s' is not empty; choose another, or replace files in it with --force"
            .formatted(model.directory()));
  }

  @Test
  void aFileIsNoOutputDirectory() {
    Result result = importance("--out", data.toString());

    assertFailure(
        result,
        ExitCode.USAGE,
        "output directory '%s' is a file; choose another name".formatted(data));
  }

  @Test
  void predictionsAreNotOverwritten() {
    Result result = evaluate("--predictions", data.toString());

    assertFailure(
        result,
        ExitCode.USAGE,
        "'%s' exists; choose another name, or allow replacing it with --force".formatted(data));
  }

  @Test
  void predictionsDoNotReplaceADirectory() {
    Result result = evaluate("--predictions", model.directory().toString(), "--force");

    assertFailure(
        result,
        ExitCode.USAGE,
        "'%s' is a directory, not a file; choose a name in it".formatted(model.directory()));
  }

  @Test
  void aTruncatedSafetensorsFileIsContentThatIsWrong() throws IOException {
    byte[] whole = Files.readAllBytes(weights());
    model.write(weights(), Arrays.copyOf(whole, whole.length - 100));

    assertContentFailure(importance(), "model.safetensors'");
  }

  @Test
  void aHeaderLongerThanTheFileIsContentThatIsWrong() {
    writeWeights(1_000_000, "{}");

    assertContentFailure(importance(), "model.safetensors'", "1000000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}} | 'b'
          {"a":{"dtype":"F32","shape":[9],"data_offsets":[0,36]}} | 'a'
          {"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}} | F99
          """)
  void brokenSafetensorsHeadersAreContentThatIsWrong(String header, String named) {
    writeWeights(header.length(), header);

    assertContentFailure(importance(), "model.safetensors'", named);
  }

  @Test
  void aBrokenConfigurationIsContentThatIsWrong() {
    model.write(model.directory().resolve("config.json"), "{".getBytes(StandardCharsets.UTF_8));

    assertContentFailure(importance(), "config.json", "is not JSON");
  }

  @Test
  void aConfigurationWithoutANeededKeyNamesIt() {
    model.replace("config.json", "\"hidden_size\"", "\"hidden\"");

    assertContentFailure(importance(), "config.json", "hidden_size");
  }

  @Test
  void weightsThatDisagreeWithTheConfigurationAreNamedWithBothShapes() {
    model.replace("config.json", "\"intermediate_size\": 48", "\"intermediate_size\": 64");

    assertContentFailure(importance(), "intermediate.dense.weight", "[64, 32]", "[48, 32]");
  }

  @Test
  void missingWeightsAreNamed() {
    model.replace("config.json", "\"num_hidden_layers\": 3", "\"num_hidden_layers\": 4");

    assertContentFailure(importance(), "bert.encoder.layer.3.");
  }

  @Test
  void anEmptyDataFileIsContentThatIsWrong() {
    data = model.data("empty.tsv", "");

    assertContentFailure(importance(), "data file '" + data + "' is empty; expected examples");
  }

  @Test
  void aDataFileWithAHeaderAloneIsContentThatIsWrong() {
    data = model.data("header.tsv", "sentence\tlabel\n");

    assertContentFailure(importance(), "holds no examples; its columns: sentence, label");
  }

  @Test
  void anUnknownColumnIsAnsweredWithThoseThatThereAre() {
    Result result = importance("--label-column", "stars");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("'stars'").contains("sentence, label");
  }

  @Test
  void anUnknownLabelIsNamedWithItsLine() {
    data = model.data("labels.tsv", "sentence\tlabel\na b\t0\nc d\tmany\n");

    assertContentFailure(importance(), "line 3: unknown label 'many' in column 'label'");
  }

  @Test
  void aLabelOutOfRangeIsNamedWithItsLine() {
    data = model.data("labels.tsv", "sentence\tlabel\na b\t3\n");

    assertContentFailure(importance(), "line 2: unknown label '3' in column 'label'");
  }

  @Test
  void aLineThatIsNotUtf8IsNamed() {
    data = model.data("latin1.tsv", "");
    model.write(data, "sentence\tlabel\ncaf\u00e9\t1\n".getBytes(StandardCharsets.ISO_8859_1));

    assertContentFailure(importance(), "line 2: not UTF-8: byte 0xE9");
  }

  @Test
  void importanceNeedsLabels() {
    data = model.data("test.tsv", "sentence\na b\n");

    assertContentFailure(importance(), "has no labels, which are needed here");
  }

  @Test
  void aTokenizerWithMoreTokensThanTheModelIsRefused() throws IOException {
    Path vocabulary = model.directory().resolve("vocab.txt");
    StringBuilder longer = new StringBuilder(Files.readString(vocabulary));
    for (int i = 0; i < 60; i++) {
      longer.append("word").append(i).append('\n');
    }
    model.write(vocabulary, longer.toString().getBytes(StandardCharsets.UTF_8));

    assertContentFailure(importance(), "has 117 tokens but the model has embeddings for 97");
  }

  @Test
  void aTaskThatDoesNotFitTheModelIsRefused() {
    Result result = importance("--task", "mrpc");

    assertFailure(
        result,
        ExitCode.USAGE,
        "task mrpc: expected 2 labels, the model has 3 (LABEL_0, LABEL_1, LABEL_2)");
  }

  @Test
  void aModelWithoutATaskIsRefused() {
    model = TinyModel.encoder(directory.resolve("other"));

    Result result = importance();

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err())
        .endsWith(
            "bertology: this needs a model with a task; '%s' is an encoder without one; give it a pooling (--pooling) to have it embed sentences\n"
                .formatted(model.directory()));
  }

  @Test
  void stackTracesAreShownWithVerboseAlone() {
    data = model.data("empty.tsv", "");

    Result quiet = importance();
    Result verbose = importance("--verbose");

    assertThat(quiet.err()).doesNotContain("\tat ");
    assertThat(verbose.err()).contains("org.bertology.core.ContentException").contains("\tat ");
    assertThat(verbose.exitCode()).isEqualTo(ExitCode.CONTENT);
  }

  @Test
  void theDemoSaysWhereItLookedForItsExample() {
    String before = System.setProperty(Installation.HOME_PROPERTY, directory.toString());
    try {
      Result result = Result.of("demo", "--backend", ReferenceModule.NAME);

      assertFailure(
          result,
          ExitCode.USAGE,
          "the example 'examples/minilm-sentiment' is not in '%s'; run the program from a clone of the repository, or name its directory with -Dbertology.home=DIR"
              .formatted(directory));
    } finally {
      if (before == null) {
        System.clearProperty(Installation.HOME_PROPERTY);
      } else {
        System.setProperty(Installation.HOME_PROPERTY, before);
      }
    }
  }

  private Path weights() {
    return model.directory().resolve("model.safetensors");
  }

  private void writeWeights(long headerLength, String header) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + text.length + 12).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(headerLength).put(text);
    model.write(weights(), file.array());
  }

  private Result importance(String... more) {
    return run("importance", model.directory(), data, more);
  }

  private Result evaluate(String... more) {
    return run("evaluate", model.directory(), data, more);
  }

  private static Result run(String command, Path model, Path data, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--model", model.toString(), "--data", data.toString()));
    if (!List.of(more).contains("--backend")) {
      arguments.addAll(List.of("--backend", ReferenceModule.NAME));
    }
    arguments.addAll(List.of(more));
    return Result.of(arguments.toArray(String[]::new));
  }

  private static void assertFailure(Result result, int exitCode, String message) {
    assertThat(result.err()).isEqualTo("bertology: " + message + "\n");
    assertThat(result.out()).isEmpty();
    assertThat(result.exitCode()).isEqualTo(exitCode);
  }

  private static void assertContentFailure(Result result, String... parts) {
    assertThat(result.err()).startsWith("bertology: ").contains(parts).doesNotContain("\tat ");
    assertThat(result.out()).isEmpty();
    assertThat(result.exitCode()).isEqualTo(ExitCode.CONTENT);
  }
}
