package org.bertology.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.bertology.core.model.Model;
import org.bertology.core.prune.PruningData;
import org.bertology.core.task.TaskData;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which examples score, which decide, and which tell how good the result is. */
final class PruneDataOptions {
  @Option(
      names = {"--data", "--importance-data"},
      required = true,
      paramLabel = "FILE",
      description =
          "Labelled examples on which units are scored: .tsv, .csv or .jsonl, or .conllu or .conll"
              + " for models that classify words; with --task also the directory of the task's files, of which the development set is read.")
  private Path importance;

  @Option(
      names = "--decide-data",
      paramLabel = "FILE",
      description =
          "Labelled examples on which every step is evaluated, so that they decide how far to go"
              + " (default: those of --data).")
  private Optional<Path> decisions = Optional.empty();

  @Option(
      names = "--test-data",
      paramLabel = "FILE",
      description =
          "Labelled examples on which the result alone is evaluated, in the end (default: none).")
  private Optional<Path> test = Optional.empty();

  @Mixin private ReadingOptions reading;

  /** Reads the data; what only scores needs labels if the objective does. */
  PruningData read(Model model, ObjectiveOption objective) {
    TaskData scored =
        decisions.isPresent()
            ? objective.read(model, reading.selection(importance))
            : read(model, importance);
    TaskData decided = decisions.isPresent() ? read(model, decisions.get()) : scored;
    return new PruningData(scored, decided, test.map(file -> read(model, file)));
  }

  private TaskData read(Model model, Path file) {
    return TaskData.readLabelled(model, reading.selection(file));
  }
}
