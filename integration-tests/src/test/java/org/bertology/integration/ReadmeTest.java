package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.core.backend.Backends;
import org.bertology.core.data.Columns;
import org.bertology.core.data.ExampleSource;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.Importance;
import org.bertology.core.importance.ImportanceOptions;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Normalization;
import org.bertology.core.model.Model;
import org.bertology.core.run.EncodedData;
import org.junit.jupiter.api.Test;

/** The README's program is this one, and it runs. */
final class ReadmeTest {
  private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..").normalize();

  @Test
  void theProgramIsInTheReadme() throws IOException {
    Path source =
        ROOT.resolve("integration-tests/src/test/java/org/bertology/integration/ReadmeTest.java");
    String code = Files.readString(source);
    String program =
        code.substring(code.indexOf("    // README begins\n"), code.indexOf("    // README ends\n"))
            .replace("    // README begins\n", "")
            .replaceAll("(?m)^ {4}", "")
            .replace("ROOT.resolve(\"examples/minilm-sentiment\")", "Path.of(\"examples/minilm-sentiment\")");

    assertThat(Files.readString(ROOT.resolve("README.md"))).contains("```java\n" + program + "```");
  }

  @Test
  void theProgramRuns() {
    LayerScores.Unit[] ranking = importantHeads();

    assertThat(ranking).hasSize(72);
    assertThat(ranking[0].score()).isGreaterThan(ranking[71].score()).isLessThanOrEqualTo(1);
  }

  private static LayerScores.Unit[] importantHeads() {
    // README begins
    Path directory = ROOT.resolve("examples/minilm-sentiment");
    try (Backend onnx = Backends.onClassPath().open("onnx", BackendConfig.defaults());
        Model model = Model.open(directory, onnx)) {
      ExampleSource dev = model.examples(directory.resolve("dev.tsv"), Columns.usual());
      EncodedData data = EncodedData.of(dev.readAll(), model.tokenizer(), 128);
      Importance importance = Importance.of(model, data, ImportanceOptions.defaults());
      LayerScores heads = importance.scores(Criterion.GRADIENT, Normalization.LAYER);
      return heads.ranking(); // the most important head first
    }
    // README ends
  }
}
