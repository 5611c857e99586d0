package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bertology.api.model.LayerGeometry;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.checkpoint.ModelConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands with a model whose layers share their parameters. */
class SharedLayersTest {
  @TempDir Path directory;

  private TinyModel model;
  private Path data;
  private Path out;

  @BeforeEach
  void writeFiles() {
    model = TinyModel.albert(directory);
    StringBuilder text = new StringBuilder("sentence\tlabel\n");
    for (int i = 0; i < 9; i++) {
      text.append("%s %s\t%d\n".formatted("abcdefghij".substring(i), "good".repeat(i), i % 2));
    }
    data = model.data("data.tsv", text.toString());
    out = directory.resolve("out");
  }

  private Result run(String command, String... more) {
    List<String> words = new ArrayList<>(List.of(command, "--model", model.directory().toString()));
    words.addAll(List.of(more));
    return Result.of(words.toArray(String[]::new));
  }

  private Result prune(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "--data=" + data,
                "--backend=" + ReferenceModule.NAME,
                "--resamples=20",
                "--baselines=none",
                "--out=" + out));
    words.addAll(List.of(more));
    return run("prune", words.toArray(String[]::new));
  }

  private ModelConfig saved() {
    return Checkpoint.open(out.resolve("model")).config();
  }

  private JsonObject savedJson() throws IOException {
    return JsonParser.parseString(Files.readString(out.resolve("model/config.json")))
        .getAsJsonObject();
  }

  @Test
  void headsGoFromAllLayersAtOnce() throws IOException {
    Result result = prune("--amounts=50%");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(saved().layers()).extracting(LayerGeometry::heads).containsExactly(2, 2, 2);
    assertThat(savedJson().get("num_hidden_groups").getAsInt()).isEqualTo(1);
    assertThat(savedJson().getAsJsonObject("pruned_heads").keySet()).containsExactly("0");
  }

  @Test
  void anAmountThatIsLessThanOneHeadOfAllLayersTakesNone() {
    assertThat(prune("--amounts=2,3").exitCode()).isZero();

    assertThat(saved().layers()).extracting(LayerGeometry::heads).containsExactly(3, 3, 3);
  }

  @Test
  void unsharedLayersLoseHeadsOfTheirOwn() throws IOException {
    Result result = prune("--amounts=5", "--unshare");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(saved().layers().stream().mapToInt(LayerGeometry::heads).sum()).isEqualTo(7);
    assertThat(savedJson().get("num_hidden_groups").getAsInt()).isEqualTo(3);
  }

  @Test
  void aMaskThatDiffersIsRefusedUnlessLayersAreUnshared() {
    Result refused = prune("--head-mask=1:2,3");

    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err())
        .isEqualTo(
            "bertology: layers 1 and 2 share their parameters, so the same heads have to go from both; mask them alike, or give each layer its own parameters with --unshare\n");
    assertThat(prune("--head-mask=1:2,3", "--unshare").exitCode()).isZero();
    assertThat(saved().layers()).extracting(LayerGeometry::heads).containsExactly(2, 4, 4);
  }

  @Test
  void aMaskThatDiffersCanBeEvaluatedAndProven() {
    assertThat(prune("--head-mask=1:2,3", "--unshare").exitCode()).isZero();

    Result evaluated =
        run("evaluate", "--data=" + data, "--backend=" + ReferenceModule.NAME, "--head-mask=1:2,3");
    Result proven =
        run(
            "prove",
            "--pruned=" + out.resolve("model"),
            "--data=" + data,
            "--backend=" + ReferenceModule.NAME);

    assertThat(evaluated.exitCode()).isZero();
    assertThat(proven.err()).isEmpty();
    assertThat(proven.exitCode()).isZero();
  }

  @Test
  void resultsTellHowManySetsOfParametersThereAre() throws IOException {
    assertThat(prune("--amounts=3").exitCode()).isZero();
    JsonObject shared = provenance();
    assertThat(prune("--amounts=3", "--unshare", "--force").exitCode()).isZero();

    assertThat(shared.get("parameterSets").getAsInt()).isEqualTo(1);
    assertThat(provenance().keySet()).containsExactly("name", "sha256");
    assertThat(provenance().get("sha256")).isEqualTo(shared.get("sha256"));
  }

  private JsonObject provenance() throws IOException {
    return JsonParser.parseString(Files.readString(out.resolve("prune.json")))
        .getAsJsonObject()
        .getAsJsonObject("provenance")
        .getAsJsonObject("model");
  }

  @Test
  void conversionGivesEachLayerItsOwnParameters() {
    Path target = directory.resolve("converted");

    Result result = run("convert", "--unshare", "--out=" + target);

    assertThat(result.exitCode()).isZero();
    assertThat(Checkpoint.open(target).config().transformer().sharing()).hasSize(3);
    assertThat(result.out()).contains("of family albert, 59 tensors");
  }
}
