package org.bertology.cli;

import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bertology.core.ablation.AblationMode;
import org.bertology.core.ablation.AblationOptions;
import org.bertology.core.backend.Backends;
import org.bertology.core.importance.Target;
import org.bertology.core.model.ModelMask;
import org.bertology.core.result.ResumableOutput;
import org.bertology.core.run.RunSettings;
import org.bertology.core.statistics.Correction;
import org.bertology.core.statistics.PairedComparison;
import org.bertology.core.task.TaskData;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bertology ablate}. */
@Command(
    name = "ablate",
    description = {
      "What a model loses without each of its heads, layers or groups of neurons, or with a single"
          + " head of a layer.",
      "",
      "Runs the examples once for each, computing what the runs have in common once, and prints by"
          + " how much the metric changes, with 95%% bootstrap intervals and tests. With --out it"
          + " can be stopped at any moment; the same command goes on where it was.",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  bertology ablate --model my-bert --task sst-2 --data glue/SST-2/dev.tsv --out ablation",
      "  bertology ablate --model my-bert --task sst-2 --data dev.tsv --mode keep-one",
      "  bertology ablate --model my-bert --task sst-2 --data dev.tsv --target neurons \\",
      "      --group-size 256",
      "  bertology ablate --model my-bert --task sst-2 --data dev.tsv --head-mask '3:10 5:4,5'"
    })
final class AblateCommand implements Callable<Integer> {
  private final Console console;
  private final Backends backends;
  private final RootCommand root;
  private final AblationJob job;

  @Spec private CommandSpec spec;

  @Mixin private ModelOptions model;
  @Mixin private DataOptions data;

  @Mixin private TargetOption units;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      converter = Choices.OfAblationMode.class,
      completionCandidates = Choices.AblationModes.class,
      defaultValue = "leave-one-out",
      description =
          "leave-one-out: take away one and keep all others; keep-one: take away all heads of a"
              + " layer but one (default: ${DEFAULT-VALUE}).")
  private AblationMode mode;

  @Option(
      names = "--group-size",
      paramLabel = "N",
      description =
          "With --target neurons: how many that are next to each other are taken away together"
              + " (default: all of a layer).")
  private Optional<Integer> groupSize = Optional.empty();

  @Mixin private SamplingOptions sampling;

  @Option(
      names = "--correction",
      paramLabel = "NAME",
      converter = Choices.OfCorrection.class,
      completionCandidates = Choices.Corrections.class,
      defaultValue = "holm",
      description =
          "What is done to p-values because there are many tests: ${COMPLETION-CANDIDATES}"
              + " (default: ${DEFAULT-VALUE}).")
  private Correction correction;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Write the result there, as .npy, .csv and .json, and until then what is computed; must"
              + " be empty or new, or hold what an earlier run of the same command left.")
  private Optional<Path> out = Optional.empty();

  @Mixin private OutputOptions output;
  @Mixin private EngineOptions engine;

  @Inject
  AblateCommand(Console console, Backends backends, RootCommand root, AblationJob job) {
    this.console = console;
    this.backends = backends;
    this.root = root;
    this.job = job;
  }

  @Override
  public Integer call() {
    AblationOptions options = options();
    AblationRequest request = new AblationRequest(options, comparison(), output.json());
    Optional<ResumableOutput> directory =
        out.map(path -> AblationJob.output(path, output.existing()));
    try (OpenModel open = OpenModel.open(model.open(), engine.open(backends))) {
      Optional<ModelMask> mask = model.mask(open.model());
      TaskData examples = TaskData.readLabelled(open.model(), data.selection());
      AblationJob.Subject subject = new AblationJob.Subject(open.model(), examples, mask);
      directory.ifPresentOrElse(
          there -> job.run(subject, request, there), () -> job.run(subject, request));
    }
    return ExitCode.OK;
  }

  private AblationOptions options() {
    if (groupSize.isPresent() && units.target() != Target.NEURONS) {
      throw new ParameterException(
          spec.commandLine(), "--group-size is for --target neurons; heads and layers go singly");
    }
    RunSettings settings = engine.settings(ProgressBar.on(console, root.verbosity()));
    int together = groupSize.orElse(AblationOptions.WHOLE_LAYER);
    return new AblationOptions(units.target(), mode, together, settings);
  }

  private PairedComparison comparison() {
    return PairedComparison.defaults()
        .withResamples(sampling.resamples())
        .withSeed(sampling.seed())
        .withCorrection(correction);
  }
}
