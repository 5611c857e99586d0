package org.bertology.cli;

import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bertology.core.backend.Backends;
import org.bertology.core.importance.Normalization;
import org.bertology.core.model.ModelMask;
import org.bertology.core.result.ResumableOutput;
import org.bertology.core.scoring.ScorerOptions;
import org.bertology.core.task.TaskData;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bertology criteria}. */
@Command(
    name = "criteria",
    description = {
      "Scores heads, neurons or layers by several criteria, and says how much these agree.",
      "",
      "Prints what each criterion puts first, and Spearman's and Kendall's correlation of the scores"
          + " and the number of shared first units for each pair. With --out, a run that was killed"
          + " goes on where it was when the command is given again.",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  bertology criteria --model my-bert --task sst-2 --data dev.tsv --limit 200",
      "  bertology criteria --model my-bert --task mrpc --data dev.tsv --out criteria \\",
      "      --criteria gradient,leave-one-out,shapley --permutations 4"
    })
final class CriteriaCommand implements Callable<Integer> {
  private final Console console;
  private final Backends backends;
  private final RootCommand root;
  private final CriteriaJob job;

  @Mixin private ModelOptions model;
  @Mixin private DataOptions data;

  @Mixin private TargetOption units;

  @Option(
      names = "--criteria",
      paramLabel = "NAME",
      split = ",",
      converter = Choices.OfScorer.class,
      completionCandidates = Choices.ScorerKeys.class,
      defaultValue = "gradient,magnitude,leave-one-out,shapley,random",
      description = {
        "Which, separated by commas: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
        "The first six are those of 'importance'. leave-one-out: the rise of the loss without a"
            + " unit; leave-one-out-metric: the fall of the task's main metric. shapley: a unit's"
            + " mean contribution over random orders of taking units away. magnitude: the Euclidean"
            + " norm of a unit's weights. random: for comparison."
      })
  private List<String> criteria;

  @Mixin private ObjectiveOption objective;

  @Option(
      names = "--normalization",
      paramLabel = "NAME",
      converter = Choices.OfNormalization.class,
      completionCandidates = Choices.Normalizations.class,
      defaultValue = "none",
      description =
          "none; layer: each layer divided by its Euclidean norm; layer,global: then all mapped to"
              + " [0, 1] (default: ${DEFAULT-VALUE}).")
  private Normalization normalization;

  @Option(
      names = "--permutations",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Random orders of the units that each example draws for Shapley values. The examples are"
              + " run once per unit for each (default: ${DEFAULT-VALUE}).")
  private int permutations;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "How many of the first units are shown, and compared as a set (default:"
              + " ${DEFAULT-VALUE}).")
  private int top;

  @Mixin private SamplingOptions sampling;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "The batch size in the definitions of batch-gradient and hf-script (default:"
              + " ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write all scores there, as .npy, .csv and .json; must be empty or new.")
  private Optional<Path> out = Optional.empty();

  @Mixin private OutputOptions output;
  @Mixin private EngineOptions engine;

  @Inject
  CriteriaCommand(Console console, Backends backends, RootCommand root, CriteriaJob job) {
    this.console = console;
    this.backends = backends;
    this.root = root;
    this.job = job;
  }

  @Override
  public Integer call() {
    CriteriaRequest request = new CriteriaRequest(criteria, options(), top, output.json());
    Optional<ResumableOutput> directory =
        out.map(path -> CriteriaJob.output(path, request, output.existing()));
    try (OpenModel open = OpenModel.open(model.open(), engine.open(backends))) {
      Optional<ModelMask> mask = model.mask(open.model());
      TaskData examples = objective.read(open.model(), data.selection());
      job.run(open.model(), examples, mask, request, directory);
    }
    return ExitCode.OK;
  }

  private ScorerOptions options() {
    return new ScorerOptions(
        units.target(),
        objective.objective(),
        normalization,
        batchSize,
        permutations,
        sampling.resamples(),
        sampling.seed(),
        engine.settings(ProgressBar.on(console, root.verbosity())));
  }
}
