package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bertology.api.tensor.Tensor;
import org.bertology.core.checkpoint.SafeTensors;
import org.bertology.core.checkpoint.SafeTensorsWriter;
import org.bertology.core.file.AtomicFiles.Existing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
  @TempDir Path directory;

  private TinyModel model;
  private Path data;

  @BeforeEach
  void writeFiles() {
    model = TinyModel.classifier(directory);
    data = model.examples(6);
  }

  @Test
  void printsMetricsLossAndCounts() {
    Result result = evaluate();

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("data.tsv: 6 examples")
        .containsPattern("accuracy +0\\.\\d{4}")
        .containsPattern("loss +\\d\\.\\d{4}")
        .containsPattern("correct +\\d of 6");
  }

  @Test
  void maskingHeadsChangesTheLoss() {
    double whole = json().get("loss").getAsDouble();
    double masked = json("--head-mask", "1:1,2,3,4 2:1").get("loss").getAsDouble();

    assertThat(masked).isNotEqualTo(whole);
  }

  @Test
  void predictionsAreWrittenAsATable() throws IOException {
    Path file = directory.resolve("predictions.tsv");

    evaluate("--predictions", file.toString());

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(7);
    assertThat(lines.get(0))
        .isEqualTo("id\tprediction\tlabel\tlogit_LABEL_0\tlogit_LABEL_1\tlogit_LABEL_2");
    assertThat(lines.get(1)).matches("data-2\tLABEL_[012]\tLABEL_0(\t-?\\d\\.\\d+){3}");
  }

  @Test
  void predictionsAreWrittenAsJsonLines() throws IOException {
    Path file = directory.resolve("predictions.jsonl");

    evaluate("--predictions", file.toString());

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(6);
    JsonObject last = JsonParser.parseString(lines.get(5)).getAsJsonObject();
    assertThat(last.get("id").getAsString()).isEqualTo("data-7");
    assertThat(last.get("label").getAsString()).isEqualTo("LABEL_2");
    assertThat(last.getAsJsonArray("logits")).hasSize(3);
  }

  @Test
  void withoutLabelsThereArePredictionsOnly() throws IOException {
    data = model.data("test.tsv", "sentence\na b\nc\n");
    Path file = directory.resolve("predictions.tsv");

    Result result = evaluate("--predictions", file.toString());

    assertThat(result.out()).contains("no labels, so no metrics and no loss");
    assertThat(Files.readAllLines(file).get(1)).matches("test-2\tLABEL_[012]\t(\t-?\\d\\.\\d+){3}");
    assertThat(json().get("loss").isJsonNull()).isTrue();
  }

  @Test
  void logitsThatAreNoNumbersAreSaid() {
    Path weights = model.directory().resolve("model.safetensors");
    SafeTensors tensors = SafeTensors.open(weights);
    SafeTensorsWriter broken = new SafeTensorsWriter();
    for (String name : tensors.names()) {
      boolean bias = name.equals("classifier.bias");
      broken.add(name, bias ? Tensor.filled(Float.NaN, tensors.shape(name)) : tensors.tensor(name));
    }
    broken.write(weights, Existing.REPLACE);

    Result result = evaluate("--json");

    assertThat(result.err())
        .startsWith(
            "bertology: warning: the logits of 6 of 6 examples are not finite numbers, so"
                + " predictions, metrics and scores mean nothing");
    assertThat(JsonParser.parseString(result.out()).getAsJsonObject().get("loss").isJsonNull())
        .isTrue();
  }

  @Test
  void theDocumentIsTheSameOnARerunExceptForTheRun() {
    JsonObject first = json();
    JsonObject second = json("--verbose");

    first.remove("run");
    second.remove("run");
    assertThat(second).isEqualTo(first);
    assertThat(first.get("kind").getAsString()).isEqualTo("evaluation");
  }

  private JsonObject json(String... more) {
    List<String> all = new ArrayList<>(List.of("--json"));
    all.addAll(List.of(more));
    return JsonParser.parseString(evaluate(all.toArray(String[]::new)).out()).getAsJsonObject();
  }

  private Result evaluate(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "evaluate",
                "--model",
                model.directory().toString(),
                "--data",
                data.toString(),
                "--backend",
                ReferenceModule.NAME));
    arguments.addAll(List.of(more));
    return Result.of(arguments.toArray(String[]::new));
  }
}
