package org.bertology.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.bertology.core.data.Columns;
import org.bertology.core.data.GlueTask;
import org.bertology.core.task.DataSelection;
import picocli.CommandLine.Option;

/** Which examples, and how to read them. */
final class DataOptions {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description =
          "Labelled examples: .tsv, .csv or .jsonl; with --task also the directory of the task's"
              + " files, of which the development set is read.")
  private Path data = Path.of("");

  @Option(
      names = "--task",
      paramLabel = "TASK",
      converter = Choices.OfTask.class,
      completionCandidates = Choices.Tasks.class,
      description =
          "A GLUE task, for its layout, labels and metrics: ${COMPLETION-CANDIDATES}. Without it,"
              + " columns are found by name and labels are those of the model.")
  private Optional<GlueTask> task = Optional.empty();

  @Option(
      names = "--text-column",
      paramLabel = "NAME",
      description = "The column of the text (default: the usual names, such as sentence).")
  private Optional<String> text = Optional.empty();

  @Option(
      names = "--pair-column",
      paramLabel = "NAME",
      description = "The column of the second text of a pair.")
  private Optional<String> pair = Optional.empty();

  @Option(
      names = "--label-column",
      paramLabel = "NAME",
      description = "The column of the label (default: the usual names, such as label).")
  private Optional<String> label = Optional.empty();

  @Option(
      names = "--max-length",
      paramLabel = "TOKENS",
      description =
          "Longer examples are cut off here, and counted (default: 128, or the model's positions if"
              + " fewer).")
  private Optional<Integer> maxLength = Optional.empty();

  @Option(names = "--limit", paramLabel = "N", description = "Read only the first N examples.")
  private Optional<Integer> limit = Optional.empty();

  DataSelection selection() {
    Columns columns = new Columns(text, pair, label, true);
    return new DataSelection(data, task, columns, optional(maxLength), optional(limit));
  }

  private static OptionalInt optional(Optional<Integer> value) {
    return value.map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }
}
