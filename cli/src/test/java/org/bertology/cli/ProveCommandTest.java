package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bertology.api.reference.ReferenceBackend;
import org.bertology.core.checkpoint.StagedModel;
import org.bertology.core.checkpoint.StoredType;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.prune.Cut;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProveCommandTest {
  @TempDir Path directory;

  private TinyModel model;
  private Path data;
  private Path pruned;

  @BeforeEach
  void writeFiles() {
    model = TinyModel.classifier(directory);
    data = model.examples(6);
    pruned = directory.resolve("pruned");
  }

  @Test
  void aCutModelIsProvenUnderTheMaskThatTheTwoModelsTell() {
    cut(Optional.empty());

    Result result = prove();

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("data.tsv: 6 examples")
        .contains("masked      1 of 12 heads, 2 of 144 neurons, 1 of 3 layers")
        .contains("pruned      pruned (2 layers, 7 heads)")
        .containsPattern("difference  (\\d\\.\\d\\de-1\\d|none)")
        .contains("proof       holds: at most 1.00e-04 of the largest logit");
  }

  @Test
  void anotherMaskIsACheckThatFails() {
    cut(Optional.empty());

    Result result = prove("--head-mask", "1:2");

    assertThat(result.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(result.out()).contains("difference").doesNotContain("holds");
    assertThat(result.err())
        .matches(
            "bertology: the pruned model differs from the masked one by \\d\\.\\d\\de[-+]\\d\\d of"
                + " the largest logit at example [1-6], more than the tolerance 1.00e-04\\R");
  }

  @Test
  void theToleranceDecides() {
    cut(Optional.of(StoredType.BF16));

    assertThat(prove().exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(prove("--tolerance", "0.5").exitCode()).isZero();
    assertThat(prove("--tolerance", "-1").exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void theDocumentSaysEverything() throws IOException {
    cut(Optional.empty());
    Path out = directory.resolve("out");

    JsonObject json =
        JsonParser.parseString(prove("--json", "--out", out.toString()).out()).getAsJsonObject();

    assertThat(json.get("kind").getAsString()).isEqualTo("proof");
    assertThat(json.get("holds").getAsBoolean()).isTrue();
    assertThat(json.get("relative").getAsDouble()).isLessThan(1e-10);
    assertThat(json.get("largest").getAsDouble()).isPositive();
    assertThat(json.get("tolerance").getAsDouble()).isEqualTo(1e-4);
    assertThat(json.get("examples").getAsInt()).isEqualTo(6);
    assertThat(json.getAsJsonArray("headMask").get(0).toString()).isEqualTo("[1.0,0.0,1.0,1.0]");
    assertThat(json.getAsJsonArray("layerMask").toString()).isEqualTo("[[1.0],[0.0],[1.0]]");
    JsonObject provenance = json.getAsJsonObject("provenance");
    assertThat(provenance.getAsJsonObject("pruned").get("name").getAsString()).isEqualTo("pruned");
    assertThat(provenance.getAsJsonObject("model").get("name").getAsString()).isEqualTo("model");
    JsonObject stored =
        JsonParser.parseString(Files.readString(out.resolve("proof.json"))).getAsJsonObject();
    assertThat(stored).isEqualTo(json);
  }

  @Test
  void aModelOfTokensIsProvenWithoutLabels() {
    directory = directory.resolve("words");
    model = TinyModel.maskedLm(directory);
    data = model.data("text.tsv", "sentence\na b c\nd\n");
    pruned = directory.resolve("pruned");
    cut(Optional.empty());

    assertThat(prove().exitCode()).isZero();
  }

  @Test
  void aDirectoryThatIsNotThereIsSaid() {
    Result result = prove();

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("does not exist");
  }

  private void cut(Optional<StoredType> type) {
    try (ReferenceBackend backend = new ReferenceBackend();
        Model whole = Model.openWithoutTokenizer(model.directory(), backend)) {
      ModelMask mask =
          ModelMask.ones(whole.config())
              .without(
                  List.of(Unit.head(0, 1), Unit.neuron(0, 5), Unit.neuron(2, 6), Unit.layer(1)));
      try (StagedModel staged =
          StagedModel.write(Cut.of(whole.checkpoint(), mask), type, pruned, Existing.REFUSE)) {
        staged.publish();
      }
    }
  }

  private Result prove(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "prove",
                "--model",
                model.directory().toString(),
                "--pruned",
                pruned.toString(),
                "--data",
                data.toString(),
                "--backend",
                ReferenceModule.NAME));
    arguments.addAll(List.of(more));
    return Result.of(arguments.toArray(String[]::new));
  }
}
