package org.bertology.cli;

import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bertology.core.backend.Backends;
import org.bertology.core.checkpoint.Checkpoint;
import org.bertology.core.data.Columns;
import org.bertology.core.importance.Criterion;
import org.bertology.core.importance.ImportanceOptions;
import org.bertology.core.importance.Normalization;
import org.bertology.core.result.ImportanceReport;
import org.bertology.core.result.OutputDirectory;
import org.bertology.core.task.DataSelection;
import org.bertology.core.task.TaskData;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bertology demo}. */
@Command(
    name = "demo",
    description = {
      "Head importance of a small fine-tuned BERT that comes with this program, explained.",
      ""
    },
    sortOptions = false,
    footer = {"", "Examples:", "  bertology demo", "  bertology demo --out demo-scores"})
final class DemoCommand implements Callable<Integer> {
  private final Console console;
  private final Backends backends;
  private final RootCommand root;
  private final ImportanceJob job;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write all scores there; must be empty or new.")
  private Optional<Path> out = Optional.empty();

  @Mixin private OutputOptions output;
  @Mixin private EngineOptions engine;

  @Inject
  DemoCommand(Console console, Backends backends, RootCommand root, ImportanceJob job) {
    this.console = console;
    this.backends = backends;
    this.root = root;
    this.job = job;
  }

  @Override
  public Integer call() {
    Path example = Installation.example();
    ImportanceRequest request =
        new ImportanceRequest(
            Criterion.GRADIENT, Normalization.NONE, out, output.existing(), false, output.json());
    Optional<OutputDirectory> directory = ImportanceJob.output(request);
    ImportanceOptions options =
        ImportanceOptions.defaults()
            .withRun(engine.settings(ProgressBar.on(console, root.verbosity())));
    DataSelection data = DataSelection.of(example.resolve("dev.tsv"), Columns.usual());
    boolean explained = !output.json() && root.verbosity() != Verbosity.QUIET;
    try (OpenModel open = OpenModel.open(Checkpoint.open(example), engine.open(backends))) {
      TaskData examples = TaskData.readLabelled(open.model(), data);
      if (explained) {
        console.out().println(Explanation.BEFORE);
      }
      ImportanceReport report =
          job.run(open.model(), examples, Optional.empty(), options, request, directory);
      if (explained) {
        console.out().println(Explanation.after(example, report.ranking()));
      }
    }
    return ExitCode.OK;
  }
}
