package org.bertology.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.bertology.core.data.Columns;
import org.bertology.core.data.DataFormat;
import org.bertology.core.data.GlueTask;
import org.bertology.core.language.LanguageOptions;
import org.bertology.core.language.Masking;
import org.bertology.core.task.DataSelection;
import picocli.CommandLine.Option;

/** How to read a data file. */
final class ReadingOptions {
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
      names = "--data-format",
      paramLabel = "FORMAT",
      converter = Choices.OfDataFormat.class,
      completionCandidates = Choices.DataFormats.class,
      description =
          "How data files are written, whatever their names end in: ${COMPLETION-CANDIDATES}."
              + " conllu and conll have a word per line, with a label for models that classify"
              + " words. text, for language models, is plain text; for them it is also what the"
              + " endings .txt and those that are not known stand for.")
  private Optional<DataFormat> format = Optional.empty();

  @Option(
      names = "--text-column",
      paramLabel = "NAME",
      description =
          "The column of the text (default: the usual names, such as sentence), or of the words"
              + " (default: form in conllu, 1 in conll).")
  private Optional<String> text = Optional.empty();

  @Option(
      names = "--pair-column",
      paramLabel = "NAME",
      description = "The column of the second text of a pair.")
  private Optional<String> pair = Optional.empty();

  @Option(
      names = {"--label-column", "--target-column"},
      paramLabel = "NAME",
      description =
          "The column of the label (default: the usual names, such as label; upos in conllu, the"
              + " last in conll), or of the target text of a sequence-to-sequence model (default:"
              + " the usual names, such as target or summary).")
  private Optional<String> label = Optional.empty();

  @Option(
      names = "--max-length",
      paramLabel = "TOKENS",
      description =
          "Longer examples are cut off here, and counted (default: 128, or the model's positions if"
              + " fewer). Of plain text, the tokens of a window (default: the model's positions).")
  private Optional<Integer> maxLength = Optional.empty();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Read only the first N examples, or windows of plain text.")
  private Optional<Integer> limit = Optional.empty();

  @Option(
      names = "--stride",
      paramLabel = "TOKENS",
      description =
          "Plain text for a model of the next token: how far a window begins after the one before;"
              + " only what is new in a window counts (default: half of a window).")
  private Optional<Integer> stride = Optional.empty();

  @Option(
      names = "--masking",
      paramLabel = "WHICH",
      converter = Choices.OfMasking.class,
      description =
          "What a masked language model has to find: a part of the tokens of each text, hidden at"
              + " once (default: 15%%); each, one by one, for the pseudo-perplexity; or each:N, of N"
              + " tokens of each text.")
  private Optional<Masking> masking = Optional.empty();

  @Option(
      names = "--masking-seed",
      paramLabel = "N",
      description = "Of the tokens that are drawn (default: ${DEFAULT-VALUE}).")
  private long maskingSeed = LanguageOptions.defaults().seed();

  @Option(
      names = "--score-scale",
      paramLabel = "X",
      description =
          "Sentence embedding: the largest score of similarity; scores are divided by it, to lie in"
              + " [-1, 1] as cosines do (default: 5 with --task sts-b, else 1).")
  private Optional<Double> scoreScale = Optional.empty();

  DataSelection selection(Path data) {
    Columns columns = new Columns(text, pair, label, true);
    return new DataSelection(
        data,
        format,
        task,
        columns,
        maxLength(),
        limit.map(OptionalInt::of).orElseGet(OptionalInt::empty),
        language(),
        scoreScale.map(OptionalDouble::of).orElseGet(OptionalDouble::empty));
  }

  private LanguageOptions language() {
    OptionalInt step = stride.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    return new LanguageOptions(step, masking, maskingSeed);
  }

  OptionalInt maxLength() {
    return maxLength.map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }
}
