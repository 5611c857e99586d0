package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The reference models among the test resources are copies of those that were made, all of them;
 * {@link GoldenContract} has a case for each folder and a comparison for each value.
 */
class GoldenFoldersTest {
  /** Families that are not there yet. */
  private static final Set<String> MISSING = Set.of();

  @Test
  void everyReferenceModelIsATestResource() {
    List<String> expected =
        new ArrayList<>(Golden.folders(Shared.path("goldens"), "expected.safetensors"));
    expected.removeAll(MISSING);

    assertThat(Golden.names()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(Golden.namesOfPruned())
        .containsExactlyInAnyOrderElementsOf(
            Golden.folders(Shared.path("goldens"), "pruned").stream()
                .filter(expected::contains)
                .toList());
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
