package org.bertology.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.bertology.api.backend.Backend;
import org.bertology.api.backend.BackendConfig;
import org.bertology.api.model.Mask;
import org.bertology.core.backend.Backends;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.Normalization;
import org.bertology.core.journal.StepLog;
import org.bertology.core.metric.Metric;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.prune.Amount;
import org.bertology.core.prune.Baselines;
import org.bertology.core.prune.Curve;
import org.bertology.core.prune.DataEvaluator;
import org.bertology.core.prune.Logged;
import org.bertology.core.prune.MaskEvaluator;
import org.bertology.core.prune.ModelCosts;
import org.bertology.core.prune.Performance;
import org.bertology.core.prune.Pruning;
import org.bertology.core.prune.PruningOptions;
import org.bertology.core.prune.PruningResult;
import org.bertology.core.prune.Schedule;
import org.bertology.core.prune.Threshold;
import org.bertology.core.run.RunSettings;
import org.bertology.core.scoring.GradientScorer;
import org.bertology.core.scoring.Scorer;
import org.bertology.core.scoring.ScorerOptions;
import org.bertology.core.task.DataSelection;
import org.bertology.core.task.TaskData;

/** A fine-tuned MiniLM and its data, ready to be pruned, with what PyTorch found. */
final class MiniLmPruning implements AutoCloseable {
  private static final int HEADS_PER_LAYER = 12;
  private static final int HEADS_PER_STEP = 7;

  /** Two float32 implementations differ where two logits are nearly equal. */
  private static final int ANSWERS = 1;

  private final Backend backend;
  private final Model model;
  private final TaskData data;
  private final DataEvaluator evaluation;
  private final MaskEvaluator evaluator;
  private final JsonObject reference;

  MiniLmPruning(Path directory, DataSelection selection, String engine) throws IOException {
    backend = Backends.onClassPath().open(engine, BackendConfig.defaults());
    model = Model.open(directory, backend);
    data = TaskData.readLabelled(model, selection);
    evaluation =
        DataEvaluator.open(
            model,
            data,
            Set.of(Mask.HEADS),
            Metric.ACCURACY,
            Optional.empty(),
            RunSettings.defaults());
    evaluator = new Logged(StepLog.inMemory()).evaluator("dev", evaluation);
    String json = Files.readString(directory.resolve("reference/reference.json"));
    reference = JsonParser.parseString(json).getAsJsonObject();
  }

  Model model() {
    return model;
  }

  JsonObject reference() {
    return reference;
  }

  /** Compares accuracy with a step of the reference, in right answers. */
  void assertAnswers(Performance performance, JsonObject expected, String which) {
    long correct = Math.round(performance.metric("accuracy") * data.encoded().size());
    assertThat(Math.abs(correct - expected.get("correct").getAsLong()))
        .as("%s: %d right", which, correct)
        .isLessThanOrEqualTo(ANSWERS);
  }

  Performance evaluate(List<Integer> heads) {
    List<Unit> units = heads.stream().map(MiniLmPruning::head).toList();
    return evaluator.evaluate(ModelMask.ones(model.config()).without(units));
  }

  static Unit head(int flat) {
    return Unit.head(flat / HEADS_PER_LAYER, flat % HEADS_PER_LAYER);
  }

  static List<Integer> flat(List<Unit> units) {
    return units.stream().map(unit -> unit.layer() * HEADS_PER_LAYER + unit.index()).toList();
  }

  static List<Integer> ints(JsonElement array) {
    return array.getAsJsonArray().asList().stream().map(JsonElement::getAsInt).toList();
  }

  /** The curve of one ranking in steps of a tenth, to the end. */
  Curve oneShot(Criterion criterion) {
    List<Amount> tenths =
        IntStream.rangeClosed(1, 10).mapToObj(i -> Amount.ofPercent(10 * i)).toList();
    // Any threshold: without one, the last step would be the result, which takes everything.
    Schedule schedule = new Schedule.Amounts(tenths, false, Optional.of(new Threshold(0.9)));
    return run(schedule, Normalization.LAYER, criterion).curve();
  }

  /** Hugging Face's loop as the reference was made: seven heads a step. */
  PruningResult iterative(double threshold) {
    Schedule schedule =
        new Schedule.WhileAbove(new Threshold(threshold), Amount.of(HEADS_PER_STEP));
    return run(schedule, Normalization.LAYER_GLOBAL, Criterion.GRADIENT);
  }

  /** The first steps of the same, whatever the metric. */
  Curve reEstimated(int steps) {
    List<Amount> amounts =
        IntStream.rangeClosed(1, steps).mapToObj(i -> Amount.of(HEADS_PER_STEP * i)).toList();
    Schedule schedule = new Schedule.Amounts(amounts, true, Optional.empty());
    return run(schedule, Normalization.LAYER_GLOBAL, Criterion.GRADIENT).curve();
  }

  private PruningResult run(Schedule schedule, Normalization normalization, Criterion criterion) {
    PruningOptions options =
        PruningOptions.of(schedule, Metric.ACCURACY)
            .withNormalization(normalization)
            .withBaselines(Baselines.NONE);
    ScorerOptions scores = ScorerOptions.defaults().withResamples(0);
    try (Scorer scorer = GradientScorer.open(model, data.encoded(), criterion, scores)) {
      return new Pruning(
              model.config(),
              options,
              scorer,
              Optional.empty(),
              evaluator,
              new ModelCosts(model, 128, Optional.empty()))
          .run();
    }
  }

  @Override
  public void close() {
    evaluation.close();
    model.close();
    backend.close();
  }
}
