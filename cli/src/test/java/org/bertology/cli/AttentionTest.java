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

/** The option {@code --attention}, which all commands have that open a model. */
class AttentionTest {
  @TempDir Path directory;

  private TinyModel model;
  private Path data;

  @BeforeEach
  void writeFiles() {
    model = TinyModel.classifier(directory);
    data = model.data("data.tsv", "sentence\tsentence2\tlabel\na b c\td e\t0\nb\tc d\t2\n");
  }

  private Result run(String command, Path directory, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of(command, "--model=" + directory, "--data=" + data));
    arguments.addAll(List.of("--pair-column=sentence2", "--backend=" + ReferenceModule.NAME));
    arguments.addAll(List.of(more));
    return Result.of(arguments.toArray(String[]::new));
  }

  private double loss(Path directory, String... more) {
    List<String> arguments = new ArrayList<>(List.of("--json"));
    arguments.addAll(List.of(more));
    Result result = run("evaluate", directory, arguments.toArray(String[]::new));
    assertThat(result.err()).isEmpty();
    return JsonParser.parseString(result.out()).getAsJsonObject().get("loss").getAsDouble();
  }

  @Test
  void whatIsSeenChangesWhatIsComputed() {
    double full = loss(model.directory());

    assertThat(loss(model.directory(), "--attention=full")).isEqualTo(full);
    assertThat(loss(model.directory(), "--attention=prefix:9")).isEqualTo(full);
    assertThat(
            List.of(
                full,
                loss(model.directory(), "--attention=left-to-right"),
                loss(model.directory(), "--attention=prefix:3"),
                loss(model.directory(), "--attention=sequence-to-sequence")))
        .doesNotHaveDuplicates();
  }

  @Test
  void aPrunedModelKeepsItsAttentionAndIsProvenUnderIt() throws IOException {
    Path pruned = directory.resolve("pruned");

    Result prune =
        run(
            "prune",
            model.directory(),
            "--attention=sequence-to-sequence",
            "--head-mask=1:1,2 2:3",
            "--out=" + pruned);

    assertThat(prune.err()).isEmpty();
    Path saved = pruned.resolve("model");
    JsonObject config =
        JsonParser.parseString(Files.readString(saved.resolve("config.json"))).getAsJsonObject();
    assertThat(config.getAsJsonObject("bertology").get("attention").getAsString())
        .isEqualTo("sequence-to-sequence");
    assertThat(loss(saved)).isEqualTo(loss(saved, "--attention=sequence-to-sequence"));
    Result prove =
        run("prove", model.directory(), "--attention=sequence-to-sequence", "--pruned=" + saved);
    assertThat(prove.err()).isEmpty();
    assertThat(prove.exitCode()).isZero();
    assertThat(run("prove", model.directory(), "--pruned=" + saved).err())
        .contains("is no pruned form of");
    assertThat(run("prove", model.directory(), "--pruned=" + saved, "--attention=full").exitCode())
        .isZero();
  }

  @Test
  void otherPatternsAreRefused() {
    Result result = run("evaluate", model.directory(), "--attention=causal");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err())
        .contains("unknown attention 'causal'; expected full, left-to-right, prefix:N");
  }

  @Test
  void aModelOfOneTokenTypeCannotTellSegmentsApart() {
    model.replace("config.json", "\"type_vocab_size\": 2", "\"type_vocab_size\": 1");

    Result result = run("evaluate", model.directory(), "--attention=sequence-to-sequence");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("this model has 1 types of tokens, it needs 2");
  }
}
