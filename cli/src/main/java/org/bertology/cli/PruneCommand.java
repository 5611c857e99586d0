package org.bertology.cli;

import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bertology.core.backend.Backends;
import org.bertology.core.evaluate.Readout;
import org.bertology.core.importance.Normalization;
import org.bertology.core.importance.Target;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.prune.Baselines;
import org.bertology.core.prune.DataEvaluator;
import org.bertology.core.prune.Pruning;
import org.bertology.core.prune.PruningData;
import org.bertology.core.prune.PruningOptions;
import org.bertology.core.prune.Quantity;
import org.bertology.core.prune.Schedule;
import org.bertology.core.prune.SelectionRules;
import org.bertology.core.result.PruningFiles;
import org.bertology.core.result.ResumableOutput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bertology prune}. */
@Command(
    name = "prune",
    description = {
      "Finds the heads, neurons or layers that a model does best without, takes them out, proves"
          + " that nothing else changed, and saves what is left.",
      "",
      "Ranks units, masks the lowest step by step, evaluates each mask, and compares with random,"
          + " reverse and leave-one-out orders. With a mask of your own nothing is ranked.",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  bertology prune --model my-bert --task sst-2 --data train.tsv --decide-data dev.tsv \\",
      "      --limit 2000 --out pruned",
      "  bertology prune --model my-bert --data dev.tsv --amount 0.1 --threshold 0.95 --out pruned",
      "  bertology prune --model my-bert --data dev.tsv --target neurons --multiple-of 64 \\",
      "      --budget parameters=80%% --out pruned",
      "  bertology prune --model my-bert --data dev.tsv --head-mask '1:2,3 4:1' --out pruned",
      "  bertology prune --model my-bert --data dev.tsv --amounts 50%% --dry-run"
    })
final class PruneCommand implements Callable<Integer> {
  /** Of the result, and of the journal while there is none. */
  private static final String NAME = "prune";

  private static final String RANDOM = "random";
  private static final String REVERSE = "reverse";
  private static final String LEAVE_ONE_OUT = "leave-one-out";
  private static final String NONE = "none";

  private final Console console;
  private final Backends backends;
  private final RootCommand root;
  private final PruneJob job;

  @Spec private CommandSpec spec;

  @Mixin private ModelOptions model;
  @Mixin private PruneDataOptions data;

  @Mixin private TargetOption units;

  @Option(
      names = "--criterion",
      paramLabel = "NAME",
      converter = Choices.OfScorer.class,
      completionCandidates = Choices.ScorerKeys.class,
      defaultValue = "gradient",
      description =
          "What units are ranked by: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private String criterion;

  @Mixin private ObjectiveOption objective;

  @Option(
      names = "--normalization",
      paramLabel = "NAME",
      converter = Choices.OfNormalization.class,
      completionCandidates = Choices.Normalizations.class,
      defaultValue = "layer",
      description =
          "none; layer: each layer divided by its Euclidean norm; layer,global: then all mapped to"
              + " [0, 1] (default: ${DEFAULT-VALUE}).")
  private Normalization normalization;

  @Mixin private ScheduleOptions schedule;

  @Option(
      names = "--keep-per-layer",
      paramLabel = "N",
      defaultValue = "0",
      description = "Units that stay in every layer at least (default: ${DEFAULT-VALUE}).")
  private int keepPerLayer;

  @Option(
      names = "--multiple-of",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "What stays in a layer is a multiple of this; units go in blocks of so many (default:"
              + " ${DEFAULT-VALUE}).")
  private int multipleOf;

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      description = "The metric that decides (default: the task's main one).")
  private Optional<String> metric = Optional.empty();

  @Option(
      names = "--baselines",
      paramLabel = "LIST",
      split = ",",
      description =
          "Orders to compare with: random, reverse and leave-one-out (by loss), or none (default:"
              + " all; for neurons all but leave-one-out, which runs the data once per neuron).")
  private List<String> baselines = List.of();

  @Option(
      names = "--random-draws",
      paramLabel = "N",
      defaultValue = "5",
      description = "Random orders to compare with (default: ${DEFAULT-VALUE}).")
  private int randomDraws;

  @Mixin private SamplingOptions sampling;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description =
          "With --budget latency=...: take measurements from this prune.json and measure nothing.")
  private Optional<Path> replay = Optional.empty();

  @Option(
      names = "--tolerance",
      paramLabel = "FRACTION",
      defaultValue = "1e-4",
      description =
          "The most that a logit of the cut model may differ from the masked one's, as a fraction of"
              + " the largest logit; above it nothing is written and the exit code is 4 (default:"
              + " ${DEFAULT-VALUE}).")
  private double tolerance;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Write the pruned model to DIR/model and the results beside it; must be empty or new. A"
              + " run that was killed goes on with the same command.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--dry-run",
      description =
          "Only tell what would go, and parameters, FLOPs and bytes before and after; compare with"
              + " nothing, write nothing.")
  private boolean dryRun;

  @Mixin private OutputOptions output;
  @Mixin private EngineOptions engine;

  @Inject
  PruneCommand(Console console, Backends backends, RootCommand root, PruneJob job) {
    this.console = console;
    this.backends = backends;
    this.root = root;
    this.job = job;
  }

  @Override
  public Integer call() {
    if (out.isEmpty() && !dryRun) {
      throw new ParameterException(
          spec.commandLine(), "--out DIR is missing, or --dry-run to write nothing");
    }
    PruneRequest request =
        new PruneRequest(
            criterion,
            sampling.resamples(),
            tolerance,
            replay,
            dryRun,
            output.json(),
            output.existing(),
            engine.settings(ProgressBar.on(console, root.verbosity())));
    Optional<Path> directory = dryRun ? Optional.empty() : out;
    Optional<ResumableOutput> target =
        directory.map(
            path -> ResumableOutput.at(path, NAME, PruningFiles.known(), output.existing()));
    try (OpenModel open = OpenModel.open(model.open(), engine.open(backends))) {
      return run(open.model(), request, target);
    } finally {
      target.ifPresent(ResumableOutput::close);
    }
  }

  private int run(Model opened, PruneRequest request, Optional<ResumableOutput> target) {
    Optional<ModelMask> mask = model.mask(opened);
    Schedule steps = schedule.schedule(mask);
    if (request.replay().isPresent() && !isLatency(steps)) {
      throw new ParameterException(
          spec.commandLine(), "--replay goes with --budget latency=... and with nothing else");
    }
    PruningOptions undecided =
        new PruningOptions(
            mask.map(PruneCommand::first).orElseGet(units::target),
            steps,
            objective.objective(),
            normalization,
            new SelectionRules(keepPerLayer, multipleOf),
            Readout.of(opened).metrics().get(0),
            baselines(),
            sampling.seed());
    Pruning.check(opened.config(), undecided);
    PruningData read = data.read(opened, objective);
    PruningOptions decided = undecided.withMetric(DataEvaluator.metric(read.decisions(), metric));
    return job.run(opened, read, decided.withBaselines(baselines(read)), request, target);
  }

  /** Without labels, the loss without each unit is not among the baselines unless it is named. */
  private Baselines baselines(PruningData read) {
    boolean usual = baselines.isEmpty() && !read.importance().haveLabels();
    return usual ? baselines().withLeaveOneOut(false) : baselines();
  }

  private static boolean isLatency(Schedule schedule) {
    return schedule instanceof Schedule.ToBudget budget
        && budget.budget().quantity() == Quantity.LATENCY;
  }

  /** What a mask takes away, or the first of it. */
  private static Target first(ModelMask mask) {
    return Arrays.stream(Target.values())
        .filter(each -> mask.kinds().contains(each.mask()))
        .findFirst()
        .orElse(Target.HEADS);
  }

  private Baselines baselines() {
    for (String name : baselines) {
      if (!List.of(RANDOM, REVERSE, LEAVE_ONE_OUT, NONE).contains(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "no baseline is named '%s'; expected random, reverse, leave-one-out or none"
                .formatted(name));
      }
    }
    List<String> named = new ArrayList<>(baselines);
    if (named.isEmpty()) {
      named.addAll(List.of(RANDOM, REVERSE));
      if (units.target() != Target.NEURONS) {
        named.add(LEAVE_ONE_OUT);
      }
    }
    if (dryRun) {
      named.clear();
    }
    // Checked also where it does not count.
    Baselines all = Baselines.all().withRandomDraws(randomDraws);
    return new Baselines(
        named.contains(RANDOM) ? all.randomDraws() : 0,
        named.contains(REVERSE),
        named.contains(LEAVE_ONE_OUT));
  }
}
