package org.bertology.cli;

import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bertology.core.backend.Backends;
import org.bertology.core.file.AtomicFiles.Existing;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.ImportanceOptions;
import org.bertology.core.importance.Normalization;
import org.bertology.core.model.ModelMask;
import org.bertology.core.result.OutputDirectory;
import org.bertology.core.task.TaskData;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bertology importance}. */
@Command(
    name = "importance",
    description = {
      "How much each head, neuron or layer matters on examples.",
      "",
      "Scores every one by the derivative of each example's loss (or, without labels, of the entropy"
          + " of what is predicted, --objective) with respect to its mask, from one"
          + " forward and backward pass, and prints the scores, a ranking with 95%% bootstrap"
          + " intervals, and the model's metrics in the same pass.",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  bertology importance --model my-bert --task mrpc --data glue/MRPC/dev.tsv --out scores",
      "  bertology importance --model my-bert --data reviews.csv --text-column review \\",
      "      --label-column stars --limit 500",
      "  bertology importance --model my-bert --task sst-2 --data dev.tsv --target neurons",
      "  bertology importance --model my-bert --task sst-2 --data dev.tsv --json --entropy"
    })
final class ImportanceCommand implements Callable<Integer> {
  private final Console console;
  private final Backends backends;
  private final RootCommand root;
  private final ImportanceJob job;

  @Spec private CommandSpec spec;

  @Mixin private ModelOptions model;
  @Mixin private DataOptions data;

  @Mixin private TargetOption units;

  @Option(
      names = "--criterion",
      paramLabel = "NAME",
      converter = Choices.OfCriterion.class,
      completionCandidates = Choices.Criteria.class,
      defaultValue = "gradient",
      description = {
        "The definition that is shown: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
        "With s the derivative of an example's loss by a mask at a token: gradient is the mean over"
            + " examples of |sum of s over tokens| (Michel et al. 2019, eq. 2). token-gradient:"
            + " sum of |s| per token (their code). batch-gradient and hf-script: Hugging Face's"
            + " script as meant and as written. fisher: mean of squares. signed: mean, with its"
            + " sign. Files hold all of them."
      })
  private Criterion criterion;

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
      names = "--entropy",
      description = "Also compute the entropy and confidence of each head's attention.")
  private boolean entropy;

  @Mixin private SamplingOptions sampling;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "The batch size in the definitions of batch-gradient and hf-script, in the order of the"
              + " file; nothing else depends on it (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write all scores there, as .npy, .csv and .json; must be empty or new.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--per-example",
      description = "With --out: also write the scores of every example, per_example.npy.")
  private boolean perExample;

  @Mixin private OutputOptions output;
  @Mixin private EngineOptions engine;

  @Inject
  ImportanceCommand(Console console, Backends backends, RootCommand root, ImportanceJob job) {
    this.console = console;
    this.backends = backends;
    this.root = root;
    this.job = job;
  }

  @Override
  public Integer call() {
    if (perExample && out.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--per-example needs --out");
    }
    Existing existing = output.existing();
    ImportanceRequest request =
        new ImportanceRequest(criterion, normalization, out, existing, perExample, output.json());
    ImportanceOptions options = options();
    Optional<OutputDirectory> directory = ImportanceJob.output(request);
    try (OpenModel open = OpenModel.open(model.open(), engine.open(backends))) {
      Optional<ModelMask> mask = model.mask(open.model());
      TaskData examples = objective.read(open.model(), data.selection());
      job.run(open.model(), examples, mask, options, request, directory);
    }
    return ExitCode.OK;
  }

  private ImportanceOptions options() {
    return new ImportanceOptions(
        units.target(),
        objective.objective(),
        entropy,
        batchSize,
        sampling.resamples(),
        sampling.seed(),
        engine.settings(ProgressBar.on(console, root.verbosity())));
  }
}
