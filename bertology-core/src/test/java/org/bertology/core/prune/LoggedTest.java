package org.bertology.core.prune;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.bertology.api.model.Mask;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.importance.LayerScores;
import org.bertology.core.importance.Target;
import org.bertology.core.journal.Journal;
import org.bertology.core.journal.StepLog;
import org.bertology.core.model.ModelMask;
import org.bertology.core.model.Unit;
import org.bertology.core.scoring.Scorer;
import org.bertology.core.statistics.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written down is not computed again, and is the same to the last bit. */
class LoggedTest {
  private static final ModelMask ONES = ModelMask.ones(PublishedImportance.bertBase());
  private static final ModelMask FEWER = ONES.without(List.of(Unit.head(1, 2)));

  @TempDir Path directory;

  private final AtomicInteger calls = new AtomicInteger();

  private Journal journal() {
    return Journal.open(directory.resolve("journal"), new JsonObject(), Existing.REFUSE);
  }

  private Performance evaluate(ModelMask mask) {
    calls.incrementAndGet();
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("matthews", 1.0 / 3 + mask.maskedCount(Mask.HEADS));
    metrics.put("accuracy", Double.NaN);
    return new Performance(metrics, 0.1 + 0.2, Optional.of(new Interval(1e-300, 2.0 / 3)));
  }

  private Scorer scorer() {
    return new Scorer() {
      @Override
      public String key() {
        return "gradient";
      }

      @Override
      public Target target() {
        return Target.HEADS;
      }

      @Override
      public LayerScores scores(ModelMask mask) {
        calls.incrementAndGet();
        return LayerScores.of(new double[][] {{1.0 / 3, Double.NaN}, {}, {-0.1}});
      }

      @Override
      public void close() {
        calls.addAndGet(100);
      }
    };
  }

  @Test
  void performanceOfAMaskIsComputedOnceAndReadFromTheJournalThereafter() {
    Performance first;
    try (Journal journal = journal()) {
      MaskEvaluator logged = new Logged(StepLog.of(journal)).evaluator("dev", this::evaluate);
      first = logged.evaluate(FEWER);
      logged.evaluate(FEWER);
    }
    Performance again;
    try (Journal journal = journal()) {
      again = new Logged(StepLog.of(journal)).evaluator("dev", this::evaluate).evaluate(FEWER);
    }

    assertThat(calls).hasValue(1);
    assertThat(again).isEqualTo(first).isEqualTo(evaluate(FEWER));
    assertThat(again.metrics().keySet()).containsExactly("matthews", "accuracy");
  }

  @Test
  void otherMasksAndOtherDataAreOtherSteps() {
    Logged logged = new Logged(StepLog.inMemory());
    MaskEvaluator dev = logged.evaluator("dev", this::evaluate);

    Performance ones = dev.evaluate(ONES);
    Performance fewer = dev.evaluate(FEWER);
    dev.evaluate(ONES.without(List.of(Unit.neuron(1, 2))));
    logged.evaluator("test", this::evaluate).evaluate(ONES);

    assertThat(calls).hasValue(4);
    assertThat(fewer).isNotEqualTo(ones);
  }

  @Test
  void performanceWithoutAnIntervalHasNoneAfterwards() {
    MaskEvaluator logged =
        new Logged(StepLog.inMemory())
            .evaluator("dev", mask -> new Performance(Map.of(), 1, Optional.empty()));

    assertThat(logged.evaluate(ONES).interval()).isEmpty();
  }

  @Test
  void scoresOfAMaskAreComputedOnce() {
    LayerScores first;
    LayerScores again;
    try (Scorer logged = new Logged(StepLog.inMemory()).scorer(scorer())) {
      first = logged.scores(FEWER);
      again = logged.scores(FEWER);
      logged.scores(ONES);

      assertThat(logged.key()).isEqualTo("gradient");
      assertThat(logged.target()).isEqualTo(Target.HEADS);
    }

    assertThat(calls).hasValue(102);
    assertThat(first.layers()).isEqualTo(3);
    assertThat(first.flat()).containsExactly(1.0 / 3, Double.NaN, -0.1);
    assertThat(again.flat()).isEqualTo(first.flat());
  }

  @Test
  void aTimeIsMeasuredOnce() {
    LatencyMeter logged =
        new Logged(StepLog.inMemory()).meter(mask -> calls.incrementAndGet() / 3.0);

    assertThat(logged.seconds(FEWER)).isEqualTo(1 / 3.0);
    assertThat(logged.seconds(FEWER)).isEqualTo(1 / 3.0);
    assertThat(logged.seconds(ONES)).isEqualTo(2 / 3.0);
  }
}
