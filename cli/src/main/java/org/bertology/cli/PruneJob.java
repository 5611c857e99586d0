package org.bertology.cli;

import com.google.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.bertology.api.model.Mask;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.importance.Normalization;
import org.bertology.core.journal.Journal;
import org.bertology.core.journal.StepLog;
import org.bertology.core.metric.Metric;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.prove.Proof;
import org.bertology.core.prune.CutLatency;
import org.bertology.core.prune.DataEvaluator;
import org.bertology.core.prune.LatencyMeter;
import org.bertology.core.prune.Logged;
import org.bertology.core.prune.MaskEvaluator;
import org.bertology.core.prune.ModelCosts;
import org.bertology.core.prune.ModelSize;
import org.bertology.core.prune.Performance;
import org.bertology.core.prune.ProvenCut;
import org.bertology.core.prune.Pruning;
import org.bertology.core.prune.PruningData;
import org.bertology.core.prune.PruningOptions;
import org.bertology.core.prune.PruningResult;
import org.bertology.core.prune.ReplayedLatency;
import org.bertology.core.prune.Schedule;
import org.bertology.core.result.Provenance;
import org.bertology.core.result.PruningFiles;
import org.bertology.core.result.PruningJson;
import org.bertology.core.result.PruningReport;
import org.bertology.core.result.PruningSettings;
import org.bertology.core.result.ResumableOutput;
import org.bertology.core.result.RunRecord;
import org.bertology.core.scoring.LeaveOneOutScorer;
import org.bertology.core.scoring.RandomScorer;
import org.bertology.core.scoring.Scorer;
import org.bertology.core.scoring.ScorerOptions;
import org.bertology.core.scoring.Scorers;
import org.bertology.core.statistics.Bootstrap;
import org.bertology.core.task.TaskData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prunes, cuts, proves, writes the files and prints what happened. */
final class PruneJob {
  private static final Logger LOG = LoggerFactory.getLogger(PruneJob.class);
  private static final String GIVEN = "given";

  private final Console console;
  private final Invocation invocation;
  private final RootCommand root;

  @Inject
  PruneJob(Console console, Invocation invocation, RootCommand root) {
    this.console = console;
    this.invocation = invocation;
    this.root = root;
  }

  /** Returns the exit code. */
  int run(
      Model model,
      PruningData data,
      PruningOptions options,
      PruneRequest request,
      Optional<ResumableOutput> output) {
    boolean given = options.schedule() instanceof Schedule.Given;
    String criterion = given ? GIVEN : request.criterion();
    Optional<Journal> journal =
        output.map(
            target ->
                target.start(
                    PruningSettings.computation(
                        model,
                        data,
                        options,
                        criterion,
                        request.resamples(),
                        request.settings().batchTokens())));
    StepLog log = journal.map(StepLog::of).orElseGet(StepLog::inMemory);
    sayIfResumed(log);
    try {
      Work work = new Work(model, data, options, request, criterion, log);
      return finish(work, work.report(), output, log);
    } catch (CancellationException e) {
      throw output.filter(ResumableOutput::canGoOn).isPresent()
          ? new ResumableException(output.get().directory().path(), e)
          : e;
    }
  }

  private void sayIfResumed(StepLog log) {
    if (log.replayed() > 0 && root.verbosity() != Verbosity.QUIET) {
      console.err().println("going on after %d steps of an earlier run".formatted(log.replayed()));
    }
  }

  private int finish(
      Work work, PruningReport report, Optional<ResumableOutput> output, StepLog log) {
    Optional<Proof> proof = output.flatMap(target -> work.cut(report.mask(), target, log));
    PruningReport proven = report.withProof(proof);
    boolean holds = proof.isEmpty() || proof.get().holds();
    List<String> files = List.of();
    if (output.isPresent() && holds) {
      RunRecord run = invocation.record();
      PruningFiles.addTo(output.get().directory(), proven, work.provenance(), run);
      List<Path> unused = output.get().finish();
      files = PruningFiles.names(proven);
    }
    print(work, proven, files, output);
    if (!holds) {
      console.err().println("bertology: " + ProofView.failure(proof.get()));
    }
    return holds ? ExitCode.OK : ExitCode.CHECK_FAILED;
  }

  private void print(
      Work work, PruningReport report, List<String> files, Optional<ResumableOutput> output) {
    if (work.request.json()) {
      console.out().print(PruningJson.of(report, files, work.provenance(), invocation.record()));
      return;
    }
    PruneView view = new PruneView(console, report, work.model);
    view.print();
    output
        .filter(target -> !files.isEmpty())
        .ifPresent(target -> view.printFiles(target.directory().path(), files));
  }

  /** One pruning of one model. */
  private static final class Work {
    private final Model model;
    private final PruningData data;
    private final PruningOptions options;
    private final PruneRequest request;
    private final String criterion;
    private final StepLog log;
    private final Logged logged;

    Work(
        Model model,
        PruningData data,
        PruningOptions options,
        PruneRequest request,
        String criterion,
        StepLog log) {
      this.model = model;
      this.data = data;
      this.options = options;
      this.request = request;
      this.criterion = criterion;
      this.log = log;
      this.logged = new Logged(log);
    }

    Provenance provenance() {
      return Provenance.of(model, data.importance());
    }

    PruningReport report() {
      ModelCosts costs = costs();
      PruningResult result = result(costs);
      List<Optional<ModelSize>> sizes =
          result.curve().points().stream().map(point -> costs.sizeIfCut(point.mask())).toList();
      return new PruningReport(
          options,
          result,
          criterion,
          data,
          sizes,
          costs.length(),
          test(result),
          Optional.empty(),
          request.resamples(),
          request.settings().batchTokens(),
          request.dryRun());
    }

    private ModelCosts costs() {
      int length = ModelCosts.usualLength(model.config());
      LatencyMeter meter =
          request.replay().isPresent()
              ? ReplayedLatency.read(request.replay().get(), options.target().mask())
              : logged.meter(new CutLatency(model, length));
      return new ModelCosts(model, length, Optional.of(meter));
    }

    private PruningResult result(ModelCosts costs) {
      if (request.dryRun() && !options.schedule().decidesByMetric()) {
        List<String> metrics = data.decisions().metrics().stream().map(Metric::key).toList();
        return prune(mask -> Performance.unknown(metrics), costs);
      }
      try (DataEvaluator evaluator = evaluator(data.decisions())) {
        return prune(logged.evaluator("decisions", evaluator), costs);
      }
    }

    private DataEvaluator evaluator(TaskData examples) {
      Optional<Bootstrap> bootstrap =
          request.resamples() == 0
              ? Optional.empty()
              : Optional.of(new Bootstrap(request.resamples(), options.seed()));
      return DataEvaluator.open(
          model, examples, kinds(), options.metric(), bootstrap, request.settings());
    }

    private Set<Mask> kinds() {
      return options.schedule() instanceof Schedule.Given given
          ? given.mask().kinds()
          : EnumSet.of(options.target().mask());
    }

    private PruningResult prune(MaskEvaluator evaluator, ModelCosts costs) {
      try (Scorer scorer = scorer();
          Scorer leaveOneOut =
              options.baselines().leaveOneOut()
                  ? scorers().open(LeaveOneOutScorer.KEY)
                  : random()) {
        return new Pruning(
                model.config(),
                options,
                logged.scorer(scorer),
                Optional.of(logged.scorer(leaveOneOut)),
                evaluator,
                costs)
            .run();
      }
    }

    private Scorer scorer() {
      return options.schedule() instanceof Schedule.Given ? random() : scorers().open(criterion);
    }

    /** Costs nothing where scores are not asked for. */
    private Scorer random() {
      return RandomScorer.of(model.config(), scorerOptions());
    }

    private Scorers scorers() {
      return new Scorers(
          model, data.importance().encoded(), options.metric(), scorerOptions(), log);
    }

    private ScorerOptions scorerOptions() {
      return ScorerOptions.defaults()
          .withTarget(options.target())
          .withObjective(options.objective())
          .withNormalization(Normalization.NONE)
          .withResamples(0)
          .withSeed(options.seed())
          .withRun(request.settings());
    }

    private Optional<PruningReport.OnTest> test(PruningResult result) {
      if (request.dryRun() || data.test().isEmpty()) {
        return Optional.empty();
      }
      try (DataEvaluator evaluator = evaluator(data.test().get())) {
        MaskEvaluator test = logged.evaluator("test", evaluator);
        ModelMask whole = ModelMask.ones(model.config());
        return Optional.of(
            new PruningReport.OnTest(test.evaluate(whole), test.evaluate(result.mask())));
      }
    }

    /** Cuts, proves and saves; nothing if nothing goes. */
    Optional<Proof> cut(ModelMask mask, ResumableOutput output, StepLog log) {
      Path saved = output.directory().path().resolve(PruningFiles.MODEL);
      if (mask.kinds().isEmpty()) {
        if (Files.exists(saved)) {
          LOG.warn("nothing was cut; '{}' is of an earlier run", saved);
        }
        return Optional.empty();
      }
      // A run that was killed may have got as far as this before.
      Existing existing = log.replayed() > 0 ? Existing.REPLACE : request.existing();
      return Optional.of(
          ProvenCut.save(
              model,
              mask,
              data.decisions().encoded().examples(),
              request.settings(),
              request.tolerance(),
              Optional.empty(),
              saved,
              existing));
    }
  }
}
