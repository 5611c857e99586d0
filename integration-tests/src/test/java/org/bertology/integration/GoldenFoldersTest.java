package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The reference models among the test resources are copies of those that were made, all of them;
 * {@link GoldenContract} has a case for each folder and a comparison for each value.
 */
class GoldenFoldersTest {
  @Test
  void everyReferenceModelIsATestResource() {
    Path originals = Shared.path("goldens");

    for (String kind :
        List.of(
            "expected.safetensors",
            "pruned",
            "tensorflow-checkpoint",
            "pytorch_model.bin",
            "pytorch_model.legacy.bin")) {
      assertThat(Golden.folders(Golden.ROOT, kind))
          .as(kind)
          .isNotEmpty()
          .containsExactlyInAnyOrderElementsOf(Golden.folders(originals, kind));
    }
  }

  @Test
  void copiesOfTensorsEqualTheOriginals() throws IOException {
    Path originals = Shared.path("goldens");
    for (String name : Golden.names()) {
      try (Stream<Path> files = Files.walk(Golden.ROOT.resolve(name))) {
        for (Path file : files.filter(GoldenFoldersTest::holdsTensors).toList()) {
          assertThat(file)
              .hasSameBinaryContentAs(originals.resolve(Golden.ROOT.relativize(file).toString()));
        }
      }
    }
  }

  private static boolean holdsTensors(Path file) {
    return file.toString().endsWith(".safetensors") && !file.endsWith("constants.safetensors");
  }
}
