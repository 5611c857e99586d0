package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bertology.core.data.Columns;
import org.bertology.core.prune.CurvePoint;
import org.bertology.core.task.DataSelection;
import org.junit.jupiter.api.Test;

/** The first steps of a pruning that scores anew before each, on the embedded example. */
abstract class PruningStepsContract {
  static final Path EXAMPLE =
      Path.of(System.getProperty("basedir", "."), "../examples/minilm-sentiment").normalize();

  private static final int STEPS = 2;

  private final String engine;

  PruningStepsContract(String engine) {
    this.engine = engine;
  }

  @Test
  void theFirstStepsAreThoseOfPyTorch() throws IOException {
    DataSelection dev = DataSelection.of(EXAMPLE.resolve("dev.tsv"), Columns.usual());
    try (MiniLmPruning pruning = new MiniLmPruning(EXAMPLE, dev, engine)) {
      List<CurvePoint> points = pruning.reEstimated(STEPS).points();

      JsonArray steps = pruning.reference().getAsJsonObject("iterative").getAsJsonArray("steps");
      assertThat(points).hasSize(1 + STEPS);
      for (int i = 0; i < STEPS; i++) {
        JsonObject step = steps.get(i).getAsJsonObject();
        assertThat(MiniLmPruning.flat(points.get(i + 1).removed()))
            .containsExactlyInAnyOrderElementsOf(MiniLmPruning.ints(step.get("removed")));
        pruning.assertAnswers(points.get(i + 1).performance(), step, "step " + (i + 1));
      }
    }
  }
}
