package org.bertology.cli;

import java.nio.file.Path;
import org.bertology.core.task.DataSelection;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which examples, and how to read them. */
final class DataOptions {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description =
          "Labelled examples: .tsv, .csv or .jsonl, or .conllu or .conll for models that classify"
              + " words; with --task also the directory of the task's files, of which the"
              + " development set is read.")
  private Path data;

  @Mixin private ReadingOptions reading;

  DataSelection selection() {
    return selection(data);
  }

  /** Another file, read in the same way. */
  DataSelection selection(Path file) {
    return reading.selection(file);
  }
}
