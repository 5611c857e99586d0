package org.bertology.core.task;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.bertology.api.model.Task;
import org.bertology.core.ContentException;
import org.bertology.core.data.ClassLabels;
import org.bertology.core.data.Example;
import org.bertology.core.data.ExampleSource;
import org.bertology.core.data.Examples;
import org.bertology.core.data.GlueTask;
import org.bertology.core.data.Labels;
import org.bertology.core.data.ScoreLabels;
import org.bertology.core.evaluate.Evaluation;
import org.bertology.core.evaluate.Predictions;
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
  private final EncodedData encoded;
  private final int maxLength;
  private final boolean regression;

  private TaskData(
      DataSelection selection,
      ExampleSource source,
      Labels labels,
      ReadColumns columns,
      List<String> ids,
      EncodedData encoded,
      int maxLength,
      boolean regression) {
    this.selection = selection;
    this.source = source;
    this.labels = labels;
    this.columns = columns;
    this.ids = List.copyOf(ids);
    this.encoded = encoded;
    this.maxLength = maxLength;
    this.regression = regression;
  }

  /**
   * Reads and tokenizes examples for a sequence classifier or regressor, with their labels where
   * the file has them.
   *
   * @throws IllegalArgumentException if the file or a named column does not exist, the model is no
   *     sequence classifier or regressor, does not fit the task, or has fewer positions than the
   *     maximum length
   * @throws ContentException if the file's content is wrong
   */
  public static TaskData read(Model model, DataSelection selection) {
    Evaluation.requireSequenceTask(model);
    return read(model, source(model, selection), selection);
  }

  /** The same, but a file without labels is refused. */
  public static TaskData readLabelled(Model model, DataSelection selection) {
    Evaluation.requireSequenceTask(model);
    return read(model, source(model, selection).requireLabels(), selection);
  }

  /** The same for a model of any task; labels are read only for those that {@link #read} takes. */
  public static TaskData readTexts(Model model, DataSelection selection) {
    boolean labelled =
        model.task() == Task.SEQUENCE_CLASSIFICATION || model.task() == Task.REGRESSION;
    ExampleSource source = source(model, selection);
    return read(model, labelled ? source : source.ignoreLabels(), selection);
  }

  private static TaskData read(Model model, ExampleSource source, DataSelection selection) {
    int maxLength = maxLength(model, selection.maxLength());
    List<String> ids = new ArrayList<>();
    try (Examples examples = source.open()) {
      Iterable<Example> counted = () -> recordingIds(examples, ids);
      EncodedData encoded = EncodedData.of(counted, model.tokenizer(), maxLength);
      return new TaskData(
          selection,
          source,
          labels(model, selection.task()),
          ReadColumns.of(examples),
          ids,
          encoded,
          maxLength,
          model.task() == Task.REGRESSION);
    }
  }

  static Labels labels(Model model, Optional<GlueTask> task) {
    if (task.isPresent()) {
      String modelType = model.checkpoint().config().modelType();
      return task.get().labels(modelType, model.labels());
    }
    return model.task() == Task.REGRESSION
        ? ScoreLabels.of(model.labels())
        : ClassLabels.of(model.labels());
  }

  private static ExampleSource source(Model model, DataSelection selection) {
    Labels labels = labels(model, selection.task());
    boolean byTask = selection.task().isPresent() && !selection.namesColumns();
    ExampleSource source =
        byTask
            ? ExampleSource.of(selection.data(), selection.task().get(), labels)
            : ExampleSource.of(selection.data(), selection.columns(), labels);
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

  private static Iterator<Example> recordingIds(Iterator<Example> examples, List<String> ids) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return examples.hasNext();
      }

      @Override
      public Example next() {
        Example example = examples.next();
        ids.add(example.id());
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
    return labels instanceof ClassLabels classes ? classes.explanation() : "labels are numbers";
  }

  /**
   * The names of the model's classes, the task's where the model has none; {@code score} alone for
   * regression.
   */
  public List<String> outputNames() {
    return labels instanceof ClassLabels classes ? classes.names() : List.of("score");
  }

  /**
   * The metrics of the task, or the usual ones for the kind of labels.
   *
   * @return by {@link Metric#key}, the main one first; empty without labels, and for the
   *     correlation of a single example
   */
  public Map<String, Double> metrics(Predictions predictions) {
    boolean undefined = regression && encoded.size() < 2;
    return undefined ? Map.of() : predictions.metrics(metrics());
  }

  /** The metrics of the task, or the usual ones for the kind of labels; the main one first. */
  public List<Metric> metrics() {
    if (selection.task().isPresent()) {
      return selection.task().get().metrics();
    }
    if (regression) {
      return List.of(Metric.PEARSON, Metric.SPEARMAN);
    }
    return labels.outputs() == 2
        ? List.of(Metric.ACCURACY, Metric.F1, Metric.MATTHEWS)
        : List.of(Metric.ACCURACY);
  }
}
