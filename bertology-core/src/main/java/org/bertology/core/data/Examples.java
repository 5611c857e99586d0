package org.bertology.core.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The examples of an open data file in its order, each read when it is asked for.
 *
 * <p>{@link #next} throws {@link org.bertology.core.ContentException} with the line number where
 * the content is wrong. Not thread-safe.
 */
public final class Examples implements Iterator<Example>, AutoCloseable {
  private final DataFile file;
  private final ExampleReader reader;
  private final long limit;
  private Optional<Example> next = Optional.empty();
  private long read;
  private boolean exhausted;

  private Examples(DataFile file, ExampleReader reader, long limit) {
    this.file = file;
    this.reader = reader;
    this.limit = limit;
  }

  /** The examples of a reader; refuses a file without any. */
  static Examples of(DataFile file, ExampleReader reader, long limit) {
    Examples examples = new Examples(file, reader, limit);
    if (!examples.hasNext()) {
      throw file.wrong(
          String.format(
              "holds no examples; its columns: %s; %d lines were skipped",
              DataFile.listed(reader.columns()), reader.skipped()));
    }
    return examples;
  }

  /** Whether the file has labels that are read. */
  public boolean haveLabels() {
    return labelColumn().isPresent();
  }

  /** The column that the text is read from. */
  public String textColumn() {
    return reader.textColumn();
  }

  /** The column that the second text is read from, if each example is a pair. */
  public Optional<String> pairColumn() {
    return reader.pairColumn();
  }

  /** The column that labels are read from, if the file has them. */
  public Optional<String> labelColumn() {
    return reader.labelColumn();
  }

  /** The columns of the file, in its order. */
  public List<String> columns() {
    return reader.columns();
  }

  /** How many lines have been passed over so far; {@link #close} warns of them. */
  long skipped() {
    return reader.skipped();
  }

  @Override
  public boolean hasNext() {
    if (next.isEmpty() && read < limit && !exhausted) {
      next = readNext();
      exhausted = next.isEmpty();
    }
    return next.isPresent();
  }

  private Optional<Example> readNext() {
    try {
      return reader.next();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  @Override
  public Example next() {
    if (!hasNext()) {
      throw new NoSuchElementException("data file '" + file.path() + "' holds no further example");
    }
    Example example = next.orElseThrow();
    next = Optional.empty();
    read++;
    return example;
  }

  /** Closes the file, and logs a warning if lines were skipped. */
  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private UncheckedIOException unreadable(IOException e) {
    return new UncheckedIOException("data file '" + file.path() + "' cannot be read", e);
  }
}
