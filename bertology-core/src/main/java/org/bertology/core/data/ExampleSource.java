package org.bertology.core.data;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bertology.core.file.Hashes;

/**
 * A data file and how to read it; every {@link #open} reads it from the start. Nothing of the file
 * is kept.
 */
public final class ExampleSource {
  private final DataFile file;
  private final Layout layout;
  private final Labels labels;
  private final long limit;
  private final LabelUse labelUse;

  private ExampleSource(
      DataFile file, Layout layout, Labels labels, long limit, LabelUse labelUse) {
    this.file = file;
    this.layout = layout;
    this.labels = labels;
    this.limit = limit;
    this.labelUse = labelUse;
  }

  /**
   * A file of a GLUE task: tab-separated in the task's own layout, or CSV or JSON Lines with the
   * same column names.
   *
   * @param data the file, or a directory that holds the task's {@link GlueTask#devFile}
   * @param labels the meaning of the labels, from {@link GlueTask#labels}
   * @throws IllegalArgumentException if there is no such file
   */
  public static ExampleSource of(Path data, GlueTask task, Labels labels) {
    requireExists(data);
    Path path = Files.isDirectory(data) ? devFileIn(data, task) : data;
    return source(path, task.layout(), labels);
  }

  /**
   * A TSV, CSV or JSON Lines file by the names of its columns.
   *
   * @throws IllegalArgumentException if there is no such file, or it is a directory
   */
  public static ExampleSource of(Path data, Columns columns, Labels labels) {
    requireExists(data);
    if (Files.isDirectory(data)) {
      throw new IllegalArgumentException(
          "data file '" + data + "' is a directory; give a file, or a task that says which");
    }
    return source(data, new ColumnsLayout(columns), labels);
  }

  private static ExampleSource source(Path path, Layout layout, Labels labels) {
    DataFile file = new DataFile(path);
    file.format(); // refuses an unknown ending now, not when the model has been loaded
    return new ExampleSource(
        file, layout, requireNonNull(labels), Long.MAX_VALUE, LabelUse.WHERE_THERE);
  }

  /**
   * The same, but only the first examples.
   *
   * @param count at least one
   */
  public ExampleSource limit(long count) {
    if (count < 1) {
      throw new IllegalArgumentException("expected a limit of at least 1 example, got " + count);
    }
    return new ExampleSource(file, layout, labels, count, labelUse);
  }

  /** The same, but a file without labels is refused when it is opened. */
  public ExampleSource requireLabels() {
    return new ExampleSource(file, layout, labels, limit, LabelUse.REQUIRED);
  }

  /** The same, but without labels, whether or not the file has any. */
  public ExampleSource ignoreLabels() {
    return new ExampleSource(file, layout, labels, limit, LabelUse.IGNORED);
  }

  /** The file that is read: where a directory was given, the development file in it. */
  public Path file() {
    return file.path();
  }

  /** SHA-256 of the file's bytes, 64 hexadecimal digits. */
  public String sha256() {
    return Hashes.sha256(List.of(file.path()));
  }

  /**
   * Opens the file and reads its first example.
   *
   * @throws org.bertology.core.ContentException if the file's content is wrong
   * @throws IllegalArgumentException if a named column is not there
   */
  public Examples open() {
    try {
      return Examples.open(file, layout, labels, limit, labelUse);
    } catch (IOException e) {
      throw new UncheckedIOException("data file '" + file.path() + "' cannot be read", e);
    }
  }

  /** All examples up to the limit, in the order of the file. */
  public List<Example> readAll() {
    List<Example> all = new ArrayList<>();
    try (Examples examples = open()) {
      examples.forEachRemaining(all::add);
    }
    return List.copyOf(all);
  }

  private static void requireExists(Path data) {
    if (!Files.exists(data)) {
      throw new IllegalArgumentException(
          "data file '" + data + "' does not exist; check the path and the working directory");
    }
  }

  private static Path devFileIn(Path directory, GlueTask task) {
    Path file = directory.resolve(task.devFile());
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          String.format(
              "data directory '%s' has no %s, the development file of %s; it holds: %s",
              directory, task.devFile(), task.key(), filesIn(directory)));
    }
    return file;
  }

  private static String filesIn(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      String names =
          files
              .map(file -> file.getFileName().toString())
              .sorted()
              .collect(Collectors.joining(", "));
      return names.isEmpty() ? "nothing" : names;
    } catch (IOException e) {
      throw new UncheckedIOException("data directory '" + directory + "' cannot be read", e);
    }
  }
}
