package org.bertology.core.task;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.bertology.api.model.Task;
import org.bertology.core.ContentException;
import org.bertology.core.data.ClassLabels;
import org.bertology.core.data.DataFormat;
import org.bertology.core.data.Example;
import org.bertology.core.data.ExampleSource;
import org.bertology.core.data.Examples;
import org.bertology.core.data.GlueTask;
import org.bertology.core.data.Labels;
import org.bertology.core.data.ScoreLabels;
import org.bertology.core.data.SimilarityLabels;
import org.bertology.core.data.TargetLabels;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.evaluate.Readout;
import org.bertology.core.language.LanguageData;
import org.bertology.core.language.LanguageData.Texts;
import org.bertology.core.language.LanguageOptions;
import org.bertology.core.metric.Metric;
import org.bertology.core.model.Model;
import org.bertology.core.run.EncodedData;

/** The examples of a data file as a model's token ids and classes. */
public final class TaskData {
  private static final int USUAL_MAX_LENGTH = 128;
  private static final double STSB_SCALE = 5;

  private final DataSelection selection;
  private final ExampleSource source;
  private final Optional<Labels> labels;
  private final String labelMatching;
  private final ReadColumns columns;
  private final List<String> ids;
  private final List<List<String>> words;
  private final EncodedData encoded;
  private final int maxLength;
  private final List<Metric> metrics;

  private TaskData(
      DataSelection selection,
      ExampleSource source,
      Optional<Labels> labels,
      String labelMatching,
      ReadColumns columns,
      List<String> ids,
      List<List<String>> words,
      EncodedData encoded,
      int maxLength,
      List<Metric> metrics) {
    this.selection = selection;
    this.source = source;
    this.labels = labels;
    this.labelMatching = labelMatching;
    this.columns = columns;
    this.ids = List.copyOf(ids);
    this.words = List.copyOf(words);
    this.encoded = encoded;
    this.maxLength = maxLength;
    this.metrics = List.copyOf(metrics);
  }

  /**
   * Reads and tokenizes examples for a classifier of sequences or words or a regressor, with their
   * labels where the file has them; for a sequence-to-sequence model, with their targets; or for a
   * language model, which finds its labels in the texts.
   *
   * @throws IllegalArgumentException if the file or a named column does not exist, the model is of
   *     another kind, does not fit the task, the options or the kind of file, or has fewer
   *     positions than the maximum length
   * @throws ContentException if the file's content is wrong
   */
  public static TaskData read(Model model, DataSelection selection) {
    return LanguageData.isFor(model.task())
        ? readLanguage(model, selection, LanguageData::of)
        : read(model, labelledSource(model, selection), selection);
  }

  /** The same, but a file without labels is refused where they are not in the texts. */
  public static TaskData readLabelled(Model model, DataSelection selection) {
    return LanguageData.isFor(model.task())
        ? readLanguage(model, selection, LanguageData::of)
        : read(model, labelledSource(model, selection).requireLabels(), selection);
  }

  /**
   * The same for any model and file; labels are read only where {@link #read} would take them, and
   * nothing is masked unless that is asked for.
   */
  public static TaskData readTexts(Model model, DataSelection selection) {
    if (LanguageData.isFor(model.task())) {
      return readLanguage(model, selection, LanguageData::whole);
    }
    ExampleSource source = source(model, selection);
    boolean labelled = hasLabels(model) && classifiesWords(model) == source.format().holdsWords();
    return read(model, labelled ? source : source.ignoreLabels(), selection);
  }

  /** Makes examples of texts. */
  @FunctionalInterface
  private interface LanguageReader {
    LanguageData read(Model model, Texts texts, int maxLength, LanguageOptions options);
  }

  private static TaskData readLanguage(
      Model model, DataSelection selection, LanguageReader reader) {
    ExampleSource source = textSource(model, selection);
    boolean plain = source.format() == DataFormat.TEXT;
    int positions = model.config().maxPositions();
    int maxLength =
        maxLength(
            model,
            plain
                ? OptionalInt.of(selection.maxLength().orElse(positions))
                : selection.maxLength());
    try (Examples examples = source.open()) {
      Texts texts = new Texts(() -> examples, plain, selection.limit().orElse(Integer.MAX_VALUE));
      LanguageData data = reader.read(model, texts, maxLength, selection.language());
      return new TaskData(
          selection,
          source,
          Optional.empty(),
          data.description(),
          ReadColumns.of(examples),
          data.ids(),
          Collections.nCopies(data.ids().size(), List.of()),
          data.encoded(),
          maxLength,
          Readout.of(model).metrics());
    }
  }

  /** The texts of a file, whatever its labels; plain text has a limit of windows instead. */
  private static ExampleSource textSource(Model model, DataSelection selection) {
    Labels unread = labels(model, Optional.empty(), selection.scoreScale());
    if (selection.task().isPresent() && !selection.namesColumns()) {
      GlueTask task = selection.task().get();
      return limited(
              ExampleSource.of(selection.data(), selection.format(), task, unread), selection)
          .ignoreLabels();
    }
    DataFormat format = selection.format().orElseGet(() -> DataFormat.ofTexts(selection.data()));
    ExampleSource source =
        ExampleSource.of(selection.data(), Optional.of(format), selection.columns(), unread)
            .ignoreLabels();
    return format == DataFormat.TEXT ? source : limited(source, selection);
  }

  private static ExampleSource limited(ExampleSource source, DataSelection selection) {
    return selection.limit().isPresent() ? source.limit(selection.limit().getAsInt()) : source;
  }

  private static ExampleSource labelledSource(Model model, DataSelection selection) {
    requireTask(model);
    ExampleSource source = source(model, selection);
    if (classifiesWords(model) && !source.format().holdsWords()) {
      throw new IllegalArgumentException(
          "'%s' classifies words, but data file '%s' has a label for each text; give it a file with a word and its label per line, CoNLL-U or CoNLL"
              .formatted(model.checkpoint().directory(), source.file()));
    }
    if (!classifiesWords(model) && source.format().holdsWords()) {
      throw new IllegalArgumentException(
          "data file '%s' has a label for each word, but '%s' is a model for %s"
              .formatted(source.file(), model.checkpoint().directory(), words(model.task())));
    }
    return source;
  }

  private static boolean classifiesWords(Model model) {
    return model.task() == Task.TOKEN_CLASSIFICATION
        || model.task() == Task.REPLACED_TOKEN_DETECTION;
  }

  private static String words(Task task) {
    return task.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Whether data files have labels for the model's task. */
  private static boolean hasLabels(Model model) {
    return switch (model.task()) {
      case SEQUENCE_CLASSIFICATION,
          REGRESSION,
          TOKEN_CLASSIFICATION,
          REPLACED_TOKEN_DETECTION,
          SENTENCE_EMBEDDING,
          SEQ2SEQ_LM ->
          true;
      case MASKED_LM, CAUSAL_LM, ENCODER -> false;
    };
  }

  private static void requireTask(Model model) {
    if (!hasLabels(model)) {
      throw new IllegalArgumentException(
          "this needs a model with a task; '%s' is an encoder without one; give it a pooling (--pooling) to have it embed sentences"
              .formatted(model.checkpoint().directory()));
    }
  }

  private static TaskData read(Model model, ExampleSource source, DataSelection selection) {
    int maxLength = maxLength(model, selection.maxLength());
    List<String> ids = new ArrayList<>();
    List<List<String>> words = new ArrayList<>();
    try (Examples examples = source.open()) {
      Iterable<Example> recorded =
          () ->
              recording(
                  examples,
                  example -> {
                    ids.add(example.id());
                    words.add(example.words());
                  });
      EncodedData encoded = encoded(model, recorded, maxLength);
      Labels labels = labels(model, selection.task(), selection.scoreScale());
      return new TaskData(
          selection,
          source,
          Optional.of(labels),
          labels.explanation(),
          ReadColumns.of(examples),
          ids,
          words,
          encoded,
          maxLength,
          metrics(model, selection));
    }
  }

  static EncodedData encoded(Model model, Iterable<Example> examples, int maxLength) {
    return model.task() == Task.SENTENCE_EMBEDDING
        ? EncodedData.ofSentences(examples, model.tokenizer(), maxLength)
        : EncodedData.of(examples, model.tokenizer(), maxLength);
  }

  private static List<Metric> metrics(Model model, DataSelection selection) {
    return selection
        .task()
        .filter(task -> model.task() != Task.SENTENCE_EMBEDDING)
        .map(GlueTask::metrics)
        .orElseGet(() -> hasLabels(model) ? Readout.of(model).metrics() : List.of());
  }

  static Labels labels(Model model, Optional<GlueTask> task, OptionalDouble scoreScale) {
    if (model.task() == Task.SEQ2SEQ_LM) {
      task.ifPresent(given -> refuse(model, given));
      return new TargetLabels();
    }
    if (model.task() == Task.SENTENCE_EMBEDDING) {
      double usual = task.filter(GlueTask.STSB::equals).isPresent() ? STSB_SCALE : 1;
      return new SimilarityLabels(scoreScale.orElse(usual));
    }
    if (scoreScale.isPresent()) {
      throw new IllegalArgumentException(
          "a scale of scores is for sentence embedding; '%s' is a model for %s"
              .formatted(model.checkpoint().directory(), words(model.task())));
    }
    if (task.isPresent()) {
      String modelType = model.checkpoint().config().modelType();
      return task.get().labels(modelType, model.labels());
    }
    return model.task() == Task.REGRESSION
        ? ScoreLabels.of(model.labels())
        : ClassLabels.of(model.labels());
  }

  private static void refuse(Model model, GlueTask task) {
    throw new IllegalArgumentException(
        "task %s has a label for each text, but '%s' is a model for %s; leave the task out, and name the columns of text and target"
            .formatted(task.key(), model.checkpoint().directory(), words(model.task())));
  }

  private static ExampleSource source(Model model, DataSelection selection) {
    Labels labels = labels(model, selection.task(), selection.scoreScale());
    boolean byTask = selection.task().isPresent() && !selection.namesColumns();
    ExampleSource source =
        byTask
            ? ExampleSource.of(selection.data(), selection.format(), selection.task().get(), labels)
            : ExampleSource.of(selection.data(), selection.format(), selection.columns(), labels);
    if (source.format() == DataFormat.TEXT) {
      throw new IllegalArgumentException(
          "data file '%s' is plain text, which is for language models; '%s' is a model for %s"
              .formatted(source.file(), model.checkpoint().directory(), words(model.task())));
    }
    requireNoLanguage(model, selection);
    return limited(source, selection);
  }

  private static void requireNoLanguage(Model model, DataSelection selection) {
    LanguageOptions options = selection.language();
    if (options.stride().isPresent() || options.masking().isPresent()) {
      throw new IllegalArgumentException(
          "a %s is for language models; '%s' is a model for %s"
              .formatted(
                  options.stride().isPresent() ? "stride" : "masking",
                  model.checkpoint().directory(),
                  words(model.task())));
    }
  }

  static int maxLength(Model model, OptionalInt wanted) {
    int positions = model.config().maxPositions();
    int length = wanted.orElse(Math.min(USUAL_MAX_LENGTH, positions));
    if (length > positions) {
      throw new IllegalArgumentException(
          "a maximum length of %d tokens is more than the model's %d positions"
              .formatted(length, positions));
    }
    return length;
  }

  private static Iterator<Example> recording(Iterator<Example> examples, Consumer<Example> record) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return examples.hasNext();
      }

      @Override
      public Example next() {
        Example example = examples.next();
        record.accept(example);
        return example;
      }
    };
  }

  public DataSelection selection() {
    return selection;
  }

  /** The file that was read. */
  public Path file() {
    return source.file();
  }

  /** SHA-256 of the file that was read, in hexadecimal; reads it anew. */
  public String sha256() {
    return source.sha256();
  }

  public ReadColumns columns() {
    return columns;
  }

  /** The examples as token ids. */
  public EncodedData encoded() {
    return encoded;
  }

  /** The names of the examples, in the order of the file. */
  public List<String> ids() {
    return ids;
  }

  /** Whether the texts were given as words. */
  public boolean haveWords() {
    return words.stream().anyMatch(text -> !text.isEmpty());
  }

  /** The words of an example; none if its text was not given as words. */
  public List<String> words(int example) {
    return words.get(example);
  }

  /** The length in tokens to which longer examples were cut. */
  public int maxLength() {
    return maxLength;
  }

  /** Whether every example has a label. */
  public boolean haveLabels() {
    return encoded.examples().stream().allMatch(example -> example.label().isPresent());
  }

  /** One line on how labels were matched with the model's classes, or found in the texts. */
  public String labelMatching() {
    return labelMatching;
  }

  /**
   * The names of the model's classes, the task's where the model has none; {@code score} alone for
   * regression; none for a language model, whose outputs are all words.
   */
  public List<String> outputNames() {
    return labels.map(Labels::outputNames).orElse(List.of());
  }

  /**
   * The metrics of the task, or the usual ones for the kind of labels.
   *
   * @return by {@link Metric#key}, the main one first; empty without labels, and for the
   *     correlation of a single example
   */
  public Map<String, Double> metrics(Predictions predictions) {
    return predictions.metrics(metrics);
  }

  /** The metrics of the task, or the usual ones for the kind of labels; the main one first. */
  public List<Metric> metrics() {
    return metrics;
  }
}
