package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.core.backend.Backends;
import org.bertology.core.data.Columns;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.Importance;
import org.bertology.core.importance.ImportanceOptions;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Normalization;
import org.bertology.core.model.Model;
import org.bertology.core.task.DataSelection;
import org.bertology.core.task.TaskData;
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
            .replaceAll(".* // for the test\n", "")
            .replace("ROOT.resolve(", "Path.of(");

    assertThat(Files.readString(ROOT.resolve("README.md"))).contains("```java\n" + program + "```");
  }

  @Test
  void theProgramRuns() {
    LayerScores.Unit best = mostImportantHead();

    assertThat(best.layer()).isEqualTo(2);
    assertThat(best.index()).isEqualTo(1);
    assertThat(best.score()).isBetween(0.0, 1.0);
  }

  private static LayerScores.Unit mostImportantHead() {
    // README begins
    Path directory = ROOT.resolve("examples/minilm-sentiment");
    try (Backend onnx = Backends.onClassPath().open("onnx", BackendConfig.defaults());
        Model model = Model.open(directory, onnx)) {
      DataSelection dev = DataSelection.of(directory.resolve("dev.tsv"), Columns.usual());
      TaskData data = TaskData.readLabelled(model, dev);
      Importance importance = Importance.of(model, data.encoded(), ImportanceOptions.defaults());
      LayerScores heads = importance.scores(Criterion.GRADIENT, Normalization.LAYER);
      LayerScores.Unit best = heads.ranking().get(0);
      System.out.printf("layer %d, head %d%n", best.layer() + 1, best.index() + 1);
      return best; // for the test
    }
    // README ends
  }
}
