package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An encoder without a head, opened with {@code --pooling}. */
class SentenceEmbeddingTest {
  private static final String PAIRS =
      "sentence1\tsentence2\tscore\na b c\td e\t0.5\nb\tc d\t1\ne f\tf e\t0.9\ng\tx y z\t-0.2\n";

  @TempDir Path directory;

  private TinyModel model;
  private Path data;

  @BeforeEach
  void writeFiles() {
    model = TinyModel.encoder(directory);
    data = model.data("data.tsv", PAIRS);
  }

  private Result run(String command, Path model, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of(command, "--model=" + model, "--data=" + data));
    arguments.addAll(List.of("--pair-column=sentence2", "--text-column=sentence1"));
    if (!command.equals("export")) {
      arguments.add("--label-column=score");
    }
    arguments.add("--backend=" + ReferenceModule.NAME);
    arguments.addAll(List.of(more));
    return Result.of(arguments.toArray(String[]::new));
  }

  private JsonObject evaluated(Path model, String... more) {
    List<String> arguments = new ArrayList<>(List.of("--json"));
    arguments.addAll(List.of(more));
    Result result = run("evaluate", model, arguments.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isZero();
    return JsonParser.parseString(result.out()).getAsJsonObject();
  }

  @Test
  void cosinesAreJudgedByTheirCorrelationWithScores() {
    Result result = run("evaluate", model.directory(), "--pooling=mean");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).containsPattern("(?s)spearman.*pearson.*loss +\\d\\.\\d{4}");
    assertThat(
            List.of(
                evaluated(model.directory(), "--pooling=mean").get("loss"),
                evaluated(model.directory(), "--pooling=cls").get("loss"),
                evaluated(model.directory(), "--pooling=max").get("loss")))
        .doesNotHaveDuplicates();
  }

  @Test
  void scoresOfAnotherScaleAreRefusedUntilItIsNamed() {
    data = model.data("data.tsv", PAIRS.replace("0.9", "4.5"));

    Result refused = run("evaluate", model.directory(), "--pooling=mean");

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.err()).contains("4.5").contains("a similarity from -1 to 1");
    assertThat(run("evaluate", model.directory(), "--pooling=mean", "--score-scale=5").exitCode())
        .isZero();
  }

  @Test
  void everyCommandTakesIt() {
    for (String command : List.of("importance", "ablate")) {
      Result result = run(command, model.directory(), "--pooling=mean");
      assertThat(result.exitCode()).as(command).isZero();
    }
    Result activations =
        run(
            "activations",
            model.directory(),
            "--pooling=mean",
            "--hooks=sentences",
            "--out=" + directory.resolve("values"));
    assertThat(activations.exitCode()).isZero();
  }

  @Test
  void aPrunedModelKeepsItsPooling() throws IOException {
    Path pruned = directory.resolve("pruned");

    Result prune =
        run(
            "prune",
            model.directory(),
            "--pooling=max",
            "--head-mask=1:1,2 2:3",
            "--out=" + pruned);

    assertThat(prune.exitCode()).as(prune.err()).isZero();
    Path saved = pruned.resolve("model");
    JsonObject config =
        JsonParser.parseString(Files.readString(saved.resolve("config.json"))).getAsJsonObject();
    assertThat(config.getAsJsonObject("bertology").get("pooling").getAsString()).isEqualTo("max");
    assertThat(evaluated(saved).get("loss"))
        .isEqualTo(evaluated(saved, "--pooling=max").get("loss"));
  }

  @Test
  void aDirectoryOfSentenceTransformersTellsItsPooling() throws IOException {
    Path file =
        Files.createDirectory(model.directory().resolve("1_Pooling")).resolve("config.json");
    Files.writeString(
        file, "{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false}");

    assertThat(evaluated(model.directory()).get("loss"))
        .isEqualTo(evaluated(model.directory(), "--pooling=cls").get("loss"));

    Files.writeString(file, "{\"pooling_mode_lasttoken\": true}");
    assertThat(run("evaluate", model.directory()).err())
        .contains("to be true; got pooling_mode_lasttoken");
  }

  @Test
  void aModelWithAHeadIsNotPooled() {
    model.replace("config.json", "BertModel", "BertForSequenceClassification");

    Result result = run("evaluate", model.directory(), "--pooling=mean");

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.err()).contains("is a BertForSequenceClassification, which cannot be pooled");
  }
}
