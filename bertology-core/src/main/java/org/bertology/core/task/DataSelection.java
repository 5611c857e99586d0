package org.bertology.core.task;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.bertology.core.data.Columns;
import org.bertology.core.data.DataFormat;
import org.bertology.core.data.GlueTask;
import org.bertology.core.language.LanguageOptions;

/**
 * Which examples to read, and how.
 *
 * @param data a data file, or the directory of a task's files
 * @param format the file's; what its name tells if absent
 * @param task gives layout, labels and metrics; without one the file is read by its column names
 * @param columns names of columns; where any is named, they hold and not the task's layout
 * @param maxLength tokens per example; the rest is cut off. If absent, 128 or the model's
 *     positions, whichever is less; of plain text, the tokens of a window, if absent as many as the
 *     model has positions
 * @param limit how many examples to read from the start of the file, or windows of plain text; if
 *     absent, all
 * @param language what a language model has to find
 * @param scoreScale of sentence embedding: the largest score, by which all are divided; if absent,
 *     5 for STS-B and 1 for other data
 */
public record DataSelection(
    Path data,
    Optional<DataFormat> format,
    Optional<GlueTask> task,
    Columns columns,
    OptionalInt maxLength,
    OptionalInt limit,
    LanguageOptions language,
    OptionalDouble scoreScale) {

  public DataSelection {
    if (maxLength.isPresent() && maxLength.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "the maximum length must be at least 1 token, got " + maxLength.getAsInt());
    }
    if (limit.isPresent() && limit.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "the limit must be at least 1 example, got " + limit.getAsInt());
    }
  }

  /** All examples of a GLUE task's file. */
  public static DataSelection of(Path data, GlueTask task) {
    return new DataSelection(
        data,
        Optional.empty(),
        Optional.of(task),
        Columns.usual(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        LanguageOptions.defaults(),
        OptionalDouble.empty());
  }

  /** All examples of a file with named columns. */
  public static DataSelection of(Path data, Columns columns) {
    return new DataSelection(
        data,
        Optional.empty(),
        Optional.empty(),
        columns,
        OptionalInt.empty(),
        OptionalInt.empty(),
        LanguageOptions.defaults(),
        OptionalDouble.empty());
  }

  public DataSelection withFormat(DataFormat changed) {
    return new DataSelection(
        data, Optional.of(changed), task, columns, maxLength, limit, language, scoreScale);
  }

  public DataSelection withMaxLength(int tokens) {
    return new DataSelection(
        data, format, task, columns, OptionalInt.of(tokens), limit, language, scoreScale);
  }

  public DataSelection withLimit(int examples) {
    return new DataSelection(
        data, format, task, columns, maxLength, OptionalInt.of(examples), language, scoreScale);
  }

  public DataSelection withLanguage(LanguageOptions changed) {
    return new DataSelection(data, format, task, columns, maxLength, limit, changed, scoreScale);
  }

  public DataSelection withScoreScale(double changed) {
    return new DataSelection(
        data, format, task, columns, maxLength, limit, language, OptionalDouble.of(changed));
  }

  boolean namesColumns() {
    return columns.text().isPresent() || columns.pair().isPresent() || columns.label().isPresent();
  }
}
