package org.bertology.cli;

import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bertology.core.backend.Backends;
import org.bertology.core.evaluate.Evaluation;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.file.AtomicFiles;
import org.bertology.core.model.Model;
import org.bertology.core.model.ModelMask;
import org.bertology.core.result.EvaluationJson;
import org.bertology.core.result.PredictionsFile;
import org.bertology.core.result.Provenance;
import org.bertology.core.result.Summary;
import org.bertology.core.run.RunSettings;
import org.bertology.core.task.TaskData;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bertology evaluate}. */
@Command(
    name = "evaluate",
    description = {"A model's metrics and loss on examples, all heads kept or some masked.", ""},
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  bertology evaluate --model my-bert --task sst-2 --data glue/SST-2/dev.tsv",
      "  bertology evaluate --model my-bert --task sst-2 --data dev.tsv --head-mask '1:2,3 4:1'",
      "  bertology evaluate --model my-bert --data test.csv --predictions predictions.tsv",
      "  bertology evaluate --model my-tagger --data en_ewt-ud-dev.conllu --label-column xpos"
    })
final class EvaluateCommand implements Callable<Integer> {
  private final Console console;
  private final Backends backends;
  private final RootCommand root;
  private final Invocation invocation;

  @Mixin private ModelOptions model;
  @Mixin private DataOptions data;

  @Option(
      names = "--predictions",
      paramLabel = "FILE",
      description =
          "Write a line per example, or per word where words are classified, with its id,"
              + " prediction, label and logits: tab-separated, or JSON Lines if the name ends in"
              + " .jsonl.")
  private Optional<Path> predictions = Optional.empty();

  @Mixin private OutputOptions output;
  @Mixin private EngineOptions engine;

  @Inject
  EvaluateCommand(Console console, Backends backends, RootCommand root, Invocation invocation) {
    this.console = console;
    this.backends = backends;
    this.root = root;
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    predictions.ifPresent(file -> AtomicFiles.requireWritable(file, output.existing()));
    RunSettings settings = engine.settings(ProgressBar.on(console, root.verbosity()));
    try (OpenModel open = OpenModel.open(model.open(), engine.open(backends))) {
      Optional<ModelMask> mask = model.mask(open.model());
      TaskData examples = TaskData.read(open.model(), data.selection());
      ModelMask given = mask.orElseGet(() -> ModelMask.ones(open.model().config()));
      Predictions made = Evaluation.of(open.model(), examples.encoded(), given, settings);
      predictions.ifPresent(file -> PredictionsFile.write(file, output.existing(), examples, made));
      print(open.model(), examples, made, Summary.of(examples, made, mask));
    }
    return ExitCode.OK;
  }

  private void print(Model opened, TaskData examples, Predictions made, Summary summary) {
    if (output.json()) {
      Provenance provenance = Provenance.of(opened, examples);
      console.out().print(EvaluationJson.of(summary, provenance, invocation.record()));
      return;
    }
    SummaryView view = new SummaryView(console, opened, examples);
    view.printData(summary);
    view.printPerformance(summary, made);
    predictions.ifPresent(file -> console.out().println("predictions: " + file));
  }
}
