package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bertology.core.checkpoint.Npy;
import org.bertology.core.checkpoint.SafeTensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActivationsCommandTest {
  @TempDir Path directory;

  private TinyModel model;
  private Path file;

  @BeforeEach
  void writeModel() {
    model = TinyModel.classifier(directory);
    file = directory.resolve("out.safetensors");
  }

  @Test
  void writesValuesAndGradientsOfLabelledExamples() {
    Path data = model.examples(5);

    Result result =
        activations(
            "--data",
            data.toString(),
            "--hooks",
            "hidden-states,contexts.gradient",
            "--out",
            path());

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    SafeTensors tensors = SafeTensors.open(file);
    long longest = tensors.shape("input_ids")[1];
    assertThat(tensors.shape("layer.2")).containsExactly(5, longest, 32);
    assertThat(tensors.shape("layer.0.attention.context.gradient"))
        .containsExactly(5, 4, longest, 8);
    assertThat(result.out()).contains("embeddings\nlayer.0\n").contains("5 examples, ");
  }

  @Test
  void writesAnArrayPerFileForTextsOnTheCommandLine() {
    Path out = directory.resolve("arrays");

    Result result =
        activations(
            "--text", "a b", "--text", "c", "--hooks", "attentions", "--out", out.toString());

    assertThat(result.exitCode()).isZero();
    assertThat(Npy.read(out.resolve("layer.1.attention.probabilities.npy")).shape())
        .containsExactly(2, 4, 4, 4);
  }

  @Test
  void textsMayHaveLabels() {
    Result result =
        activations(
            "--text",
            "a b",
            "--label",
            "LABEL_2",
            "--hooks",
            "loss,logits.gradient",
            "--out",
            path(),
            "--json");

    JsonObject document = JsonParser.parseString(result.out()).getAsJsonObject();
    assertThat(document.getAsJsonArray("arrays").toString())
        .isEqualTo("[\"loss\",\"logits.gradient\"]");
    assertThat(SafeTensors.open(file).shape("loss")).containsExactly(1);
  }

  @Test
  void maskedHeadsChangeTheLogits() {
    Path masked = directory.resolve("masked.safetensors");

    activations("--text", "a b", "--hooks", "logits", "--out", path());
    activations(
        "--text", "a b", "--hooks", "logits", "--out", masked.toString(), "--head-mask", "1:1,2");

    assertThat(SafeTensors.open(masked).tensor("logits").toDoubles())
        .isNotEqualTo(SafeTensors.open(file).tensor("logits").toDoubles());
  }

  @Test
  void modelsOfOtherTasksAreObservedWithoutLabels() {
    model = TinyModel.maskedLm(directory.resolve("other"));
    Path data = model.data("texts.tsv", "text\tlabel\na b\tsomething\n");

    Result result = activations("--data", data.toString(), "--hooks", "layer.2", "--out", path());

    assertThat(result.err()).isEmpty();
    assertThat(SafeTensors.open(file).shape("layer.2")).containsExactly(1, 4, 32);
  }

  @Test
  void unknownHooksAreAnsweredWithNearMisses() {
    Result result = activations("--text", "a", "--hooks", "context", "--out", path());

    assertFailure(result, "no hook of this model is named 'context'; did you mean 'contexts'?");
    assertThat(file).doesNotExist();
  }

  @Test
  void gradientsNeedLabels() {
    Result result = activations("--text", "a", "--hooks", "logits.gradient", "--out", path());

    assertFailure(
        result,
        "the loss and gradients of a model for sequence classification need a fitting label of every example; name the column");
    assertThat(file).doesNotExist();
  }

  @Test
  void textsAndAFileExcludeEachOther() {
    Result result = activations("--hooks", "logits", "--out", path());

    assertFailure(
        result,
        "expected either --text or --data, got neither; see 'bertology activations --help'");
  }

  @Test
  void everyTextNeedsALabelOrNone() {
    Result result =
        activations(
            "--text", "a", "--text", "b", "--label", "0", "--hooks", "logits", "--out", path());

    assertFailure(result, "expected a label for each of the 2 texts, or none at all; got 1");
  }

  @Test
  void unknownLabelsOfTextsAreRefused() {
    Result result =
        activations("--text", "a", "--label", "x", "--hooks", "logits", "--out", path());

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).startsWith("bertology: unknown label 'x'; expected one of 0 LABEL_0");
  }

  @Test
  void filesAreNotOverwritten() {
    model.data("out.safetensors", "mine");

    Result result = activations("--text", "a", "--hooks", "logits", "--out", path());

    assertFailure(
        result,
        "'%s' exists; choose another name, or allow replacing it with --force".formatted(file));
    assertThat(file).hasContent("mine");
  }

  @Test
  void aDirectoryThatIsNotThereIsSaidBeforeTheWork() {
    Path target = directory.resolve("no/out.safetensors");

    Result result = activations("--text", "a", "--hooks", "unheard-of", "--out", target.toString());

    assertFailure(
        result,
        "'%s' cannot be written: directory '%s' does not exist; create it first"
            .formatted(target, target.getParent()));
  }

  @Test
  void oneNpyFileHasNoRoomForSeveralHooks() {
    Result result = activations("--text", "a", "--hooks", "logits", "--out", "logits.npy");

    assertFailure(
        result,
        "'logits.npy' is the name of one .npy file, and there is one per hook; give a directory, or a name that ends in .safetensors");
  }

  private String path() {
    return file.toString();
  }

  private Result activations(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "activations",
                "--model",
                model.directory().toString(),
                "--backend",
                ReferenceModule.NAME));
    arguments.addAll(List.of(more));
    return Result.of(arguments.toArray(String[]::new));
  }

  private static void assertFailure(Result result, String message) {
    assertThat(result.err()).isEqualTo("bertology: " + message + "\n");
    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
  }
}
