package org.bertology.core.task;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.bertology.api.model.Task;
import org.bertology.core.ContentException;
import org.bertology.core.data.ClassLabels;
import org.bertology.core.data.Example;
import org.bertology.core.data.ExampleSource;
import org.bertology.core.data.Examples;
import org.bertology.core.data.GlueTask;
import org.bertology.core.data.Labels;
import org.bertology.core.data.ScoreLabels;
import org.bertology.core.data.TargetLabels;
import org.bertology.core.evaluate.Predictions;
import org.bertology.core.evaluate.Readout;
import org.bertology.core.metric.Metric;
import org.bertology.core.model.Model;
import org.bertology.core.run.EncodedData;

/** The examples of a data file as a model's token ids and classes. */
public final class TaskData {
  private static final int USUAL_MAX_LENGTH = 128;

  private final DataSelection selection;
  private final ExampleSource source;
  private final Labels labels;
  private final ReadColumns columns;
  private final List<String> ids;
  private final List<List<String>> words;
  private final EncodedData encoded;
  private final int maxLength;
  private final List<Metric> metrics;

  private TaskData(
      DataSelection selection,
      ExampleSource source,
      Labels labels,
      ReadColumns columns,
      List<String> ids,
      List<List<String>> words,
      EncodedData encoded,
      int maxLength,
      List<Metric> metrics) {
    this.selection = selection;
    this.source = source;
    this.labels = labels;
    this.columns = columns;
    this.ids = List.copyOf(ids);
    this.words = List.copyOf(words);
    this.encoded = encoded;
    this.maxLength = maxLength;
    this.metrics = List.copyOf(metrics);
  }

  /**
   * Reads and tokenizes examples for a classifier of sequences or words or a regressor, with their
   * labels where the file has them, or for a sequence-to-sequence model, with their targets.
   *
   * @throws IllegalArgumentException if the file or a named column does not exist, the model is of
   *     another kind, does not fit the task or the kind of file, or has fewer positions than the
   *     maximum length
   * @throws ContentException if the file's content is wrong
   */
  public static TaskData read(Model model, DataSelection selection) {
    return read(model, labelledSource(model, selection), selection);
  }

  /** The same, but a file without labels is refused. */
  public static TaskData readLabelled(Model model, DataSelection selection) {
    return read(model, labelledSource(model, selection).requireLabels(), selection);
  }

  /** The same for any model and file; labels are read only where {@link #read} would take them. */
  public static TaskData readTexts(Model model, DataSelection selection) {
    ExampleSource source = source(model, selection);
    boolean labelled = hasLabels(model) && classifiesWords(model) == source.format().holdsWords();
    return read(model, labelled ? source : source.ignoreLabels(), selection);
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
    return model.task() == Task.TOKEN_CLASSIFICATION;
  }

  private static String words(Task task) {
    return task.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Whether data files have labels for the model's task. */
  private static boolean hasLabels(Model model) {
    return switch (model.task()) {
      case SEQUENCE_CLASSIFICATION, REGRESSION, TOKEN_CLASSIFICATION, SEQ2SEQ_LM -> true;
      case MASKED_LM, CAUSAL_LM, ENCODER -> false;
    };
  }

  private static void requireTask(Model model) {
    if (!hasLabels(model)) {
      throw new IllegalArgumentException(
          "this needs a classifier of sequences or tokens, or a regressor; '%s' is a model for %s"
              .formatted(model.checkpoint().directory(), words(model.task())));
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
      EncodedData encoded = EncodedData.of(recorded, model.tokenizer(), maxLength);
      return new TaskData(
          selection,
          source,
          labels(model, selection.task()),
          ReadColumns.of(examples),
          ids,
          words,
          encoded,
          maxLength,
          metrics(model, selection));
    }
  }

  private static List<Metric> metrics(Model model, DataSelection selection) {
    return selection
        .task()
        .map(GlueTask::metrics)
        .orElseGet(() -> hasLabels(model) ? Readout.of(model).metrics() : List.of());
  }

  static Labels labels(Model model, Optional<GlueTask> task) {
    if (model.task() == Task.SEQ2SEQ_LM) {
      task.ifPresent(given -> refuse(model, given));
      return new TargetLabels();
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
    Labels labels = labels(model, selection.task());
    boolean byTask = selection.task().isPresent() && !selection.namesColumns();
    ExampleSource source =
        byTask
            ? ExampleSource.of(selection.data(), selection.format(), selection.task().get(), labels)
            : ExampleSource.of(selection.data(), selection.format(), selection.columns(), labels);
    return selection.limit().isPresent() ? source.limit(selection.limit().getAsInt()) : source;
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
    return columns.label().isPresent();
  }

  /** One line on how labels were matched with the model's classes. */
  public String labelMatching() {
    return labels.explanation();
  }

  /**
   * The names of the model's classes, the task's where the model has none; {@code score} alone for
   * regression, and none where words are written.
   */
  public List<String> outputNames() {
    return labels.outputNames();
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
