package org.bertology.cli;

import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.bertology.core.backend.Backends;
import org.bertology.core.experiment.MichelData;
import org.bertology.core.experiment.MichelOptions;
import org.bertology.core.model.Model;
import org.bertology.core.result.ResumableOutput;
import org.bertology.core.statistics.PairedComparison;
import org.bertology.core.task.TaskData;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bertology experiment michel}. */
@Command(
    name = "michel",
    description = {
      "Are Sixteen Heads Really Better than One? (Michel, Levy and Neubig, 2019), on your model.",
      "",
      "One head less; a single head in a layer; whether the same heads matter on other data; fewer"
          + " and fewer heads, by importance, by leave-one-out and at random; and how much faster"
          + " the model is without half of them. With --out it can be stopped at any moment; the"
          + " same command goes on where it was.",
      ""
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  bertology experiment michel --model my-bert --task sst-2 --data dev.tsv --out michel",
      "  bertology experiment michel --model my-bert --task mnli --data dev_matched.tsv \\",
      "      --other-data dev_mismatched.tsv --importance-data train.tsv --limit 5000 --out michel"
    })
final class MichelCommand implements Callable<Integer> {
  private final Console console;
  private final Backends backends;
  private final RootCommand root;
  private final MichelJob job;

  @Mixin private ModelDirectoryOption model;
  @Mixin private DataOptions data;

  @Option(
      names = "--importance-data",
      paramLabel = "FILE",
      description =
          "Labelled examples on which heads are scored for the curve by importance (default: those"
              + " of --data).")
  private Optional<Path> importance = Optional.empty();

  @Option(
      names = "--other-data",
      paramLabel = "FILE",
      description =
          "Labelled examples on which heads are ablated too, to see whether the same ones matter"
              + " (default: none).")
  private Optional<Path> other = Optional.empty();

  @Option(
      names = "--random-draws",
      paramLabel = "N",
      defaultValue = "5",
      description = "Random orders to compare with (default: ${DEFAULT-VALUE}).")
  private int randomDraws;

  @Mixin private SamplingOptions sampling;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      defaultValue = "20",
      description = "Timed passes of each form and batch size (default: ${DEFAULT-VALUE}).")
  private int repetitions;

  @Option(names = "--no-speed", description = "Measure no time.")
  private boolean noSpeed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Write the result there, as .csv and .json, and until then what is computed; must be"
              + " empty or new, or hold what an earlier run of the same command left.")
  private Optional<Path> out = Optional.empty();

  @Mixin private OutputOptions output;
  @Mixin private EngineOptions engine;

  @Inject
  MichelCommand(Console console, Backends backends, RootCommand root, MichelJob job) {
    this.console = console;
    this.backends = backends;
    this.root = root;
    this.job = job;
  }

  @Override
  public Integer call() {
    MichelRequest request =
        new MichelRequest(
            options(),
            noSpeed ? OptionalInt.empty() : OptionalInt.of(repetitions),
            engine,
            output.json());
    Optional<ResumableOutput> target = out.map(path -> MichelJob.output(path, output.existing()));
    try (OpenModel open = OpenModel.open(model.open(), engine.open(backends))) {
      return job.run(open.model(), data(open.model()), request, target);
    } finally {
      target.ifPresent(ResumableOutput::close);
    }
  }

  private MichelOptions options() {
    PairedComparison comparison =
        PairedComparison.defaults().withResamples(sampling.resamples()).withSeed(sampling.seed());
    return new MichelOptions(
        randomDraws, comparison, engine.settings(ProgressBar.on(console, root.verbosity())));
  }

  private MichelData data(Model opened) {
    TaskData evaluation = TaskData.readLabelled(opened, data.selection());
    return new MichelData(
        evaluation,
        importance.map(file -> read(opened, file)).orElse(evaluation),
        other.map(file -> read(opened, file)));
  }

  private TaskData read(Model opened, Path file) {
    return TaskData.readLabelled(opened, data.selection(file));
  }
}
