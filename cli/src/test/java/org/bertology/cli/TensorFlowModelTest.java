package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a model as Google published BERT. */
class TensorFlowModelTest {
  private static final String FOLDER =
      "/goldens/bert-sequence-classification/tensorflow-checkpoint/";

  @TempDir Path directory;

  private TinyModel converted;
  private Path published;
  private Path data;

  @BeforeEach
  void writeFiles() throws IOException {
    converted = TinyModel.classifier(directory);
    data = converted.examples(6);
    published = Files.createDirectory(directory.resolve("published"));
    Files.copy(converted.directory().resolve("vocab.txt"), published.resolve("vocab.txt"));
    for (String name :
        List.of(
            "bert_config.json", "bert_model.ckpt.index", "bert_model.ckpt.data-00000-of-00001")) {
      try (InputStream stream = TensorFlowModelTest.class.getResourceAsStream(FOLDER + name)) {
        Files.copy(Objects.requireNonNull(stream, name), published.resolve(name));
      }
    }
  }

  @Test
  void itGivesWhatTheConvertedModelGives() {
    JsonObject expected = evaluate(converted.directory());

    for (Path path : List.of(published, published.resolve("bert_model.ckpt"))) {
      JsonObject actual = evaluate(path);

      assertThat(actual.getAsJsonObject("metrics")).isEqualTo(expected.getAsJsonObject("metrics"));
      assertThat(actual.get("loss")).isEqualTo(expected.get("loss"));
      assertThat(
              actual
                  .getAsJsonObject("provenance")
                  .getAsJsonObject("model")
                  .get("name")
                  .getAsString())
          .isEqualTo(path.getFileName().toString());
    }
  }

  @Test
  void itIsDescribed() {
    Result result = Result.of("info", "--model", published.toString());

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("published: bert, sequence classification", "112,716 bytes: 28,179 F32");
  }

  @Test
  void whatIsPrunedIsSavedAsAHuggingFaceDirectory() {
    Path out = directory.resolve("out");

    Result result =
        Result.of(
            "prune",
            "--model",
            published.toString(),
            "--data",
            data.toString(),
            "--backend",
            ReferenceModule.NAME,
            "--head-mask",
            "1:1,2 3:4",
            "--out",
            out.toString());

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    Path pruned = out.resolve("model");
    assertThat(pruned.resolve("model.safetensors")).exists();
    assertThat(evaluate(pruned).get("loss").getAsDouble())
        .isEqualTo(evaluate(published, "--head-mask", "1:1,2 3:4").get("loss").getAsDouble());
  }

  private JsonObject evaluate(Path model, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("evaluate", "--model", model.toString(), "--json"));
    arguments.addAll(List.of("--data", data.toString(), "--backend", ReferenceModule.NAME));
    arguments.addAll(List.of(more));
    Result result = Result.of(arguments.toArray(String[]::new));
    assertThat(result.err()).isEmpty();
    return JsonParser.parseString(result.out()).getAsJsonObject();
  }
}
