package org.bertology.core.experiment;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bertology.api.model.Mask;
import org.bertology.core.ablation.Ablation;
import org.bertology.core.ablation.AblationMode;
import org.bertology.core.ablation.AblationOptions;
import org.bertology.core.ablation.AblationPass;
import org.bertology.core.importance.Criterion;
import org.bertology.core.journal.StepLog;
import org.bertology.core.journal.Steps;
import org.bertology.core.metric.Metric;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.prune.Amount;
import org.bertology.core.prune.Baselines;
import org.bertology.core.prune.DataEvaluator;
import org.bertology.core.prune.Logged;
import org.bertology.core.prune.ModelCosts;
import org.bertology.core.prune.Pruning;
import org.bertology.core.prune.PruningOptions;
import org.bertology.core.prune.PruningResult;
import org.bertology.core.prune.Schedule;
import org.bertology.core.prune.Threshold;
import org.bertology.core.scoring.GradientScorer;
import org.bertology.core.scoring.Scorer;
import org.bertology.core.scoring.ScorerOptions;
import org.bertology.core.statistics.Bootstrap;
import org.bertology.core.statistics.PairedComparison;
import org.bertology.core.task.TaskData;

/**
 * The study of Michel, Levy and Neubig (2019), "Are Sixteen Heads Really Better than One?", on a
 * model and data: one head less, a single head in a layer, the same on other data, and fewer and
 * fewer heads in the order of their importance.
 */
public final class MichelStudy {
  private static final int TENTHS = 10;

  private final Model model;
  private final MichelData data;
  private final MichelOptions options;
  private final Steps steps;

  private MichelStudy(Model model, MichelData data, MichelOptions options, Steps steps) {
    this.model = model;
    this.data = data;
    this.options = options;
    this.steps = steps;
  }

  /**
   * Makes the study.
   *
   * @param steps of the same study, with which it goes on
   * @throws IllegalArgumentException if the model neither classifies sequences nor regresses, or
   *     has no heads
   */
  public static MichelResult run(Model model, MichelData data, MichelOptions options, Steps steps) {
    return new MichelStudy(model, data, options, steps).run();
  }

  private MichelResult run() {
    Ablation leaveOneOut;
    Optional<Ablation> other;
    try (AblationPass pass = pass(AblationMode.LEAVE_ONE_OUT)) {
      leaveOneOut = ablation(pass, data.evaluation(), "leave one out");
      other = data.other().map(examples -> ablation(pass, examples, "leave one out, other data"));
    }
    Ablation keepOne;
    try (AblationPass pass = pass(AblationMode.KEEP_ONE)) {
      keepOne = ablation(pass, data.evaluation(), "keep one");
    }
    PruningOptions pruning = pruning();
    return new MichelResult(leaveOneOut, keepOne, pruning, curves(pruning, leaveOneOut), other);
  }

  private AblationPass pass(AblationMode mode) {
    AblationOptions ablation = AblationOptions.defaults().withMode(mode).withRun(options.run());
    return AblationPass.open(model, ModelMask.ones(model.config()), ablation);
  }

  private Ablation ablation(AblationPass pass, TaskData examples, String part) {
    return pass.run(examples.encoded(), steps.part(part));
  }

  private PruningOptions pruning() {
    List<Amount> tenths =
        IntStream.rangeClosed(1, TENTHS)
            .mapToObj(tenth -> Amount.ofPercent(100.0 * tenth / TENTHS))
            .toList();
    // A curve to the end has no last step that could be cut, so something must choose another.
    Schedule schedule = new Schedule.Amounts(tenths, false, Optional.of(new Threshold(1)));
    return PruningOptions.of(schedule, metric())
        .withBaselines(new Baselines(options.randomDraws(), false, true))
        .withSeed(options.comparison().seed());
  }

  private Metric metric() {
    return DataEvaluator.metric(data.evaluation(), Optional.empty());
  }

  private PruningResult curves(PruningOptions pruning, Ablation leaveOneOut) {
    Logged logged = new Logged(StepLog.of(steps.part("curves")));
    try (DataEvaluator evaluator = evaluator();
        Scorer scorer = scorer();
        Scorer ablated = new AblatedScores(leaveOneOut)) {
      return new Pruning(
              model.config(),
              pruning,
              logged.scorer(scorer),
              Optional.of(ablated),
              logged.evaluator("evaluation", evaluator),
              costs())
          .run();
    }
  }

  private DataEvaluator evaluator() {
    PairedComparison comparison = options.comparison();
    Optional<Bootstrap> bootstrap =
        comparison.resamples() == 0
            ? Optional.empty()
            : Optional.of(new Bootstrap(comparison.resamples(), comparison.seed()));
    return DataEvaluator.open(
        model, data.evaluation(), EnumSet.of(Mask.HEADS), metric(), bootstrap, options.run());
  }

  private Scorer scorer() {
    ScorerOptions scores = ScorerOptions.defaults().withResamples(0).withRun(options.run());
    return GradientScorer.open(model, data.importance().encoded(), Criterion.GRADIENT, scores);
  }

  private ModelCosts costs() {
    return new ModelCosts(model, ModelCosts.usualLength(model.config()), Optional.empty());
  }
}
