package org.bertology.core.data;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bertology.core.file.Hashes;

/**
 * A data file and how to read it; every {@link #open} reads it from the start. Nothing of the file
 * is kept.
 */
public final class ExampleSource {
  private final DataFile file;
  private final Opener opener;
  private final long limit;
  private final LabelUse labelUse;

  /** Makes a reader of the lines of an open file. */
  @FunctionalInterface
  private interface Opener {
    ExampleReader open(Lines lines, LabelUse labelUse) throws IOException;
  }

  private ExampleSource(DataFile file, Opener opener, long limit, LabelUse labelUse) {
    this.file = file;
    this.opener = opener;
    this.limit = limit;
    this.labelUse = labelUse;
  }

  /**
   * A file of a GLUE task: tab-separated in the task's own layout, or CSV or JSON Lines with the
   * same column names.
   *
   * @param data the file, or a directory that holds the task's {@link GlueTask#devFile}
   * @param format the file's; what its name tells if absent
   * @param labels the meaning of the labels, from {@link GlueTask#labels}
   * @throws IllegalArgumentException if there is no such file, or it holds words
   */
  public static ExampleSource of(
      Path data, Optional<DataFormat> format, GlueTask task, Labels labels) {
    requireExists(data);
    DataFile file = DataFile.of(Files.isDirectory(data) ? devFileIn(data, task) : data, format);
    if (file.format().holdsWords() || file.format() == DataFormat.TEXT) {
      throw file.wrongUse(
          "holds %s, but task %s has a label for each text"
              .formatted(
                  file.format().holdsWords() ? "words with a label each" : "plain text",
                  task.key()));
    }
    return table(file, task.layout(), labels);
  }

  /** The same in the format that the file's name tells. */
  public static ExampleSource of(Path data, GlueTask task, Labels labels) {
    return of(data, Optional.empty(), task, labels);
  }

  /**
   * A TSV, CSV or JSON Lines file by the names of its columns; a file with a word per line, by
   * those of CoNLL-U or the numbers of its columns; or plain text, without any.
   *
   * @param format the file's; what its name tells if absent
   * @throws IllegalArgumentException if there is no such file, or it is a directory
   */
  public static ExampleSource of(
      Path data, Optional<DataFormat> format, Columns columns, Labels labels) {
    requireExists(data);
    if (Files.isDirectory(data)) {
      throw new IllegalArgumentException(
          "data file '" + data + "' is a directory; give a file, or a task that says which");
    }
    DataFile file = DataFile.of(data, format);
    if (file.format() == DataFormat.TEXT) {
      return new ExampleSource(
          file,
          (lines, use) -> PlainTextReader.open(file, lines, use),
          Long.MAX_VALUE,
          LabelUse.WHERE_THERE);
    }
    return file.format().holdsWords()
        ? new ExampleSource(
            file,
            (lines, use) -> WordReader.open(file, lines, columns, labels, use),
            Long.MAX_VALUE,
            LabelUse.WHERE_THERE)
        : table(file, new ColumnsLayout(columns, labels instanceof TargetLabels), labels);
  }

  /** The same in the format that the file's name tells. */
  public static ExampleSource of(Path data, Columns columns, Labels labels) {
    return of(data, Optional.empty(), columns, labels);
  }

  private static ExampleSource table(DataFile file, Layout layout, Labels labels) {
    requireNonNull(labels);
    return new ExampleSource(
        file,
        (lines, use) -> RowReader.open(file, lines, layout, labels, use),
        Long.MAX_VALUE,
        LabelUse.WHERE_THERE);
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
    return new ExampleSource(file, opener, count, labelUse);
  }

  /** The same, but a file without labels is refused when it is opened. */
  public ExampleSource requireLabels() {
    return new ExampleSource(file, opener, limit, LabelUse.REQUIRED);
  }

  /** The same, but without labels, whether or not the file has any. */
  public ExampleSource ignoreLabels() {
    return new ExampleSource(file, opener, limit, LabelUse.IGNORED);
  }

  /** The file that is read: where a directory was given, the development file in it. */
  public Path file() {
    return file.path();
  }

  /** How the file is written. */
  public DataFormat format() {
    return file.format();
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
      return open(new Lines(file, Files.newInputStream(file.path())));
    } catch (IOException e) {
      throw new UncheckedIOException("data file '" + file.path() + "' cannot be read", e);
    }
  }

  private Examples open(Lines lines) throws IOException {
    try {
      return Examples.of(file, opener.open(lines, labelUse), limit);
    } catch (IOException | RuntimeException e) {
      lines.close();
      throw e;
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
