package org.bertology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.bertology.core.importance.LayerScores;
import org.junit.jupiter.api.Test;

class DemoTest {
  @Test
  void theExampleIsFoundAboveTheProgram() {
    Path example = Installation.example();

    assertThat(example).endsWith(Path.of("examples", "minilm-sentiment"));
    assertThat(Files.exists(example.resolve("dev.tsv"))).isTrue();
  }

  @Test
  void theExplanationSuggestsMaskingTheFirstAndLastHeads() {
    LayerScores scores =
        LayerScores.of(
            new double[][] {{0.9, 0.1, 0.5, 0.5, 0.5, 0.5}, {0.5, 0.5, 0.5, 0.8, 0.2, 0.5}});

    String text = Explanation.after(Path.of("/example"), scores.ranking());

    assertThat(text)
        .contains("mask the 2 heads that rank last, then the 2 that rank first")
        .contains("--head-mask '1:2 2:5'")
        .contains("--head-mask '1:1 2:4'")
        .contains("--model /example --data /example/dev.tsv");
  }
}
