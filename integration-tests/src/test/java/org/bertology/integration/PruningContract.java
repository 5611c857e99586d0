package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bertology.core.importance.Criterion;
import org.bertology.core.model.ModelMask;
import org.bertology.core.prune.Curve;
import org.bertology.core.prune.CurvePoint;
import org.bertology.core.prune.Performance;
import org.bertology.core.prune.PruningResult;
import org.bertology.core.task.DataSelection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Pruning of a fine-tuned model against what PyTorch found for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PruningContract {
  private static final double THRESHOLD = 0.9;

  private final MiniLmPruning pruning;

  PruningContract(Path directory, DataSelection selection, String engine) throws IOException {
    pruning = new MiniLmPruning(directory, selection, engine);
  }

  @AfterAll
  void close() {
    pruning.close();
  }

  private JsonArray points(String curve) {
    return pruning.reference().getAsJsonArray(curve);
  }

  private void assertOneShot(Criterion criterion, String name) {
    Curve curve = pruning.oneShot(criterion);

    JsonArray expected = points(name);
    assertThat(curve.points()).hasSize(expected.size());
    List<Integer> removed = new ArrayList<>();
    for (int i = 0; i < expected.size(); i++) {
      CurvePoint point = curve.points().get(i);
      JsonObject step = expected.get(i).getAsJsonObject();
      removed.addAll(MiniLmPruning.flat(point.removed()));
      assertThat(removed)
          .as("%s, step %d", name, i)
          .containsExactlyInAnyOrderElementsOf(MiniLmPruning.ints(step.get("pruned")));
      pruning.assertAnswers(point.performance(), step, "%s, step %d".formatted(name, i));
    }
  }

  /** Evaluates a curve whose order is given. */
  private void assertCurve(JsonArray curve, String name) {
    for (JsonElement element : curve) {
      JsonObject step = element.getAsJsonObject();
      Performance performance = pruning.evaluate(MiniLmPruning.ints(step.get("pruned")));
      pruning.assertAnswers(performance, step, "%s, %s heads".formatted(name, step.get("heads")));
    }
  }

  @Test
  void theCurveOfTheGradientIsTheReferences() {
    assertOneShot(Criterion.GRADIENT, "curve_gradient_dev_layer_l2");
  }

  @Test
  void theCurveOfTheTokenGradientIsTheReferences() {
    assertOneShot(Criterion.TOKEN_GRADIENT, "curve_token_gradient_dev_layer_l2");
  }

  @Test
  void theCurveOfTheScriptIsTheReferences() {
    assertOneShot(Criterion.HF_SCRIPT, "curve_hf_script_layer_l2");
  }

  @Test
  void theCurvesOfRandomOrdersAreTheReferences() {
    for (JsonElement curve : points("curve_random")) {
      assertCurve(curve.getAsJsonArray(), "curve_random");
    }
  }

  @Test
  void theCurveOfLeaveOneOutIsTheReferences() {
    assertCurve(points("curve_leave_one_out_loss"), "curve_leave_one_out_loss");
  }

  @Test
  void theLoopRemovesAndEndsAsTheReference() {
    PruningResult result = pruning.iterative(THRESHOLD);

    JsonObject expected = pruning.reference().getAsJsonObject("iterative");
    JsonArray steps = expected.getAsJsonArray("steps");
    assertThat(result.curve().points()).hasSize(1 + steps.size());
    for (int i = 0; i < steps.size(); i++) {
      CurvePoint point = result.curve().points().get(i + 1);
      JsonObject step = steps.get(i).getAsJsonObject();
      assertThat(MiniLmPruning.flat(point.removed()))
          .as("step %d", i + 1)
          .isEqualTo(MiniLmPruning.ints(step.get("removed")));
      pruning.assertAnswers(point.performance(), step, "step %d".formatted(i + 1));
    }
    assertThat(result.mask()).isEqualTo(finalMask(expected));
  }

  private ModelMask finalMask(JsonObject iterative) {
    JsonArray rows = iterative.getAsJsonArray("final_mask");
    List<Integer> gone = new ArrayList<>();
    for (int layer = 0; layer < rows.size(); layer++) {
      List<Integer> row = MiniLmPruning.ints(rows.get(layer));
      for (int head = 0; head < row.size(); head++) {
        if (row.get(head) == 0) {
          gone.add(layer * row.size() + head);
        }
      }
    }
    return ModelMask.ones(pruning.model().config())
        .without(gone.stream().map(MiniLmPruning::head).toList());
  }
}
